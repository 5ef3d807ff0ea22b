package entropylens.model;

import entropylens.kernels.Backend;
import entropylens.kernels.Phase;
import entropylens.kernels.Projection;
import entropylens.kernels.Transposed;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Causal self-attention of one text, taken backwards: through values and scores.
final class AttentionDerivative {
    private final DecoderConfig config;
    private final Weights.Attention weights;
    private final Weights.Separate projections;
    private final AttentionShape shape;
    private final Backend backend;
    private final int rows;
    private final Turn turn;
    private final float[] rawQuery;
    private final float[] rawKey;
    private final float[] rawValue;
    private final float[] query;
    private final float[] key;
    private final float[] value;

    /// Shares of keys, `[head][row][key]`, and what the soft-cap's slope makes of scores.
    private final float[] shares;

    private final float[] slopes;
    private final float[] mixed;

    /// @param input what attention reads, `rows × d_model`
    AttentionDerivative(Model model, int layer, float[] input, int rows, int capacity) {
        config = model.config();
        weights =
                (Weights.Attention)
                        Objects.requireNonNull(model.weights().blocks().get(layer).mixer());
        projections = (Weights.Separate) weights.projections();
        shape = config.attention(layer);
        backend = model.backend();
        this.rows = rows;
        turn = Turn.of(config, layer, rows, capacity);
        rawQuery = product(projections.query(), input);
        rawKey = product(projections.key(), input);
        rawValue = product(projections.value(), input);
        value = rawValue.clone();
        norm(weights.valueNorm(), value);
        query = finished(rawQuery, weights.queryNorm(), shape.nHeads());
        key = finished(rawKey, weights.keyNorm(), shape.nKvHeads());
        shares = new float[shape.nHeads() * rows * rows];
        slopes = new float[shape.scoreSoftcap().isPresent() ? shares.length : 0];
        mixed = new float[rows * shape.mixedWidth()];
        backend.pool().run(shape.nHeads(), this::attend);
    }

    /// Why it is not supported; null where it is.
    static @Nullable String unsupported(Weights.Attention weights, AttentionShape shape) {
        if (!(weights.projections() instanceof Weights.Separate)) {
            return "has queries, keys and values of another kind than one projection each";
        }
        if (shape.keysOf().isPresent()) {
            return "reads the keys of another block";
        }
        return shape.projectionClip().isPresent() ? "cuts queries, keys and values off" : null;
    }

    private float[] product(Projection projection, float[] x) {
        float[] out = new float[rows * projection.outputs()];
        backend.apply(projection, x, rows, Phase.TOGETHER, out);
        return out;
    }

    private float[] finished(float[] raw, @Nullable NormWeights norm, int heads) {
        float[] vectors = raw.clone();
        if (!shape.normsAfterTurn()) {
            norm(norm, vectors);
        }
        turn.apply(vectors, 0, heads, shape.dHead(), false);
        if (shape.normsAfterTurn()) {
            norm(norm, vectors);
        }
        return vectors;
    }

    private static void norm(@Nullable NormWeights norm, float[] vectors) {
        if (norm != null) {
            norm.apply(vectors, 0, vectors.length, vectors, 0);
        }
    }

    @Nullable NormWeights postNorm() {
        return weights.postNorm();
    }

    /// What attention gave, before any norm.
    float[] out() {
        return product(weights.output(), mixed);
    }

    private void attend(int head) {
        int kv = head / (shape.nHeads() / shape.nKvHeads());
        double[] scores = new double[rows];
        for (int row = 0; row < rows; row++) {
            int first = shape.firstVisible(row);
            double most = Double.NEGATIVE_INFINITY;
            for (int j = first; j <= row; j++) {
                scores[j] = score(head, kv, row, j);
                most = Math.max(most, scores[j]);
            }
            float[] sinks = weights.sinks();
            most = sinks == null ? most : Math.max(most, sinks[head]);
            double sum = sinks == null ? 0 : Math.exp(sinks[head] - most);
            for (int j = first; j <= row; j++) {
                scores[j] = Math.exp(scores[j] - most);
                sum += scores[j];
            }
            int at = row * shape.mixedWidth() + head * shape.dValue();
            for (int j = first; j <= row; j++) {
                float share = (float) (scores[j] / sum);
                shares[(head * rows + row) * rows + j] = share;
                int from = j * shape.valueWidth() + kv * shape.dValue();
                add(mixed, at, share, value, from, shape.dValue());
            }
        }
    }

    private double score(int head, int kv, int row, int j) {
        double score =
                dot(
                                query,
                                row * shape.queryWidth() + head * shape.dHead(),
                                key,
                                j * shape.keyWidth() + kv * shape.dHead(),
                                shape.dHead())
                        * shape.scoreScaleAt(row);
        if (shape.scoreSoftcap().isPresent()) {
            double cap = shape.scoreSoftcap().getAsDouble();
            double tanh = Math.tanh(score / cap);
            slopes[(head * rows + row) * rows + j] = (float) (1 - tanh * tanh);
            score = cap * tanh;
        }
        return config.positions() instanceof Positions.Alibi alibi
                ? score + alibi.bias(head, j)
                : score;
    }

