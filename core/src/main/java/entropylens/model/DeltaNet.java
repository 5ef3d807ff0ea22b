package entropylens.model;

import entropylens.kernels.Activation;
import entropylens.kernels.Backend;
import entropylens.kernels.Projection;
import entropylens.model.Stretches.Stretch;
import java.util.List;

/// The gated delta net of a block (Qwen3-Next, Qwen 3.5), for a batch: projections of all rows at
/// once, a short convolution over queries, keys and values, the [DeltaRule] of each head, a norm
/// and a gate. Rows of a session follow each other, so that a text in pieces has the same bits.
final class DeltaNet {
    /// Added to the squared length of a query or key.
    private static final float LENGTH_EPS = 1e-6f;

    private final Backend backend;
    private final BatchRows rows;
    private final MixerShape.DeltaNet shape;
    private final Weights.DeltaNet weights;
    private final List<Stretch> stretches;
    private final float[] raw;
    private final float[] mixed;
    private final float[] gate;
    private final float[] rate;
    private final float[] step;
    private final float[] result;

    DeltaNet(Model model, BatchRows rows, int layer, Weights.DeltaNet weights) {
        this.backend = model.backend();
        this.rows = rows;
        this.shape = (MixerShape.DeltaNet) model.config().mixers().get(layer);
        this.weights = weights;
        this.stretches = Stretches.of(rows, layer);
        int n = rows.count();
        raw = new float[n * shape.channels()];
        mixed = new float[n * shape.channels()];
        gate = new float[n * shape.valueWidth()];
        rate = new float[n * shape.nValueHeads()];
        step = new float[n * shape.nValueHeads()];
        result = new float[n * shape.valueWidth()];
    }

    /// @param input `[rows × d_model]`
    /// @param out `[rows × d_model]`
    void run(float[] input, float[] out) {
        project(input);
        backend.pool().run(stretches.size(), task -> convolve(stretches.get(task)));
        int heads = shape.nValueHeads();
        backend.pool()
                .run(
                        stretches.size() * heads,
                        task -> remember(stretches.get(task / heads), task % heads));
        apply(weights.output(), result, out);
    }

    private void apply(Projection projection, float[] x, float[] out) {
        backend.apply(projection, x, rows.count(), rows.phase(), out);
    }

    private void project(float[] input) {
        switch (weights.inputs()) {
            case Weights.ByKeyHead heads -> {
                float[] vectors = new float[raw.length + gate.length];
                apply(heads.vectors(), input, vectors);
                float[] scalars = new float[rate.length + step.length];
                apply(heads.scalars(), input, scalars);
                separate(vectors, scalars);
            }
            case Weights.Apart apart -> {
                apply(apart.vectors(), input, raw);
                apply(apart.gates(), input, gate);
                apply(apart.rates(), input, rate);
                apply(apart.steps(), input, step);
            }
        }
    }

    /// For each key head its query, its key, then values and gates of its value heads.
    private void separate(float[] vectors, float[] scalars) {
        int dKey = shape.dKey();
        int share = shape.nValueHeads() / shape.nKeyHeads();
        int values = share * shape.dValue();
        int from = 0;
        for (int row = 0; row < rows.count(); row++) {
            for (int head = 0; head < shape.nKeyHeads(); head++) {
                int to = row * shape.channels();
                System.arraycopy(vectors, from, raw, to + head * dKey, dKey);
                to += shape.keyWidth();
                System.arraycopy(vectors, from + dKey, raw, to + head * dKey, dKey);
                to += shape.keyWidth();
                System.arraycopy(vectors, from + 2 * dKey, raw, to + head * values, values);
                int at = (row * shape.nKeyHeads() + head) * values;
                System.arraycopy(vectors, from + 2 * dKey + values, gate, at, values);
                from += 2 * (dKey + values);
            }
        }
        for (int group = 0; group < rows.count() * shape.nKeyHeads(); group++) {
            System.arraycopy(scalars, group * 2 * share, rate, group * share, share);
            System.arraycopy(scalars, (group * 2 + 1) * share, step, group * share, share);
        }
    }

    private void convolve(Stretch stretch) {
        weights.convolution().run(stretch, raw, mixed);
        int n = shape.channels();
        for (int row = stretch.from(); row < stretch.to(); row++) {
            backend.kernels().activate(Activation.SILU, mixed, row * n, n);
        }
    }

    /// One value head of one session.
    private void remember(Stretch stretch, int head) {
        DeltaRule rule = new DeltaRule(shape.dKey(), shape.dValue());
        float[] query = new float[shape.dKey()];
        float[] key = new float[shape.dKey()];
        float[] opened = new float[shape.dValue()];
        int keyHead = head / (shape.nValueHeads() / shape.nKeyHeads());
        double fading = Math.exp(weights.logDecay()[head]);
        for (int row = stretch.from(); row < stretch.to(); row++) {
            int at = row * shape.channels() + keyHead * shape.dKey();
            unitLength(at, (float) (1 / Math.sqrt(shape.dKey())), query);
            unitLength(at + shape.keyWidth(), 1, key);
            int scalar = row * shape.nValueHeads() + head;
            int to = scalar * shape.dValue();
            rule.step(
                    stretch.state().memory(),
                    head * shape.dKey() * shape.dValue(),
                    decay(head, fading, step[scalar]),
                    (float) (1 / (1 + Math.exp(-(double) rate[scalar]))),
                    query,
                    key,
                    mixed,
                    row * shape.channels() + 2 * shape.keyWidth() + head * shape.dValue(),
                    result,
                    to);
            weights.norm().apply(result, to, shape.dValue(), result, to);
            open(to, opened);
        }
    }

    /// `exp(-fading · softplus(step + bias))`.
    ///
    /// @param fading `exp(A_log)`
    private float decay(int head, double fading, float step) {
        double x = (double) step + weights.stepBias()[head];
        double softplus = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
        return (float) Math.exp(-fading * softplus);
    }

    private void unitLength(int from, float scale, float[] to) {
        double squares = 0;
        for (int i = 0; i < to.length; i++) {
            squares += (double) mixed[from + i] * mixed[from + i];
        }
        double factor = scale / Math.sqrt(squares + LENGTH_EPS);
        for (int i = 0; i < to.length; i++) {
            to[i] = (float) (mixed[from + i] * factor);
        }
    }

    /// Multiplies a head's result by the SiLU of its gate.
    private void open(int at, float[] opened) {
        System.arraycopy(gate, at, opened, 0, opened.length);
        backend.kernels().activate(Activation.SILU, opened, 0, opened.length);
        for (int i = 0; i < opened.length; i++) {
            result[at + i] *= opened[i];
        }
    }
}
