package entropylens.model;

import entropylens.kernels.Backend;
import entropylens.kernels.Matrix;
import entropylens.kernels.Projection;

/// The stream before the first block: the embedding of each token, and of its position where
/// positions are learned.
final class Embedder {
    private final DecoderConfig config;
    private final Weights.Embedding weights;
    private final Backend backend;

    Embedder(Model model) {
        config = model.config();
        weights = model.weights().embedding();
        backend = model.backend();
    }

    /// @return `[rows × d_model]`
    float[] embed(BatchRows rows) {
        float[] x = project(tokens(rows), rows);
        NormWeights norm = weights.norm();
        if (norm != null) {
            norm.apply(x, 0, x.length, x, 0);
        }
        addPositions(rows, x);
        return x;
    }

    private float[] tokens(BatchRows rows) {
        Matrix table = weights.tokens();
        float[] x = new float[rows.count() * table.inputs()];
        for (int r = 0; r < rows.count(); r++) {
            backend.read(table, rows.token(r), x, r * table.inputs());
        }
        if (config.embeddingScale() != 1) {
            for (int i = 0; i < x.length; i++) {
                x[i] *= config.embeddingScale();
            }
        }
        return x;
    }

    private float[] project(float[] x, BatchRows rows) {
        Projection projection = weights.projection();
        if (projection == null) {
            return x;
        }
        float[] projected = new float[rows.count() * config.dModel()];
        backend.apply(projection, x, rows.count(), rows.phase(), projected);
        return projected;
    }

    private void addPositions(BatchRows rows, float[] x) {
        Matrix positions = weights.positions();
        if (positions == null) {
            return;
        }
        int d = config.dModel();
        float[] learned = new float[d];
        for (int r = 0; r < rows.count(); r++) {
            backend.read(positions, rows.position(r), learned, 0);
            for (int i = 0; i < d; i++) {
                x[r * d + i] += learned[i];
            }
        }
    }
}
