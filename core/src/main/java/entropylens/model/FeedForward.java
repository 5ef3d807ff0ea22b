package entropylens.model;

import entropylens.hook.HookPoint.Site;
import entropylens.kernels.Backend;
import entropylens.kernels.Phase;
import entropylens.kernels.Projection;
import entropylens.kernels.Xielu;
import org.jspecify.annotations.Nullable;

/// What a block computes beside attention, for a batch: an MLP, or experts that rows are routed to.
final class FeedForward {
    private final DecoderConfig config;
    private final Backend backend;
    private final BatchRows rows;

    FeedForward(Model model, BatchRows rows) {
        this.config = model.config();
        this.backend = model.backend();
        this.rows = rows;
    }

    /// @param input what is read of the stream, `[rows × d_model]`
    /// @param out what comes of it, before any norm, `[rows × d_model]`
    void run(int layer, Weights.FeedForward weights, float[] input, float[] out) {
        switch (weights) {
            case Weights.Mlp mlp -> run(mlp, input, rows.count(), rows.phase(), out);
            case Weights.Experts experts -> route(layer, experts, input, input, out);
            case Weights.MlpAndExperts both -> both(layer, both, input, out);
        }
    }

    /// @param forRouter what the router reads, `[rows × d_model]`
    private void route(
            int layer, Weights.Experts experts, float[] forRouter, float[] input, float[] out) {
        int n = rows.count();
        int count = experts.experts().size();
        float[] logits = new float[n * count];
        float[] shares = new float[n * count];
        new ExpertPass(this, backend, rows.phase(), n, config.dModel())
                .run(experts, forRouter, input, logits, shares, out);
        rows.show(Site.ROUTER_LOGITS, layer, logits, count);
        rows.show(Site.EXPERT_SHARES, layer, shares, count);
    }

    private void both(int layer, Weights.MlpAndExperts weights, float[] x, float[] out) {
        float[] normed = new float[out.length];
        float[] added = new float[out.length];
        weights.mlpNorm().apply(x, 0, x.length, normed, 0);
        run(weights.mlp(), normed, rows.count(), rows.phase(), out);
        finish(weights.mlp().postNorm(), out);
        float[] forRouter = new float[out.length];
        weights.routerNorm().apply(x, 0, x.length, forRouter, 0);
        weights.expertsNorm().apply(x, 0, x.length, normed, 0);
        route(layer, weights.experts(), forRouter, normed, added);
        finish(weights.experts().postNorm(), added);
        for (int i = 0; i < out.length; i++) {
            out[i] += added[i];
        }
    }

    private static void finish(@Nullable NormWeights norm, float[] values) {
        if (norm != null) {
            norm.apply(values, 0, values.length, values, 0);
        }
    }

    /// One MLP, on `n` rows.
    void run(Weights.Mlp mlp, float[] input, int n, Phase phase, float[] out) {
        int width = mlp.up().outputs();
        float[] up = new float[n * width];
        backend.apply(mlp.up(), input, n, phase, up);
        backend.apply(
                mlp.down(),
                switch (mlp.gating()) {
                    case PLAIN -> plain(mlp, input, n, phase, up);
                    case CLAMPED -> clamped(mlp, input, n, phase, up);
                },
                n,
                phase,
                out);
    }

    private float[] plain(Weights.Mlp mlp, float[] input, int n, Phase phase, float[] up) {
        int width = mlp.up().outputs();
        Projection gateProjection = mlp.gate();
        if (gateProjection == null) {
            activate(mlp, up, n);
        } else {
            float[] gate = new float[n * width];
            backend.apply(gateProjection, input, n, phase, gate);
            activate(mlp, gate, n);
            for (int i = 0; i < gate.length; i++) {
                up[i] *= gate[i];
            }
        }
        return up;
    }

    private float[] clamped(Weights.Mlp mlp, float[] input, int n, Phase phase, float[] up) {
        Projection gateProjection = mlp.gate();
        if (gateProjection == null) {
            return clampedPairs(up, n);
        }
        float[] gate = new float[up.length];
        backend.apply(gateProjection, input, n, phase, gate);
        int width = up.length / n;
        backend.pool()
                .run(
                        n,
                        row -> {
                            for (int i = row * width; i < (row + 1) * width; i++) {
                                up[i] = Gating.clamped(gate[i], up[i]);
                            }
                        });
        return up;
    }

    private float[] clampedPairs(float[] pairs, int n) {
        float[] mixed = new float[pairs.length / 2];
        int width = mixed.length / n;
        backend.pool()
                .run(
                        n,
                        row -> {
                            for (int i = row * width; i < (row + 1) * width; i++) {
                                mixed[i] = Gating.clamped(pairs[2 * i], pairs[2 * i + 1]);
                            }
                        });
        return mixed;
    }

    private void activate(Weights.Mlp mlp, float[] values, int n) {
        int width = values.length / n;
        Xielu learned = mlp.learned();
        backend.pool()
                .run(
                        n,
                        row -> {
                            if (learned == null) {
                                backend.kernels()
                                        .activate(config.activation(), values, row * width, width);
                            } else {
                                backend.kernels().activate(learned, values, row * width, width);
                            }
                        });
    }
}
