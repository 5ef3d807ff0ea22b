package entropylens.model;

import entropylens.kernels.Backend;
import entropylens.model.Weights.Finish;
import entropylens.model.Weights.PerLayerInput;
import org.jspecify.annotations.Nullable;

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
        float[] added = input == null ? null : added(layer, input, x);
        for (int r = 0; r < rows.count(); r++) {
            if (rows.runs(r, layer)) {
                end(r, added, finish.scale(), x);
            }
        }
    }

    private void end(int row, float @Nullable [] added, float scale, float[] x) {
        int d = config.dModel();
        for (int i = row * d; i < (row + 1) * d; i++) {
            x[i] = (added == null ? x[i] : x[i] + added[i]) * scale;
        }
    }

    private float[] added(int layer, PerLayerInput weights, float[] x) {
        int n = rows.count();
        int width = weights.gate().outputs();
        float[] gate = new float[n * width];
        backend.apply(weights.gate(), x, n, rows.phase(), gate);
        for (int r = 0; r < n; r++) {
            // row by row: what is left over behind whole vectors must not depend on other rows
            backend.kernels().activate(config.activation(), gate, r * width, width);
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
