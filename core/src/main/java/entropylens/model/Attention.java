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
    private final Model model;
    private final DecoderConfig config;
    private final Backend backend;
    private final BatchRows rows;
    private final Map<Rope, Rotation> rotations = new IdentityHashMap<>();
    private final int longest;
    private AttentionShape shape;
    private float[] query = {};
    private float[] key = {};
    private float[] value = {};
    private float[] mixed = {};
    private float @Nullable [] gates;

    /// For a model that has attention in some block.
    Attention(Model model, BatchRows rows) {
        this.model = model;
        this.config = model.config();
        this.backend = model.backend();
        this.rows = rows;
        this.shape = config.attentions().getFirst();
        int most = 0;
        for (int r = 0; r < rows.count(); r++) {
            most = Math.max(most, rows.position(r) + 1);
        }
        this.longest = most;
    }

    /// `out = W_O z`, where z mixes the values that each row attends to.
    ///
    /// @param input what attention reads of the stream, `[rows × d_model]`
    /// @param out what comes of it, before any norm, `[rows × d_model]`
    void run(int layer, Weights.Attention weights, float[] input, float[] out) {
        prepare(layer, weights, input);
        backend.pool()
                .run(
                        rows.count() * shape.nKvHeads(),
                        task ->
                                attend(
                                        layer,
                                        weights.sinks(),
                                        task / shape.nKvHeads(),
                                        task % shape.nKvHeads()));
        open();
        apply(weights.output(), mixed, out);
    }

    /// Keys and values of a block that no row runs, for the blocks that share them.
    void storeKeys(int layer, Weights.Attention weights, float[] input) {
        prepare(layer, weights, input);
    }

    /// Queries, keys and values, ready to be attended to; the latter two stored.
    private void prepare(int layer, Weights.Attention weights, float[] input) {
        begin(config.attention(layer));
        project(weights.projections(), input);
        clip();
        norm(weights.valueNorm(), value);
        if (!shape.normsAfterTurn()) {
            norm(weights);
        }
        turn(layer);
        if (shape.normsAfterTurn()) {
            norm(weights);
        }
        store(layer);
    }

    /// Blocks mostly have the same widths, so what was there serves again.
    private void begin(AttentionShape shape) {
        this.shape = shape;
        gates = null;
        query = ofLength(query, shape.queryWidth());
        key = ofLength(key, shape.keyWidth());
        value = ofLength(value, shape.valueWidth());
        mixed = ofLength(mixed, shape.mixedWidth());
    }

    private float[] ofLength(float[] vectors, int width) {
        int length = rows.count() * width;
        return vectors.length == length ? vectors : new float[length];
    }

    private void project(Weights.Projections projections, float[] input) {
        switch (projections) {
            case Weights.Separate separate -> {
                apply(separate.query(), input, query);
                apply(separate.key(), input, key);
                apply(separate.value(), input, value);
            }
            case Weights.GatedQueries gated -> {
                float[] both = new float[2 * query.length];
                apply(gated.queriesAndGates(), input, both);
                separateGates(both);
                apply(gated.key(), input, key);
                apply(gated.value(), input, value);
            }
            case Weights.QueriesAlone alone -> apply(alone.query(), input, query);
            case Weights.KeysAsValues both -> {
                apply(both.query(), input, query);
                apply(both.key(), input, key);
                System.arraycopy(key, 0, value, 0, value.length);
            }
            case Weights.Interleaved interleaved -> {
                float[] fused = new float[query.length + key.length + value.length];
                apply(interleaved.fused(), input, fused);
                separate(fused);
            }
            case Weights.InParts inParts -> {
                float[] fused = new float[query.length + key.length + value.length];
                apply(inParts.fused(), input, fused);
                separateParts(fused, rows.count() * inParts.parts());
            }
            case Weights.Latent latent ->
                    new LatentProjections(latent, shape, backend, rows)
                            .run(input, query, key, value);
        }
    }

    /// For each head its query, then its gate.
    private void separateGates(float[] both) {
        gates = new float[query.length];
        int dHead = shape.dHead();
        for (int head = 0; head < query.length / dHead; head++) {
            System.arraycopy(both, 2 * head * dHead, query, head * dHead, dHead);
            System.arraycopy(both, (2 * head + 1) * dHead, gates, head * dHead, dHead);
        }
    }

    /// For each key-value head its query heads, then its key, then its value.
    private void separate(float[] fused) {
        int dHead = shape.dHead();
        int dValue = shape.dValue();
        int queries = shape.nHeads() / shape.nKvHeads() * dHead;
        int groups = rows.count() * shape.nKvHeads();
        for (int group = 0; group < groups; group++) {
            int from = group * (queries + dHead + dValue);
            System.arraycopy(fused, from, query, group * queries, queries);
            System.arraycopy(fused, from + queries, key, group * dHead, dHead);
            System.arraycopy(fused, from + queries + dHead, value, group * dValue, dValue);
        }
    }

    /// For each part of a row its queries, then its values, then its keys.
    private void separateParts(float[] fused, int parts) {
        int queries = query.length / parts;
        int values = value.length / parts;
        int keys = key.length / parts;
        for (int part = 0; part < parts; part++) {
            int from = part * (queries + values + keys);
            System.arraycopy(fused, from, query, part * queries, queries);
            System.arraycopy(fused, from + queries, value, part * values, values);
            System.arraycopy(fused, from + queries + values, key, part * keys, keys);
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

    private void norm(Weights.Attention weights) {
        norm(weights.queryNorm(), query);
        norm(weights.keyNorm(), key);
    }

    private static void norm(@Nullable NormWeights norm, float[] vectors) {
        if (norm != null) {
            norm.apply(vectors, 0, vectors.length, vectors, 0);
        }
    }

    private void turn(int layer) {
        if (config.positions() instanceof Positions.Rotary rotary
                && !(rotary.ropes().get(layer) instanceof Rope.None)) {
            Rotation rotation =
                    rotations.computeIfAbsent(
                            rotary.ropes().get(layer),
                            rope -> new Rotation(rope, rotary.pairing(), rows));
            rotation.turn(query, shape.nHeads(), shape.dHead());
            rotation.turn(key, shape.nKvHeads(), shape.dHead());
        }
    }

    private void store(int layer) {
        if (shape.keysOf().isPresent()) {
            return;
        }
        boolean shared = model.sharesKeys(layer);
        for (int r = 0; r < rows.count(); r++) {
            if (shared || rows.attentionRuns(r, layer)) {
                cache(r, layer).put(rows.position(r), key, value, r);
            }
        }
    }

    private KvCache cache(int row, int layer) {
        return rows.session(row).state(layer).keysAndValues();
    }

    /// One row against one key-value head: all query heads that share it.
    private void attend(int layer, float @Nullable [] sinks, int row, int kvHead) {
        if (!rows.attentionRuns(row, layer)) {
            return; // what is left in its row of `mixed` is projected, and the result dropped
        }
        KvCache cache = cache(row, layer);
        int position = rows.position(row);
        int first = shape.firstVisible(position);
        int count = position + 1 - first;
        int keysAt = cache.keyAt(kvHead, first);
        int valuesAt = cache.valueAt(kvHead, first);
        int group = shape.nHeads() / shape.nKvHeads();
        float scale = shape.scoreScaleAt(position);
        float[] scores = new float[longest + 1];
        Kernels kernels = backend.kernels();
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
            int queryAt = row * shape.queryWidth() + head * shape.dHead();
            kernels.scores(
                    query, queryAt, cache.keys(), keysAt, shape.dHead(), count, scale, scores);
            if (shape.scoreSoftcap().isPresent()) {
                kernels.softcap(scores, count, (float) shape.scoreSoftcap().getAsDouble());
            }
            if (config.positions() instanceof Positions.Alibi alibi) {
                addBiases(scores, alibi, head, first, count);
            }
            if (sinks == null) {
                kernels.softmax(scores, count);
            } else {
                scores[count] = sinks[head];
                kernels.softmax(scores, count + 1);
            }
            int mixedAt = row * shape.mixedWidth() + head * shape.dValue();
            kernels.mix(scores, cache.values(), valuesAt, shape.dValue(), count, mixed, mixedAt);
        }
    }

    /// Multiplies what the heads mixed by the sigmoids of their gates, where they have some.
    private void open() {
        float[] gate = gates;
        for (int i = 0; gate != null && i < mixed.length; i++) {
            mixed[i] *= (float) (1 / (1 + Math.exp(-(double) gate[i])));
        }
    }

    private static void addBiases(
            float[] scores, Positions.Alibi alibi, int head, int first, int count) {
        for (int j = 0; j < count; j++) {
            scores[j] += alibi.bias(head, first + j);
        }
    }
}
