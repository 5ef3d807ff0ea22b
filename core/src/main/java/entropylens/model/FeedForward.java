package entropylens.model;

import entropylens.kernels.Backend;
import entropylens.kernels.Phase;
import entropylens.kernels.Projection;

/// The MLP of a batch.
final class FeedForward {
    private final DecoderConfig config;
    private final Backend backend;
    private final Phase phase;
    private final int n;

    FeedForward(Model model, BatchRows rows) {
        this.config = model.config();
        this.backend = model.backend();
        this.phase = rows.phase();
        this.n = rows.count();
    }

    /// @param input what the MLP reads of the stream, `[rows × d_model]`
    /// @param out what comes of it, before any norm, `[rows × d_model]`
    void run(Weights.Mlp mlp, float[] input, float[] out) {
        float[] up = new float[n * config.dMlp()];
        apply(mlp.up(), input, up);
        Projection gateProjection = mlp.gate();
        if (gateProjection == null) {
            activate(up);
        } else {
            float[] gate = new float[n * config.dMlp()];
            apply(gateProjection, input, gate);
            activate(gate);
            for (int i = 0; i < gate.length; i++) {
                up[i] *= gate[i];
            }
        }
        apply(mlp.down(), up, out);
    }

    private void activate(float[] values) {
        int width = config.dMlp();
        backend.pool()
                .run(
                        n,
                        row ->
                                backend.kernels()
                                        .activate(config.activation(), values, row * width, width));
    }

    private void apply(Projection projection, float[] x, float[] out) {
        backend.apply(projection, x, n, phase, out);
    }
}
