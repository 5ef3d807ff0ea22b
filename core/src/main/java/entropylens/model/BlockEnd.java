package entropylens.model;

import entropylens.kernels.Backend;
import entropylens.model.Weights.Finish;
import entropylens.model.Weights.PerLayerInput;

/// What a block does to the stream after its halves, for a batch.
final class BlockEnd {
    private final DecoderConfig config;
    private final Backend backend;
    private final BatchRows rows;
    private final float[] perLayer;

    /// @param perLayer as [Embedder#perLayer] gave it
    BlockEnd(Model model, BatchRows rows, float[] perLayer) {
        this.config = model.config();
        this.backend = model.backend();
        this.rows = rows;
        this.perLayer = perLayer;
    }

    /// Changes the stream `x` in place, but for rows that skip the block.
    void run(int layer, Finish finish, float[] x) {
        PerLayerInput input = finish.perLayer();
        float[] added = input == null ? new float[x.length] : added(layer, input, x);
        int d = config.dModel();
        for (int r = 0; r < rows.count(); r++) {
            for (int i = r * d; rows.runs(r, layer) && i < (r + 1) * d; i++) {
                x[i] = (x[i] + added[i]) * finish.scale();
            }
        }
    }

    private float[] added(int layer, PerLayerInput weights, float[] x) {
        int n = rows.count();
        int width = weights.gate().outputs();
        float[] gate = new float[n * width];
        backend.apply(weights.gate(), x, n, rows.phase(), gate);
        backend.kernels().activate(config.activation(), gate, 0, gate.length);
        for (int r = 0; r < n; r++) {
            int from = (r * config.nLayers() + layer) * width;
            for (int i = 0; i < width; i++) {
                gate[r * width + i] *= perLayer[from + i];
            }
        }
        float[] added = new float[x.length];
        backend.apply(weights.projection(), gate, n, rows.phase(), added);
        weights.norm().apply(added, 0, added.length, added, 0);
        return added;
    }
}
