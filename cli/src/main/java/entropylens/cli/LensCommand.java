package entropylens.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `entropy-lens lens`: lenses that `profile --lens` looks through.
@Command(
        name = "lens",
        description = "Fits a lens on texts, compares two, or shows what is in the file of one.",
        subcommands = {
            LensFitCommand.class,
            LensCompareCommand.class,
            LensShowCommand.class,
            HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  entropy-lens lens fit --model gpt2 --prompts texts.jsonl -o gpt2.safetensors",
            "  entropy-lens lens fit --model gpt2 --prompts texts.jsonl --kind tuned -o tuned.safetensors",
            "  entropy-lens lens compare a.safetensors b.safetensors --model gpt2 --prompts others.jsonl",
            "  entropy-lens lens show gpt2.safetensors",
            "  entropy-lens profile --model gpt2 --lens gpt2.safetensors \"Once upon a time\""
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class LensCommand implements Runnable {
    @Spec CommandSpec spec;

    @ParentCommand Main main;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is needed: fit, compare or show");
    }
}
