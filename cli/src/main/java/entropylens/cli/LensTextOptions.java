package entropylens.cli;

import entropylens.family.LoadedModel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Texts that a lens is fitted on, or lenses are compared on.
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class LensTextOptions {
    @Spec(Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--prompts",
            required = true,
            paramLabel = "FILE",
            description =
                    "Texts: JSON Lines, a JSON list, CSV, Parquet or plain text, a file or a folder of them; - for standard input. May be given several times. To compare lenses, none that either was fitted on.")
    List<Path> prompts;

    @Option(
            names = "--prompt-column",
            paramLabel = "NAME",
            description = "Column with the texts (default: prompt, text or question).")
    @Nullable String column;

    @Option(
            names = "--length",
            paramLabel = "T",
            defaultValue = "256",
            description = "Tokens of a text that are used (default: ${DEFAULT-VALUE}).")
    int length;

    /// @throws ParameterException when they make no sense
    void requireSensible(int skipped) {
        requireAtLeast("--length", length, 2);
        requireAtLeast("--skip-positions", skipped, 0);
    }

    /// @throws ParameterException when an option is less
    void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s must be at least %d, but is %d".formatted(option, least, value));
        }
    }

    /// The tokens of the texts.
    ///
    /// @param input of [#prompts], open
    /// @param skipped first positions of a text that are left out
    LensTexts read(BatchInput input, LoadedModel loaded, int skipped) {
        int most = Math.min(length, loaded.model().config().nCtx());
        return LensTexts.read(
                input.files(), column, loaded, new ModelText(loaded.directory()), most, skipped);
    }
}
