package entropylens.model;

import entropylens.kernels.Backend;
import entropylens.model.Stretches.Stretch;
import java.util.List;

/// The gated short convolution of a block (LFM2, Liquid AI 2025, arXiv 2511.23404), for a batch: b,
/// c and x out of one projection, a convolution over `b ∘ x`, what comes of it times c, and a
/// projection back. Rows of a session follow each other, so that a text in pieces has the same
/// bits.
final class ShortConvolution {
    private final Backend backend;
    private final BatchRows rows;
    private final Weights.ShortConvolution weights;
    private final List<Stretch> stretches;
    private final int channels;
    private final float[] parts;
    private final float[] gated;
    private final float[] mixed;

    ShortConvolution(Model model, BatchRows rows, int layer, Weights.ShortConvolution weights) {
        this.backend = model.backend();
        this.rows = rows;
        this.weights = weights;
        this.stretches = Stretches.of(rows, layer);
        this.channels = weights.convolution().channels();
        int n = rows.count();
        parts = new float[n * 3 * channels];
        gated = new float[n * channels];
        mixed = new float[n * channels];
    }

    /// @param input `[rows × d_model]`
    /// @param out `[rows × d_model]`
    void run(float[] input, float[] out) {
        backend.apply(weights.input(), input, rows.count(), rows.phase(), parts);
        backend.pool().run(stretches.size(), task -> convolve(stretches.get(task)));
        backend.apply(weights.output(), mixed, rows.count(), rows.phase(), out);
    }

    private void convolve(Stretch stretch) {
        for (int row = stretch.from(); row < stretch.to(); row++) {
            int from = row * 3 * channels;
            multiply(from, parts, from + 2 * channels, gated, row * channels);
        }
        weights.convolution().run(stretch, gated, mixed);
        for (int row = stretch.from(); row < stretch.to(); row++) {
            int from = row * 3 * channels + channels;
            multiply(from, mixed, row * channels, mixed, row * channels);
        }
    }

    /// `to = parts ∘ other`, one row's channels.
    private void multiply(int at, float[] other, int otherAt, float[] to, int toAt) {
        for (int i = 0; i < channels; i++) {
            to[toAt + i] = parts[at + i] * other[otherAt + i];
        }
    }
}
