package entropylens.model;

import entropylens.kernels.Activation;
import entropylens.kernels.Backend;
import entropylens.kernels.Projection;
import entropylens.model.Stretches.Stretch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The selective scan of a block (Mamba; Gu and Dao 2023, arXiv 2312.00752, section 3), for a
/// batch. Out of each channel's convolution x come a step Δ for each channel, and B and C for all of
/// them; then token by token, in float32, for each channel and state s:
///
///     h[s] = exp(-rate[s] · Δ) · h[s] + B[s] · (Δ · x);  out = (Σ_s C[s] · h[s] + D · x) · SiLU(gate)
///
/// States are summed in order, so that a channel's bits depend on nothing beside it. Rows of a
/// session follow each other, so that a text in pieces has the same bits.
final class SelectiveScan {
    /// Channels that one task takes, whatever the number of threads.
    private static final int BLOCK = 256;

    private final Backend backend;
    private final Activation activation;
    private final BatchRows rows;
    private final MixerShape.SelectiveScan shape;
    private final Weights.SelectiveScan weights;
    private final List<Stretch> stretches;
    private final float[] raw;
    private final float[] gate;
    private final float[] mixed;
    private final float[] parameters;
    private final float[] narrow;
    private final float[] step;
    private final float[] result;

    SelectiveScan(Model model, BatchRows rows, int layer, Weights.SelectiveScan weights) {
        this.backend = model.backend();
        this.activation = model.config().activation();
        this.rows = rows;
        this.shape = (MixerShape.SelectiveScan) model.config().mixers().get(layer);
        this.weights = weights;
        this.stretches = Stretches.of(rows, layer);
        int channels = rows.count() * shape.channels();
        raw = new float[channels];
        gate = new float[channels];
        mixed = new float[channels];
        parameters = new float[rows.count() * (shape.rank() + 2 * shape.states())];
        narrow = new float[rows.count() * shape.rank()];
        step = new float[channels];
        result = new float[channels];
    }

    /// @param input `[rows × d_model]`
    /// @param out `[rows × d_model]`
    void run(float[] input, float[] out) {
        apply(weights.input(), input, raw);
        apply(weights.gate(), input, gate);
        backend.pool().run(stretches.size(), task -> convolve(stretches.get(task)));
        apply(weights.parameters(), mixed, parameters);
        separate();
        apply(weights.step(), narrow, step);
        int blocks = Math.ceilDiv(shape.channels(), BLOCK);
        backend.pool()
                .run(
                        stretches.size() * blocks,
                        task -> scan(stretches.get(task / blocks), task % blocks * BLOCK));
        apply(weights.output(), result, out);
    }

    private void apply(Projection projection, float[] x, float[] out) {
        backend.apply(projection, x, rows.count(), rows.phase(), out);
    }

    private void convolve(Stretch stretch) {
        weights.convolution().run(stretch, raw, mixed);
        int n = shape.channels();
        for (int row = stretch.from(); row < stretch.to(); row++) {
            backend.kernels().activate(activation, mixed, row * n, n);
        }
    }

    /// What steps come out of, next to each other; and all three normed.
    private void separate() {
        int rank = shape.rank();
        int states = shape.states();
        for (int row = 0; row < rows.count(); row++) {
            int from = row * (rank + 2 * states);
            System.arraycopy(parameters, from, narrow, row * rank, rank);
            norm(weights.stepNorm(), narrow, row * rank, rank);
            norm(weights.bNorm(), parameters, from + rank, states);
            norm(weights.cNorm(), parameters, from + rank + states, states);
        }
    }

    private static void norm(@Nullable NormWeights norm, float[] x, int from, int count) {
        if (norm != null) {
            norm.apply(x, from, count, x, from);
        }
    }

    /// Some channels of one session.
    private void scan(Stretch stretch, int first) {
        int count = Math.min(BLOCK, shape.channels() - first);
        float[] fading = new float[count];
        float[] moved = new float[count];
        for (int row = stretch.from(); row < stretch.to(); row++) {
            int at = row * shape.channels() + first;
            for (int c = 0; c < count; c++) {
                step[at + c] = softplus(step[at + c], weights.stepBias()[first + c]);
                moved[c] = step[at + c] * mixed[at + c];
            }
            advance(stretch.state().memory(), first, row, fading, moved);
            backend.kernels().activate(Activation.SILU, gate, at, count);
            for (int c = 0; c < count; c++) {
                float skipped = weights.skip()[first + c] * mixed[at + c];
                result[at + c] = (result[at + c] + skipped) * gate[at + c];
            }
        }
    }

    private static float softplus(float step, float bias) {
        double x = (double) step + bias;
        return (float) (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
    }

    /// One token: all states of some channels, and into `result` what C reads of them.
    ///
    /// @param memory h, `[states][channels]`
    /// @param fading scratch
    /// @param moved Δ · x
    private void advance(float[] memory, int first, int row, float[] fading, float[] moved) {
        int channels = shape.channels();
        int states = shape.states();
        int at = row * channels + first;
        int b = row * (shape.rank() + 2 * states) + shape.rank();
        for (int s = 0; s < states; s++) {
            int h = s * channels + first;
            for (int c = 0; c < moved.length; c++) {
                fading[c] = -weights.rates()[h + c] * step[at + c];
            }
            backend.kernels().exp(fading, 0, fading.length);
            float in = parameters[b + s];
            float out = parameters[b + states + s];
            for (int c = 0; c < moved.length; c++) {
                memory[h + c] = fading[c] * memory[h + c] + in * moved[c];
                result[at + c] += out * memory[h + c];
            }
        }
    }
}