    private static double dot(float[] a, int at, float[] b, int from, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += (double) a[at + i] * b[from + i];
        }
        return sum;
    }

    private static void add(float[] to, int at, float factor, float[] of, int from, int count) {
        for (int i = 0; i < count; i++) {
            to[at + i] += factor * of[from + i];
        }
    }

    /// @param g by what attention gave, `count × rows × d_model`
    /// @return by its input, likewise
    float[] pullBack(float[] g, int count) {
        int all = count * rows;
        float[] byMixed = new float[all * shape.mixedWidth()];
        new Transposed(weights.output(), backend).apply(g, all, byMixed);
        float[] byQuery = new float[all * shape.queryWidth()];
        float[] byKey = new float[all * shape.keyWidth()];
        float[] byValue = new float[all * shape.valueWidth()];
        backend.pool()
                .run(
                        count * shape.nKvHeads(),
                        task ->
                                attendBack(
                                        task / shape.nKvHeads(),
                                        task % shape.nKvHeads(),
                                        byMixed,
                                        byQuery,
                                        byKey,
                                        byValue));
        for (int c = 0; c < count; c++) {
            unfinish(byQuery, c, rawQuery, weights.queryNorm(), shape.nHeads());
            unfinish(byKey, c, rawKey, weights.keyNorm(), shape.nKvHeads());
            if (weights.valueNorm() != null) {
                int size = rows * shape.valueWidth();
                weights.valueNorm().pullBack(rawValue, 0, size, byValue, byValue, c * size);
            }
        }
        float[] byInput = new float[g.length];
        addThrough(projections.query(), byQuery, all, byInput);
        addThrough(projections.key(), byKey, all, byInput);
        addThrough(projections.value(), byValue, all, byInput);
        return byInput;
    }

    private void addThrough(Projection projection, float[] by, int all, float[] to) {
        float[] added = new float[to.length];
        new Transposed(projection, backend).apply(by, all, added);
        for (int i = 0; i < to.length; i++) {
            to[i] += added[i];
        }
    }

    /// One derivative and one key-value head: all query heads that share it.
    private void attendBack(
            int c, int kv, float[] byMixed, float[] byQuery, float[] byKey, float[] byValue) {
        int group = shape.nHeads() / shape.nKvHeads();
        float[] byShare = new float[rows];
        for (int head = kv * group; head < (kv + 1) * group; head++) {
            for (int row = 0; row < rows; row++) {
                int of = (head * rows + row) * rows;
                int mixedAt = (c * rows + row) * shape.mixedWidth() + head * shape.dValue();
                int queryAt = row * shape.queryWidth() + head * shape.dHead();
                double mean = 0;
                int first = shape.firstVisible(row);
                for (int j = first; j <= row; j++) {
                    int valueAt = j * shape.valueWidth() + kv * shape.dValue();
                    int byValueAt = c * rows * shape.valueWidth() + valueAt;
                    add(byValue, byValueAt, shares[of + j], byMixed, mixedAt, shape.dValue());
                    byShare[j] = (float) dot(byMixed, mixedAt, value, valueAt, shape.dValue());
                    mean += (double) shares[of + j] * byShare[j];
                }
                float scale = shape.scoreScaleAt(row);
                for (int j = first; j <= row; j++) {
                    float slope = slopes.length == 0 ? scale : scale * slopes[of + j];
                    float byScore = (float) (shares[of + j] * (byShare[j] - mean)) * slope;
                    int keyAt = j * shape.keyWidth() + kv * shape.dHead();
                    int atQuery = c * rows * shape.queryWidth() + queryAt;
                    int atKey = c * rows * shape.keyWidth() + keyAt;
                    add(byQuery, atQuery, byScore, key, keyAt, shape.dHead());
                    add(byKey, atKey, byScore, query, queryAt, shape.dHead());
                }
            }
        }
    }

    private void unfinish(float[] by, int c, float[] raw, @Nullable NormWeights norm, int heads) {
        int size = raw.length;
        if (norm != null && shape.normsAfterTurn()) {
            float[] turned = raw.clone();
            turn.apply(turned, 0, heads, shape.dHead(), false);
            norm.pullBack(turned, 0, size, by, by, c * size);
        }
        turn.apply(by, c * size, heads, shape.dHead(), true);
        if (norm != null && !shape.normsAfterTurn()) {
            norm.pullBack(raw, 0, size, by, by, c * size);
        }
    }

    /// The rotary turn of a text's rows, and back.
    private record Turn(int rows, int half, boolean halves, float[] cos, float[] sin) {
        static Turn of(DecoderConfig config, int layer, int rows, int capacity) {
            if (!(config.positions() instanceof Positions.Rotary rotary)
                    || rotary.ropes().get(layer) instanceof Rope.None) {
                return new Turn(rows, 0, true, new float[0], new float[0]);
            }
            Rope.Fixed fixed = rotary.ropes().get(layer).at(capacity);
            int half = fixed.inverseFrequencies().length;
            float[] cos = new float[rows * half];
            float[] sin = new float[rows * half];
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < half; i++) {
                    float angle = row * fixed.inverseFrequencies()[i];
                    cos[row * half + i] = (float) Math.cos(angle) * fixed.magnitude();
                    sin[row * half + i] = (float) Math.sin(angle) * fixed.magnitude();
                }
            }
            return new Turn(rows, half, rotary.pairing() == Positions.Pairing.HALVES, cos, sin);
        }

        void apply(float[] vectors, int from, int heads, int dHead, boolean back) {
            int apart = halves ? half : 1;
            int step = halves ? 1 : 2;
            for (int r = 0; half > 0 && r < rows * heads; r++) {
                int angles = r / heads * half;
                for (int i = 0; i < half; i++) {
                    int first = from + r * dHead + i * step;
                    float c = cos[angles + i];
                    float s = back ? -sin[angles + i] : sin[angles + i];
                    float a = vectors[first];
                    float b = vectors[first + apart];
                    vectors[first] = a * c - b * s;
                    vectors[first + apart] = b * c + a * s;
                }
            }
        }
    }
}
