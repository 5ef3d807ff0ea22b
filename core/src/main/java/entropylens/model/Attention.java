package entropylens.model;

import entropylens.kernels.Kernels;
import entropylens.kernels.MatMul;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Linear;

/// Causal self-attention of a batch, with grouped queries, rotary positions and a sliding window
/// where the configuration says so.
final class Attention {
    private final DecoderConfig.Attention shape;
    private final MatMul matMul;
    private final BatchRows rows;
    private final Rotation rotation;
    private final float[] query;
    private final float[] key;
    private final float[] value;
    private final float[] mixed;
    private final int longest;

    Attention(Model model, BatchRows rows) {
        this.shape = model.config().attention();
        this.matMul = model.matMul();
        this.rows = rows;
        this.rotation = Rotation.of(model.config(), rows);
        int n = rows.count();
        this.query = new float[n * shape.queryWidth()];
        this.key = new float[n * shape.keyWidth()];
        this.value = new float[n * shape.keyWidth()];
        this.mixed = new float[n * shape.queryWidth()];
        int most = 0;
        for (int r = 0; r < n; r++) {
            most = Math.max(most, rows.position(r) + 1);
        }
        this.longest = most;
    }

    /// `out = W_O z`, where z mixes the values that each row attends to.
    ///
    /// @param normed ln1 of the stream, `[rows × d_model]`
    /// @param out what attention adds to the stream, `[rows × d_model]`
    void run(int layer, Block block, float[] normed, float[] out) {
        project(block.query(), normed, query);
        project(block.key(), normed, key);
        project(block.value(), normed, value);
        rotation.turn(query, shape.nHeads());
        rotation.turn(key, shape.nKvHeads());
        for (int r = 0; r < rows.count(); r++) {
            if (rows.attentionRuns(r, layer)) {
                rows.session(r)
                        .cache()
                        .put(
                                layer,
                                rows.position(r),
                                shape.nKvHeads(),
                                key,
                                value,
                                r * shape.keyWidth());
            }
        }
        matMul.pool()
                .run(
                        rows.count() * shape.nKvHeads(),
                        task -> attend(layer, task / shape.nKvHeads(), task % shape.nKvHeads()));
        matMul.multiply(
                mixed,
                rows.count(),
                block.attentionOutput().matrix(),
                block.attentionOutput().bias(),
                out);
    }

    private void project(Linear linear, float[] normed, float[] out) {
        matMul.multiply(normed, rows.count(), linear.matrix(), linear.bias(), out);
    }

    /// One row against one key-value head: all query heads that share it.
    private void attend(int layer, int row, int kvHead) {
        if (!rows.attentionRuns(row, layer)) {
            return; // what is left in its row of `mixed` is projected, and the result dropped
        }
        KvCache cache = rows.session(row).cache();
        int position = rows.position(row);
        int first = shape.firstVisible(position);
        int count = position + 1 - first;
        int keysAt = cache.offset(kvHead, first);
        int group = shape.nHeads() / shape.nKvHeads();
        float[] scores = new float[longest];
        Kernels kernels = matMul.kernels();
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
            int at = row * shape.queryWidth() + head * shape.dHead();
            kernels.scores(
                    query,
                    at,
                    cache.keys(layer),
                    keysAt,
                    shape.dHead(),
                    count,
                    shape.scale(layer),
                    scores);
            kernels.softmax(scores, count);
            kernels.mix(scores, cache.values(layer), keysAt, shape.dHead(), count, mixed, at);
        }
    }
}
