package entropylens.model;

import entropylens.kernels.Backend;
import entropylens.kernels.Kernels;
import entropylens.kernels.Projection;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Causal self-attention of a batch.
final class Attention {
    private final DecoderConfig.Attention shape;
    private final Positions positions;
    private final Backend backend;
    private final BatchRows rows;
    private final Map<Rope, Rotation> rotations = new IdentityHashMap<>();
    private final float[] query;
    private final float[] key;
    private final float[] value;
    private final float[] mixed;
    private final int longest;

    Attention(Model model, BatchRows rows) {
        this.shape = model.config().attention();
        this.positions = model.config().positions();
        this.backend = model.backend();
        this.rows = rows;
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
    /// @param input what attention reads of the stream, `[rows × d_model]`
    /// @param out what comes of it, before any norm, `[rows × d_model]`
    void run(int layer, Weights.Attention weights, float[] input, float[] out) {
        project(weights.projections(), input);
        clip();
        norm(weights.queryNorm(), query);
        norm(weights.keyNorm(), key);
        turn(layer);
        store(layer);
        backend.pool()
                .run(
                        rows.count() * shape.nKvHeads(),
                        task -> attend(layer, task / shape.nKvHeads(), task % shape.nKvHeads()));
        apply(weights.output(), mixed, out);
    }

    private void project(Weights.Projections projections, float[] input) {
        switch (projections) {
            case Weights.Separate separate -> {
                apply(separate.query(), input, query);
                apply(separate.key(), input, key);
                apply(separate.value(), input, value);
            }
            case Weights.Interleaved interleaved -> {
                float[] fused = new float[query.length + key.length + value.length];
                apply(interleaved.fused(), input, fused);
                separate(fused);
            }
        }
    }

    /// For each key-value head its query heads, then its key, then its value.
    private void separate(float[] fused) {
        int dHead = shape.dHead();
        int queries = shape.nHeads() / shape.nKvHeads() * dHead;
        int groups = rows.count() * shape.nKvHeads();
        for (int group = 0; group < groups; group++) {
            int from = group * (queries + 2 * dHead);
            System.arraycopy(fused, from, query, group * queries, queries);
            System.arraycopy(fused, from + queries, key, group * dHead, dHead);
            System.arraycopy(fused, from + queries + dHead, value, group * dHead, dHead);
        }
    }

    private void apply(Projection projection, float[] x, float[] out) {
        backend.apply(projection, x, rows.count(), rows.phase(), out);
    }

    private void clip() {
        if (shape.projectionClip().isEmpty()) {
            return;
        }
        float most = (float) shape.projectionClip().getAsDouble();
        for (float[] vectors : Arrays.asList(query, key, value)) {
            for (int i = 0; i < vectors.length; i++) {
                vectors[i] = Math.clamp(vectors[i], -most, most);
            }
        }
    }

    private static void norm(@Nullable NormWeights norm, float[] vectors) {
        if (norm != null) {
            norm.apply(vectors, 0, vectors.length, vectors, 0);
        }
    }

    private void turn(int layer) {
        switch (positions) {
            case Positions.Rotary rotary -> {
                Rotation rotation =
                        rotations.computeIfAbsent(
                                rotary.ropes().get(layer),
                                rope -> new Rotation(rope, rotary.pairing(), rows));
                rotation.turn(query, shape.nHeads(), shape.dHead());
                rotation.turn(key, shape.nKvHeads(), shape.dHead());
            }
            case Positions.Learned _, Positions.Alibi _ -> {}
        }
    }

    private void store(int layer) {
        for (int r = 0; r < rows.count(); r++) {
            if (rows.attentionRuns(r, layer)) {
                int from = r * shape.keyWidth();
                rows.session(r)
                        .cache()
                        .put(layer, rows.position(r), shape.nKvHeads(), key, value, from);
            }
        }
    }

    /// One row against one key-value head: all query heads that share it.
    private void attend(int layer, int row, int kvHead) {
        if (!rows.attentionRuns(row, layer)) {
            return; // what is left in its row of `mixed` is projected, and the result dropped
        }
        KvCache cache = rows.session(row).cache();
        int position = rows.position(row);
        int first = shape.firstVisible(layer, position);
        int count = position + 1 - first;
        int keysAt = cache.offset(kvHead, first);
        int group = shape.nHeads() / shape.nKvHeads();
        int width = shape.dHead();
        float scale = shape.scale(layer);
        float[] scores = new float[longest];
        Kernels kernels = backend.kernels();
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
            int at = row * shape.queryWidth() + head * width;
            kernels.scores(query, at, cache.keys(layer), keysAt, width, count, scale, scores);
            if (shape.scoreSoftcap().isPresent()) {
                kernels.softcap(scores, count, (float) shape.scoreSoftcap().getAsDouble());
            }
            if (positions instanceof Positions.Alibi alibi) {
                addBiases(scores, alibi, head, first, count);
            }
            kernels.softmax(scores, count);
            kernels.mix(scores, cache.values(layer), keysAt, width, count, mixed, at);
        }
    }

    private static void addBiases(
            float[] scores, Positions.Alibi alibi, int head, int first, int count) {
        for (int j = 0; j < count; j++) {
            scores[j] += alibi.bias(head, first + j);
        }
    }
}
