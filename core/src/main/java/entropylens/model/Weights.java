package entropylens.model;

import entropylens.kernels.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything a model has learned. Matrices are mapped; norms and biases, which are small, are
/// float arrays.
///
/// @param embed W_E, `d_vocab × d_model`, one row per token
/// @param positions `n_ctx × d_model` for learned positions, else null
/// @param unembed W_U as `d_vocab` outputs of `d_model` inputs
/// @param unembedBias b_U, `[d_vocab]`, or null
public record Weights(
        Matrix embed,
        @Nullable Matrix positions,
        List<Block> blocks,
        NormWeights lnFinal,
        Matrix unembed,
        float @Nullable [] unembedBias) {

    /// A projection.
    public record Linear(Matrix matrix, float @Nullable [] bias) {}

    /// One block.
    public record Block(
            NormWeights ln1,
            Linear query,
            Linear key,
            Linear value,
            Linear attentionOutput,
            NormWeights ln2,
            Mlp mlp) {}

    /// `down(activation(gate x) · up x)`, or `down(activation(up x))` where there is no gate.
    public record Mlp(@Nullable Linear gate, Linear up, Linear down) {}

    public Weights {
        blocks = List.copyOf(blocks);
    }
}
