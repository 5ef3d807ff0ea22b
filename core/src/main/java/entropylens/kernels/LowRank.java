package entropylens.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A matrix of low rank that is added to another, as its two factors: `scale · B A`.
///
/// @param down A, `rank × inputs`, stored [Matrix.Layout#OUT_IN]
/// @param up B, `outputs × rank`, stored [Matrix.Layout#OUT_IN]
/// @param scale s, which multiplies the product
/// @param gain g of DoRA, one per output: what multiplies a row of the sum, `magnitude / ‖W + s · B
///   A‖`; null where there is none
public record LowRank(Matrix down, Matrix up, float scale, float @Nullable [] gain) {
    public LowRank {
        if (down.outputs() != up.inputs()) {
            throw new IllegalArgumentException(
                    "factors of rank %d and %d".formatted(down.outputs(), up.inputs()));
        }
        if (gain != null && gain.length != up.outputs()) {
            throw new IllegalArgumentException(
                    "%d gains for %d outputs".formatted(gain.length, up.outputs()));
        }
    }

    /// Of the outputs `[from, to)`.
    LowRank outputs(int from, int to) {
        return new LowRank(
                down,
                up.outputs(from, to),
                scale,
                gain == null ? null : Arrays.copyOfRange(gain, from, to));
    }

    /// `‖W[o] + s · (B A)[o]‖₂` for every output o: the length of a row of the sum, which is made
    /// row by row and not kept. Every weight of the sum and its square are double.
    ///
    /// @param weights W
    /// @param pool the threads that compute; they have no influence on the numbers
    public double[] rowNorms(Matrix weights, WorkerPool pool) {
        return new MergedRows(weights, this).norms(pool);
    }
}
