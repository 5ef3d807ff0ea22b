package entropylens.model;

import org.jspecify.annotations.Nullable;

/// The weights of one norm, and its arithmetic.
///
/// @param weight `[d_model]`
/// @param bias `[d_model]`, or null where the norm has none
public record NormWeights(Norm norm, float[] weight, float @Nullable [] bias) {
    /// `out = norm(x)` for `rows` rows. Statistics of a row are summed in float64; the input is
    /// left as it is.
    ///
    /// @param x rows of `d_model` floats, from `xOffset` on
    /// @param out rows of `d_model` floats, from 0 on
    public void apply(float[] x, int xOffset, int rows, float[] out) {
        int d = weight.length;
        for (int r = 0; r < rows; r++) {
            applyRow(x, xOffset + r * d, out, r * d);
        }
    }

    private void applyRow(float[] x, int from, float[] out, int to) {
        int d = weight.length;
        double mean = norm instanceof Norm.Layer ? mean(x, from, d) : 0;
        double squares = 0;
        for (int i = 0; i < d; i++) {
            double centred = x[from + i] - mean;
            squares += centred * centred;
        }
        double scale = 1 / Math.sqrt(squares / d + norm.eps());
        for (int i = 0; i < d; i++) {
            float normed = (float) ((x[from + i] - mean) * scale);
            float scaled = normed * weight[i];
            out[to + i] = bias == null ? scaled : scaled + bias[i];
        }
    }

    private static double mean(float[] x, int from, int d) {
        double sum = 0;
        for (int i = 0; i < d; i++) {
            sum += x[from + i];
        }
        return sum / d;
    }
}
