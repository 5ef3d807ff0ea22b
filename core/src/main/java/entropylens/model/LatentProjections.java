package entropylens.model;

import entropylens.kernels.Backend;
import entropylens.kernels.Projection;
import org.jspecify.annotations.Nullable;

/// Queries, keys and values of multi-head latent attention, written out for every head. Of each
/// head the part that is turned comes first here, for that is where [Rotation] turns; scores are
/// sums over all elements, in whichever order.
final class LatentProjections {
    private final Weights.Latent weights;
    private final AttentionShape shape;
    private final Backend backend;
    private final BatchRows rows;
    private final int turned;
    private final int rest;

    LatentProjections(
            Weights.Latent weights, AttentionShape shape, Backend backend, BatchRows rows) {
        this.weights = weights;
        this.shape = shape;
        this.backend = backend;
        this.rows = rows;
        this.turned = weights.turned();
        this.rest = shape.dHead() - turned;
    }

    /// @param input what attention reads of the stream, `[rows × d_model]`
    void run(float[] input, float[] query, float[] key, float[] value) {
        queries(input, query);
        float[] down = apply(weights.keyValueDown(), input);
        int width = weights.keyValueNorm().width();
        float[] narrow = new float[rows.count() * width];
        for (int row = 0; row < rows.count(); row++) {
            System.arraycopy(down, row * (width + turned), narrow, row * width, width);
        }
        weights.keyValueNorm().apply(narrow, 0, narrow.length, narrow, 0);
        keysAndValues(down, apply(weights.keyValue(), narrow), key, value);
    }

    private void queries(float[] input, float[] query) {
        float[] from = input;
        Projection down = weights.queryDown();
        if (down != null) {
            from = apply(down, input);
            norm(weights.queryDownNorm(), from);
        }
        float[] stored = apply(weights.query(), from);
        int dHead = shape.dHead();
        for (int at = 0; at < stored.length; at += dHead) {
            System.arraycopy(stored, at + rest, query, at, turned);
            System.arraycopy(stored, at, query, at + turned, rest);
        }
    }

    /// @param down holds the turned part of each row's key, at its end
    /// @param ofHeads for each head the rest of its key, then its value
    private void keysAndValues(float[] down, float[] ofHeads, float[] key, float[] value) {
        int heads = shape.nKvHeads();
        int dValue = shape.dValue();
        int width = weights.keyValueDown().outputs();
        for (int row = 0; row < rows.count(); row++) {
            for (int head = 0; head < heads; head++) {
                int one = row * heads + head;
                int keyAt = one * shape.dHead();
                int from = one * (rest + dValue);
                System.arraycopy(down, (row + 1) * width - turned, key, keyAt, turned);
                System.arraycopy(ofHeads, from, key, keyAt + turned, rest);
                System.arraycopy(ofHeads, from + rest, value, one * dValue, dValue);
            }
        }
    }

    private static void norm(@Nullable NormWeights norm, float[] vectors) {
        if (norm != null) {
            norm.apply(vectors, 0, vectors.length, vectors, 0);
        }
    }

    private float[] apply(Projection projection, float[] x) {
        float[] out = new float[rows.count() * projection.outputs()];
        backend.apply(projection, x, rows.count(), rows.phase(), out);
        return out;
    }
}
