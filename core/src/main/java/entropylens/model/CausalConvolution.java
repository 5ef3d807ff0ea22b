package entropylens.model;

import entropylens.model.Stretches.Stretch;
import org.jspecify.annotations.Nullable;

/// A convolution over the last tokens, each channel by itself: `out[p][c] = bias[c] + Σ_t
/// weights[t][c] · x[p - taps + 1 + t][c]`, summed from the oldest token to the newest. What came
/// before the first token is 0.
///
/// @param weights `[taps][channels]`
/// @param bias `[channels]`, or null for 0
public record CausalConvolution(int taps, float[] weights, float @Nullable [] bias) {
    public CausalConvolution {
        if (taps < 1 || weights.length % taps != 0) {
            throw new IllegalArgumentException(
                    "%d weights do not make a convolution over %d tokens"
                            .formatted(weights.length, taps));
        }
    }

    /// Channels of a row.
    public int channels() {
        return weights.length / taps;
    }

    /// Rows of one session, after which its state holds the last of `x`.
    ///
    /// @param x `[rows × channels]`
    /// @param out `[rows × channels]`, another array than `x`
    void run(Stretch stretch, float[] x, float[] out) {
        for (int row = stretch.from(); row < stretch.to(); row++) {
            run(stretch, row, x, out);
        }
        remember(stretch, x);
    }

    private void run(Stretch stretch, int row, float[] x, float[] out) {
        int n = channels();
        int to = row * n;
        for (int c = 0; c < n; c++) {
            out[to + c] = bias == null ? 0 : bias[c];
        }
        float[] recent = stretch.state().recent();
        for (int tap = 0; tap < taps; tap++) {
            int source = row - taps + 1 + tap;
            boolean before = source < stretch.from();
            float[] from = before ? recent : x;
            int at = (before ? source - stretch.from() + taps - 1 : source) * n;
            for (int c = 0; c < n; c++) {
                out[to + c] += weights[tap * n + c] * from[at + c];
            }
        }
    }

    private void remember(Stretch stretch, float[] x) {
        int n = channels();
        float[] recent = stretch.state().recent();
        int kept = Math.max(0, taps - 1 - (stretch.to() - stretch.from()));
        System.arraycopy(recent, recent.length - kept * n, recent, 0, kept * n);
        int fresh = taps - 1 - kept;
        System.arraycopy(x, (stretch.to() - fresh) * n, recent, kept * n, fresh * n);
    }
}
