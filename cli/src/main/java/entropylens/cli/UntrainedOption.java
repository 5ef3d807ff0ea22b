package entropylens.cli;

import entropylens.family.LoadOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A model before it has learned anything, for the commands that look at one model.
final class UntrainedOption {
    @Option(
            names = "--untrained",
            paramLabel = "SEED",
            description =
                    "Instead of the checkpoint's weights, random ones as training begins with, drawn from this seed: the same model before it has learned anything. Recorded in the result.")
    @Nullable Long seed;

    /// `options`, with the seed if one is given.
    LoadOptions of(LoadOptions options) {
        return seed == null ? options : options.untrained(seed);
    }
}
