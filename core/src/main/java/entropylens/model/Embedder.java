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

    /// What each row has for every block, `[rows][n_layers][width]`; empty where there is none.
    ///
    /// @param x the stream before the first block
    float[] perLayer(BatchRows rows, float[] x) {
        Weights.PerLayerEmbedding own = weights.perLayer();
        if (own == null) {
            return new float[0];
        }
        int all = own.tokens().inputs();
        float[] vectors = new float[rows.count() * all];
        backend.apply(own.projection(), x, rows.count(), rows.phase(), vectors);
        float fromStream = (float) (1 / Math.sqrt(config.dModel()));
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] *= fromStream;
        }
        own.norm().apply(vectors, 0, vectors.length, vectors, 0);
        float ofToken = (float) Math.sqrt(own.width());
        float half = (float) Math.sqrt(0.5);
        float[] token = new float[all];
        for (int r = 0; r < rows.count(); r++) {
            backend.read(own.tokens(), rows.token(r), token, 0);
            for (int i = 0; i < all; i++) {
                vectors[r * all + i] = (vectors[r * all + i] + token[i] * ofToken) * half;
            }
        }
        return vectors;
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
