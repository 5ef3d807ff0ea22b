package entropylens.cuda;

import entropylens.cuda.CudaProjections.Inputs;
import entropylens.kernels.Projection;
import entropylens.kernels.Xielu;
import entropylens.model.BatchRows;
import entropylens.model.DecoderConfig;
import entropylens.model.Gating;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import org.jspecify.annotations.Nullable;

/// The MLP or the experts of a block on rows that are on the device: what `FeedForward` does on the
/// processor.
final class CudaFeedForward {
    private final DeviceWork work;
    private final DecoderConfig config;
    private final CudaProjections projections;

    CudaFeedForward(DeviceWork work, DecoderConfig config, CudaProjections projections) {
        this.work = work;
        this.config = config;
        this.projections = projections;
    }

    /// What a block of the model computes beside attention.
    ///
    /// @param input what is read of the stream, `[rows × d_model]`
    /// @param out what comes of it, before any norm, `[rows × d_model]`
    void run(int layer, Weights.FeedForward weights, BatchRows rows, long input, long out) {
        switch (weights) {
            case Weights.Mlp mlp -> run(mlp, input, rows.count(), out);
            case Weights.Experts experts -> experts(rows).run(layer, experts, input, input, out);
            case Weights.MlpAndExperts both -> both(layer, both, rows, input, out);
        }
    }

    private CudaExperts experts(BatchRows rows) {
        return new CudaExperts(work, projections, this, rows, config.dModel());
    }

    private void both(int layer, Weights.MlpAndExperts weights, BatchRows rows, long x, long out) {
        int count = rows.count();
        int d = config.dModel();
        long n = (long) count * d;
        long normed = work.floats("input of one half", n);
        long added = work.floats("what experts add", n);
        projections.norm(weights.mlpNorm(), x, count, d, normed, 0);
        run(weights.mlp(), normed, count, out);
        finish(weights.mlp().postNorm(), out, count);
        long forRouter = work.floats("input of the router", n);
        projections.norm(weights.routerNorm(), x, count, d, forRouter, 0);
        projections.norm(weights.expertsNorm(), x, count, d, normed, 0);
        experts(rows).run(layer, weights.experts(), forRouter, normed, added);
        finish(weights.experts().postNorm(), added, count);
        work.flat("rows", "add", n, out, added, n);
    }

    private void finish(@Nullable NormWeights norm, long values, int rows) {
        if (norm != null) {
            projections.norm(norm, values, rows, config.dModel(), values, 0);
        }
    }

    /// One MLP.
    ///
    /// @param input what is read, `[rows × d_model]`
    /// @param out what comes of it, before any norm, `[rows × d_model]`
    void run(Weights.Mlp mlp, long input, int rows, long out) {
        int width = mlp.up().outputs();
        long up = work.floats("up", (long) rows * width);
        Inputs in = new Inputs(input, rows);
        projections.apply(mlp.up(), in, up);
        long inner = mlp.gating() == Gating.CLAMPED ? clamped(mlp, in, up) : up;
        if (mlp.gating() == Gating.PLAIN) {
            plain(mlp, in, up);
        }
        projections.apply(mlp.down(), inner, rows, out);
    }

    private void plain(Weights.Mlp mlp, Inputs in, long up) {
        int rows = in.rows();
        int width = mlp.up().outputs();
        long n = (long) rows * width;
        Projection gateProjection = mlp.gate();
        Xielu learned = mlp.learned();
        if (gateProjection == null) {
            activate(learned, up, n);
            return;
        }
        long gate = work.floats("gate", n);
        projections.apply(gateProjection, in, gate);
        if (learned == null) {
            int activation = config.activation().ordinal();
            work.flat("rows", "gate", n, up, gate, width, up, width, activation, rows, width);
        } else {
            activate(learned, gate, n);
            work.flat("rows", "multiply", n, up, gate, n);
        }
    }

    private void activate(@Nullable Xielu learned, long x, long n) {
        if (learned == null) {
            work.flat("rows", "activate", n, x, config.activation().ordinal(), n);
        } else {
            work.flat(
                    "rows",
                    "activate_xielu",
                    n,
                    x,
                    learned.positive(),
                    learned.negative(),
                    learned.beta(),
                    learned.limit(),
                    n);
        }
    }

    private long clamped(Weights.Mlp mlp, Inputs in, long up) {
        int rows = in.rows();
        Projection gateProjection = mlp.gate();
        if (gateProjection == null) {
            int width = mlp.up().outputs() / 2;
            long n = (long) rows * width;
            long out = work.floats("gated", n);
            // of each pair, the gate comes first
            work.flat(
                    "rows",
                    "gate_clamped",
                    n,
                    out,
                    up,
                    2 * width,
                    2,
                    up + Float.BYTES,
                    2 * width,
                    2,
                    rows,
                    width);
            return out;
        }
        int width = mlp.up().outputs();
        long n = (long) rows * width;
        long gate = work.floats("gate", n);
        projections.apply(gateProjection, in, gate);
        work.flat("rows", "gate_clamped", n, up, gate, width, 1, up, width, 1, rows, width);
        return up;
    }
}
