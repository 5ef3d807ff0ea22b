package entropylens.model;

import org.jspecify.annotations.Nullable;

/// The weights of one norm, and its arithmetic.
///
/// @param weight one or several vectors of `width` weights, used in turn: norms of queries and keys
///   may have one for each head
/// @param bias as many as there are weights, or null where the norm has none
/// @param width how many neighbours are normed together
public record NormWeights(Norm norm, float[] weight, float @Nullable [] bias, int width) {
    public NormWeights {
        if (width < 1 || weight.length % width != 0) {
            throw new IllegalArgumentException(
                    "%d weights do not norm vectors of %d".formatted(weight.length, width));
        }
    }

    /// A norm over whole rows.
    public NormWeights(Norm norm, float[] weight, float @Nullable [] bias) {
        this(norm, weight, bias, weight.length);
    }

    /// `out = norm(x)` for `count` floats, `width` by `width`. Statistics are summed in float64;
    /// `x` and `out` may be the same.
    ///
    /// @param count a multiple of the number of weights
    public void apply(float[] x, int xOffset, int count, float[] out, int outOffset) {
        for (int i = 0; i < count; i += width) {
            applyTo(x, xOffset + i, out, outOffset + i, i % weight.length);
        }
    }

    private void applyTo(float[] x, int from, float[] out, int to, int weights) {
        double mean = norm instanceof Norm.Layer ? mean(x, from) : 0;
        double squares = 0;
        for (int i = 0; i < width; i++) {
            double centred = x[from + i] - mean;
            squares += centred * centred;
        }
        double scale = 1 / Math.sqrt(squares / width + norm.eps());
        for (int i = 0; i < width; i++) {
            float normed = (float) ((x[from + i] - mean) * scale);
            float scaled = normed * weight[weights + i];
            out[to + i] = bias == null ? scaled : scaled + bias[weights + i];
        }
    }

    /// The derivative taken backwards: of `out = norm(x)`, with g by `out`, what it is by `x`.
    ///
    /// @param x as it was before the norm
    /// @param count a multiple of the number of weights
    /// @param by as many as x; may be g
    public void pullBack(float[] x, int xOffset, int count, float[] g, float[] by, int offset) {
        for (int i = 0; i < count; i += width) {
            pullBackOf(x, xOffset + i, g, by, offset + i, i % weight.length);
        }
    }

    private void pullBackOf(float[] x, int from, float[] g, float[] by, int at, int weights) {
        boolean centres = norm instanceof Norm.Layer;
        double mean = centres ? mean(x, from) : 0;
        double squares = 0;
        double sum = 0;
        double along = 0;
        for (int i = 0; i < width; i++) {
            double centred = x[from + i] - mean;
            double weighted = (double) g[at + i] * weight[weights + i];
            squares += centred * centred;
            sum += weighted;
            along += weighted * centred;
        }
        double scale = 1 / Math.sqrt(squares / width + norm.eps());
        double shift = centres ? sum / width : 0;
        double shrink = along * scale * scale / width;
        for (int i = 0; i < width; i++) {
            double weighted = (double) g[at + i] * weight[weights + i];
            double centred = x[from + i] - mean;
            by[at + i] = (float) (scale * (weighted - shift - shrink * centred));
        }
    }

    private double mean(float[] x, int from) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += x[from + i];
        }
        return sum / width;
    }
}
