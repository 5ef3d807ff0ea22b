package entropylens.kernels;

import org.jspecify.annotations.Nullable;

/// Applies operators that consist of others, for any backend: [Adapted] and [Scaled] come down to
/// products with single matrices.
public final class ComposedProducts {
    /// What a backend does itself.
    @FunctionalInterface
    public interface Product {
        /// `out[r] = W x[r] + bias` for all rows r, with one matrix.
        void apply(Linear linear, float[] x, int rows, float[] out);
    }

    private ComposedProducts() {}

    /// `out[r] = W x[r] + bias` for all rows r.
    ///
    /// @param x `rows × inputs`
    /// @param out `rows × outputs`, overwritten
    public static void apply(
            Projection projection, float[] x, int rows, float[] out, Product product) {
        switch (projection) {
            case Linear linear -> product.apply(linear, x, rows, out);
            case Scaled scaled -> apply(scaled, x, rows, out, product);
            case Adapted adapted -> {
                product.apply(adapted.base(), x, rows, out);
                for (LowRank update : adapted.updates()) {
                    add(update, adapted.base().bias(), x, rows, out, product);
                }
            }
        }
    }

    /// See [Scaled].
    private static void apply(Scaled scaled, float[] x, int rows, float[] out, Product product) {
        float[] taken = x;
        if (scaled.before() != 1) {
            taken = new float[rows * scaled.inputs()];
            for (int i = 0; i < taken.length; i++) {
                taken[i] = scaled.before() * x[i];
            }
        }
        apply(scaled.inner(), taken, rows, out, product);
        int outputs = scaled.outputs();
        for (int row = 0; row < rows; row++) {
            for (int o = 0; o < outputs; o++) {
                out[row * outputs + o] *= scaled.after()[o];
            }
        }
    }

    /// See [Adapted].
    private static void add(
            LowRank update,
            float @Nullable [] bias,
            float[] x,
            int rows,
            float[] out,
            Product product) {
        int outputs = update.up().outputs();
        float[] inner = new float[rows * update.down().outputs()];
        product.apply(new Linear(update.down(), null), x, rows, inner);
        float[] added = new float[rows * outputs];
        product.apply(new Linear(update.up(), null), inner, rows, added);
        float[] gain = update.gain();
        for (int i = 0; i < added.length; i++) {
            float scaled = added[i] * update.scale();
            if (gain == null) {
                out[i] += scaled;
            } else {
                int o = i % outputs;
                float unbiased = bias == null ? out[i] : out[i] - bias[o];
                out[i] += (gain[o] - 1) * unbiased + gain[o] * scaled;
            }
        }
    }
}
