package entropylens.cuda;

import entropylens.kernels.Projection;
import entropylens.kernels.Xielu;
import entropylens.model.DecoderConfig;
import entropylens.model.Gating;
import entropylens.model.Weights;

/// The MLP of a block on rows that are on the device: what `FeedForward` does on the processor.
final class CudaFeedForward {
    private final DeviceWork work;
    private final DecoderConfig config;
    private final CudaProjections projections;

    CudaFeedForward(DeviceWork work, DecoderConfig config, CudaProjections projections) {
        this.work = work;
        this.config = config;
        this.projections = projections;
    }

    /// @param input what is read of the stream, `[rows × d_model]`
    /// @param out what comes of it, before any norm, `[rows × d_model]`
    void run(Weights.Mlp mlp, long input, int rows, long out) {
        int width = mlp.up().outputs();
        long up = work.floats("up", (long) rows * width);
        projections.apply(mlp.up(), input, rows, up);
        long inner = mlp.gating() == Gating.CLAMPED ? clamped(mlp, input, rows, up) : up;
        if (mlp.gating() == Gating.PLAIN) {
            plain(mlp, input, rows, up);
        }
        projections.apply(mlp.down(), inner, rows, out);
    }

    private void plain(Weights.Mlp mlp, long input, int rows, long up) {
        int width = mlp.up().outputs();
        long n = (long) rows * width;
        Projection gateProjection = mlp.gate();
        Xielu learned = mlp.learned();
        if (gateProjection == null) {
            activate(learned, up, n);
            return;
        }
        long gate = work.floats("gate", n);
        projections.apply(gateProjection, input, rows, gate);
        if (learned == null) {
            int activation = config.activation().ordinal();
            work.flat("rows", "gate", n, up, gate, width, up, width, activation, rows, width);
        } else {
            activate(learned, gate, n);
            work.flat("rows", "multiply", n, up, gate, n);
        }
    }

    private void activate(Xielu learned, long x, long n) {
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

    private long clamped(Weights.Mlp mlp, long input, int rows, long up) {
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
        projections.apply(gateProjection, input, rows, gate);
        work.flat("rows", "gate_clamped", n, up, gate, width, 1, up, width, 1, rows, width);
        return up;
    }
}
