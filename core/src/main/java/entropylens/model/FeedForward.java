package entropylens.model;

import entropylens.kernels.MatMul;
import entropylens.model.Weights.Linear;

/// The MLP of a batch.
final class FeedForward {
    private final DecoderConfig config;
    private final MatMul matMul;
    private final int n;

    FeedForward(Model model, int n) {
        this.config = model.config();
        this.matMul = model.matMul();
        this.n = n;
    }

    /// @param input what the MLP reads of the stream, `[rows × d_model]`
    /// @param out what comes of it, before any norm, `[rows × d_model]`
    void run(Weights.Mlp mlp, float[] input, float[] out) {
        float[] up = new float[n * config.dMlp()];
        multiply(input, mlp.up(), up);
        Linear gateProjection = mlp.gate();
        if (gateProjection == null) {
            activate(up);
        } else {
            float[] gate = new float[n * config.dMlp()];
            multiply(input, gateProjection, gate);
            activate(gate);
            for (int i = 0; i < gate.length; i++) {
                up[i] *= gate[i];
            }
        }
        multiply(up, mlp.down(), out);
    }

    private void activate(float[] values) {
        int width = config.dMlp();
        matMul.pool()
                .run(
                        n,
                        row ->
                                matMul.kernels()
                                        .activate(config.activation(), values, row * width, width));
    }

    private void multiply(float[] x, Linear linear, float[] out) {
        matMul.multiply(x, n, linear.matrix(), linear.bias(), out);
    }
}
