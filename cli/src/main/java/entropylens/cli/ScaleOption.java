package entropylens.cli;

import entropylens.hook.Intervention;
import entropylens.hook.ScaledBlock;
import entropylens.model.DecoderConfig;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Factors on what the halves of some blocks add.
final class ScaleOption {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli fills it
    CommandSpec spec;

    @Option(
            names = "--scale-blocks",
            split = ",",
            paramLabel = "L:A:M",
            description =
                    "Multiply what attention (A) and what the MLP (M) of block L add to the stream. 3:0:1 skips attention of block 3, 3:1:0 its MLP, 3:0.5:0.5 halves both.")
    String @Nullable [] words;

    /// `intervention`, with these factors.
    ///
    /// @throws ParameterException when they make no sense
    Intervention on(Intervention intervention) {
        try {
            return intervention.scaled(blocks());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--scale-blocks " + e.getMessage());
        }
    }

    private List<ScaledBlock> blocks() {
        return words == null ? List.of() : Arrays.stream(words).map(ScaledBlock::parse).toList();
    }

    /// @throws CliException when a model has no such block, or the block no such half
    void requireIn(DecoderConfig config) {
        try {
            config.requireTakes(blocks());
        } catch (IllegalArgumentException e) {
            throw new CliException("--scale-blocks: " + e.getMessage(), e);
        }
    }
}
