package entropylens.cli;

import entropylens.hub.HubException;
import entropylens.hub.ModelName;
import entropylens.pull.Pull;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `entropy-lens pull`: a model from the Hugging Face hub into the cache.
@Command(
        name = "pull",
        description = {
            "Downloads a model from the Hugging Face hub and prints its directory; of a model in GGUF, its file.",
            "",
            "It goes where Python's huggingface_hub keeps it, ~/.cache/huggingface/hub or HF_HUB_CACHE, and only what is needed to run it and not there yet: configuration, tokenizer and weights; of a model in GGUF, the file of that quantisation, with all its parts. An interrupted download goes on where it stopped. Gated and private models need an access token, in HF_TOKEN or from 'hf auth login'.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  entropy-lens pull gpt2",
            "  entropy-lens pull Qwen/Qwen3-0.6B --revision main",
            "  entropy-lens pull Qwen/Qwen3-0.6B-GGUF:Q8_0"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PullCommand implements Runnable {
    @Spec CommandSpec spec;

    @ParentCommand Main main;

    @Parameters(
            paramLabel = "ID",
            description =
                    "The model's name on the hub, as in gpt2 or Qwen/Qwen3-0.6B; @REVISION may follow, and :QUANTISATION of a model in GGUF.")
    String name;

    @Option(
            names = "--revision",
            paramLabel = "REVISION",
            description = "A branch, a tag or a commit hash (default: main).")
    @Nullable String revision;

    @Override
    public void run() {
        ModelName model = model();
        Path path;
        try (TransferLine line =
                TransferLine.start(spec.commandLine().getErr(), model.toString())) {
            path = Pull.model(model, main.hub(), line);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(path);
        out.flush();
    }

    private ModelName model() {
        if (revision != null && name.contains("@")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "the revision is given twice, after @ and with --revision; choose one");
        }
        try {
            ModelName model = ModelName.parse(name);
            return revision == null
                    ? model
                    : new ModelName(model.id().at(revision), model.quantisation());
        } catch (HubException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
