package entropylens.model;

import org.jspecify.annotations.Nullable;

/// The stream after the last block, row by row, where the forward pass left it.
public interface LastRows extends AutoCloseable {
    /// All of it, `[rows × d_model]`, not normed.
    float[] floats();

    /// Some rows of it.
    float[] floats(int[] rows);

    /// The token with the largest logit after each of these rows, the first of equal ones, as the
    /// model's readout gives them: so logits need not leave a device. Null where whoever computes
    /// does not do that; −1 where a logit is NaN or infinite, or none is finite.
    default int @Nullable [] mostProbable(int[] rows) {
        return null;
    }

    /// Gives their memory back.
    @Override
    default void close() {}
}
