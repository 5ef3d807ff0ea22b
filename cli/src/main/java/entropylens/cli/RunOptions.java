package entropylens.cli;

import entropylens.hook.Intervention;
import entropylens.model.Sampling;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// How prompts are run: what is generated from each, at which positions it is measured, and what
/// the blocks do.
final class RunOptions {
    private static final int DEFAULT_TOKENS = 32;

    /// Where the measured positions lie.
    enum MeasuredPositions {
        GENERATED,
        PROMPT
    }

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli fills it
    CommandSpec spec;

    @Option(
            names = "--tokens",
            paramLabel = "T",
            description = "Tokens to generate (default: " + DEFAULT_TOKENS + ").")
    @Nullable Integer tokens;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            defaultValue = "0",
            description =
                    "Divides the logits before sampling; 0 is greedy (default: ${DEFAULT-VALUE}).")
    double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description =
                    "Sample among the most probable tokens that reach P (default: ${DEFAULT-VALUE}, all).")
    double topP;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Seed of the sampling; each text draws from it and its own number (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "1",
            description = "Texts to sample from a prompt (default: ${DEFAULT-VALUE}).")
    int samples;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Texts that run together (default: ${DEFAULT-VALUE}).")
    int batch;

    @Option(
            names = "--ignore-eos",
            description = "Generate all T tokens, past the token that ends a text.")
    boolean ignoreEos;

    @Option(
            names = "--positions",
            paramLabel = "WHERE",
            description =
                    "generated: the positions that predict the generated tokens (default). prompt: every position of the prompt, nothing is generated.")
    @Nullable MeasuredPositions positions;

    @Option(names = "--embedding", description = "Add layer 0, the stream before the first block.")
    boolean embedding;

    @Option(
            names = "--skip-blocks",
            split = ",",
            paramLabel = "L",
            description =
                    "Skip these blocks, numbered 1..L like the layers they make (block 1 is TransformerLens' blocks.0).")
    int @Nullable [] skipBlocks;

    /// Refuses what makes no sense whatever the model is.
    ///
    /// @param nothingGenerated why nothing is generated, or null where something is
    /// @throws ParameterException that names the option
    void requireSensible(@Nullable String nothingGenerated) {
        requireAtLeast("--samples", samples, 1);
        requireAtLeast("--batch", batch, 1);
        requireBlocks();
        if (nothingGenerated == null) {
            requireAtLeast("--tokens", tokens(), 1);
        } else if (tokens != null || temperature != 0) {
            throw wrong(
                    "%s generates nothing; leave out %s"
                            .formatted(
                                    nothingGenerated,
                                    tokens != null ? "--tokens" : "--temperature"));
        }
        if (samples > 1 && temperature == 0) {
            throw wrong(
                    "%d samples would all be the same %s"
                            .formatted(
                                    samples,
                                    nothingGenerated == null
                                            ? "without a --temperature above 0"
                                            : "with " + nothingGenerated));
        }
        if (topP != 1 && temperature == 0) {
            throw wrong("--top-p has no effect without a --temperature above 0");
        }
    }

    private void requireBlocks() {
        Set<Integer> seen = new HashSet<>();
        for (int block : blocks()) {
            requireAtLeast("--skip-blocks", block, 1);
            if (!seen.add(block)) {
                throw wrong("--skip-blocks names block %d twice".formatted(block));
            }
        }
    }

    void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw wrong("%s must be at least %d, but is %d".formatted(option, least, value));
        }
    }

    ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    boolean ofPrompt() {
        return positions == MeasuredPositions.PROMPT;
    }

    int tokens() {
        return tokens == null ? DEFAULT_TOKENS : tokens;
    }

    /// @throws ParameterException when the numbers make no sense
    Sampling sampling() {
        try {
            return new Sampling(temperature, topP, seed);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private int[] blocks() {
        return skipBlocks == null ? new int[0] : skipBlocks;
    }

    Intervention intervention() {
        return Intervention.skip(Arrays.stream(blocks()).map(block -> block - 1).toArray());
    }

    /// @throws CliException when a block is to be skipped that a model has not
    void requireBlocksOf(int nLayers) {
        for (int block : blocks()) {
            if (block > nLayers) {
                throw new CliException(
                        "--skip-blocks: there is no block %d; this model has blocks 1..%d"
                                .formatted(block, nLayers));
            }
        }
    }
}
