package entropylens.model;

import entropylens.kernels.Activation;
import entropylens.kernels.Backend;
import entropylens.model.Stretches.Stretch;
import java.util.List;

/// The state space of a block (Mamba-2, Dao and Gu 2024, arXiv 2405.21060), for a batch: one
/// projection to gates, inputs x, B, C and steps; a short convolution over x, B and C; a recurrence
/// for each head; gate and norm; a projection back. The recurrence goes token by token, in float32:
///
///     S = exp(-rate · step) S + step · B xᵀ;  y = Cᵀ S + D x
///
/// Rows of a session follow each other, so that a text in pieces has the same bits.
final class StateSpace {
    private final Backend backend;
    private final BatchRows rows;
    private final MixerShape.StateSpace shape;
    private final Weights.StateSpace weights;
    private final List<Stretch> stretches;
    private final int width;
    private final float[] projected;
    private final float[] raw;
    private final float[] mixed;
    private final float[] result;

    StateSpace(
            Model model,
            BatchRows rows,
            int layer,
            MixerShape.StateSpace shape,
            Weights.StateSpace weights) {
        this.backend = model.backend();
        this.rows = rows;
        this.shape = shape;
        this.weights = weights;
        this.stretches = Stretches.of(rows, layer);
        int n = rows.count();
        width = shape.projectedWidth();
        projected = new float[n * width];
        raw = new float[n * shape.channels()];
        mixed = new float[n * shape.channels()];
        result = new float[n * shape.innerWidth()];
    }

    /// @param input `[rows × d_model]`
    /// @param out `[rows × d_model]`
    void run(float[] input, float[] out) {
        backend.apply(weights.input(), input, rows.count(), rows.phase(), projected);
        backend.pool().run(stretches.size(), task -> convolve(stretches.get(task)));
        int heads = shape.nHeads();
        backend.pool()
                .run(
                        stretches.size() * heads,
                        task -> remember(stretches.get(task / heads), task % heads));
        backend.pool().run(rows.count(), this::finish);
        backend.apply(weights.output(), result, rows.count(), rows.phase(), out);
    }

    private void convolve(Stretch stretch) {
        int n = shape.channels();
        for (int row = stretch.from(); row < stretch.to(); row++) {
            System.arraycopy(projected, row * width + shape.innerWidth(), raw, row * n, n);
        }
        weights.convolution().run(stretch, raw, mixed);
        for (int row = stretch.from(); row < stretch.to(); row++) {
            backend.kernels().activate(Activation.SILU, mixed, row * n, n);
        }
    }

    /// One head of one session.
    private void remember(Stretch stretch, int head) {
        float[] memory = stretch.state().memory();
        int dHead = shape.dHead();
        float[] taken = new float[dHead];
        double rate = Math.exp(weights.logDecay()[head]);
        int group = head / (shape.nHeads() / shape.nGroups()) * shape.dState();
        for (int row = stretch.from(); row < stretch.to(); row++) {
            float step = step(row, head);
            int x = row * shape.channels() + head * dHead;
            for (int i = 0; i < dHead; i++) {
                taken[i] = step * mixed[x + i];
            }
            int b = row * shape.channels() + shape.innerWidth() + group;
            int to = row * shape.innerWidth() + head * dHead;
            float decay = (float) Math.exp(-rate * step);
            recur(memory, head * shape.dState() * dHead, decay, taken, b, to);
            for (int i = 0; i < dHead; i++) {
                result[to + i] += weights.skip()[head] * mixed[x + i];
            }
        }
    }

    /// One token of one head.
    ///
    /// @param memory S, `[dState][dHead]` from `at` on, changed in place
    /// @param taken what it takes in, times its step
    /// @param b where B is in `mixed`; C is as far behind as all groups are wide
    /// @param to where in `result` what it reads goes
    private void recur(float[] memory, int at, float decay, float[] taken, int b, int to) {
        int dHead = taken.length;
        int behind = shape.nGroups() * shape.dState();
        for (int i = 0; i < dHead; i++) {
            result[to + i] = 0;
        }
        for (int state = 0; state < shape.dState(); state++) {
            float in = mixed[b + state];
            float out = mixed[b + behind + state];
            int from = at + state * dHead;
            for (int i = 0; i < dHead; i++) {
                memory[from + i] = memory[from + i] * decay + taken[i] * in;
                result[to + i] += memory[from + i] * out;
            }
        }
    }

    /// `softplus(step + bias)`, within its limits.
    private float step(int row, int head) {
        float given = projected[row * width + shape.innerWidth() + shape.channels() + head];
        double x = (double) given + weights.stepBias()[head];
        double softplus = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
        return (float) Math.min(Math.max(softplus, weights.minStep()), weights.maxStep());
    }

    /// Gate and norm of one row.
    private void finish(int row) {
        boolean normFirst = weights.normBeforeGate();
        if (normFirst) {
            norm(row);
        }
        open(row);
        if (!normFirst) {
            norm(row);
        }
    }

    private void norm(int row) {
        NormWeights norm = weights.norm();
        int n = shape.innerWidth();
        if (norm != null) {
            norm.apply(result, row * n, n, result, row * n);
        }
    }

    /// Multiplies a row by the SiLU of its gates.
    private void open(int row) {
        int n = shape.innerWidth();
        int gate = row * width;
        backend.kernels().activate(Activation.SILU, projected, gate, n);
        for (int i = 0; i < n; i++) {
            result[row * n + i] *= projected[gate + i];
        }
    }
}
