package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.LANES;
import static entropylens.kernels.VectorMath.load;

import jdk.incubator.vector.FloatVector;

/// The dot products and weighted sums of attention, on the KV cache.
final class VectorAttention {
    /// Vectors of outputs that stay in registers while all values are added.
    private static final int HELD = 4;

    private VectorAttention() {}

    /// The sums of a key's lanes are those of [VectorRows#tree], taken for as many keys at a time
    /// as a vector has lanes.
    static void scores(
            float[] query,
            int queryOffset,
            float[] keys,
            int keysOffset,
            int width,
            int count,
            float scale,
            float[] scores) {
        float[] sums = new float[4 * LANES];
        int together = count / LANES * LANES;
        for (int j = 0; j < together; j += LANES) {
            int key = keysOffset + j * width;
            for (int four = 0; four < LANES / 4; four++) {
                int first = key + 4 * four * width;
                fourKeys(query, queryOffset, keys, first, width, sums, four * LANES);
            }
            Halving.finish(sums);
            for (int k = 0; k < LANES; k++) {
                float sum = sums[k];
                scores[j + k] = tail(query, queryOffset, keys, key + k * width, width, sum) * scale;
            }
        }
        for (int j = together; j < count; j++) {
            int key = keysOffset + j * width;
            dot(query, queryOffset, keys, key, width).intoArray(sums, 0);
            float sum = VectorRows.tree(sums, 0);
            scores[j] = tail(query, queryOffset, keys, key, width, sum) * scale;
        }
    }

    /// A quarter of a vector for each of four keys, all whole vectors of them added up.
    private static void fourKeys(
            float[] query,
            int queryOffset,
            float[] keys,
            int key,
            int width,
            float[] sums,
            int to) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int whole = width / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector q = load(query, queryOffset + i);
            s0 = q.fma(load(keys, key + i), s0);
            s1 = q.fma(load(keys, key + width + i), s1);
            s2 = q.fma(load(keys, key + 2 * width + i), s2);
            s3 = q.fma(load(keys, key + 3 * width + i), s3);
        }
        Halving.quarters(s0, s1, s2, s3).intoArray(sums, to);
    }

    private static FloatVector dot(
            float[] query, int queryOffset, float[] keys, int key, int width) {
        FloatVector s = FloatVector.zero(FLOATS);
        int whole = width / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            s = load(query, queryOffset + i).fma(load(keys, key + i), s);
        }
        return s;
    }

    /// The terms that did not fill a vector.
    private static float tail(
            float[] query, int queryOffset, float[] keys, int key, int width, float sum) {
        float all = sum;
        for (int i = width / LANES * LANES; i < width; i++) {
            all = Math.fma(query[queryOffset + i], keys[key + i], all);
        }
        return all;
    }

    /// Every output is one chain of multiply-adds over the values, in order.
    static void mix(
            float[] weights,
            float[] values,
            int valuesOffset,
            int width,
            int count,
            float[] out,
            int outOffset) {
        int i = 0;
        for (; i + HELD * LANES <= width; i += HELD * LANES) {
            mixFour(weights, values, valuesOffset + i, width, count, out, outOffset + i);
        }
        for (; i + LANES <= width; i += LANES) {
            mixOne(weights, values, valuesOffset + i, width, count, out, outOffset + i);
        }
        for (; i < width; i++) {
            float sum = 0;
            for (int j = 0; j < count; j++) {
                sum = Math.fma(weights[j], values[valuesOffset + i + j * width], sum);
            }
            out[outOffset + i] = sum;
        }
    }

    private static void mixFour(
            float[] weights, float[] values, int first, int width, int count, float[] out, int to) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int j = 0; j < count; j++) {
            FloatVector weight = FloatVector.broadcast(FLOATS, weights[j]);
            int at = first + j * width;
            s0 = weight.fma(load(values, at), s0);
            s1 = weight.fma(load(values, at + LANES), s1);
            s2 = weight.fma(load(values, at + 2 * LANES), s2);
            s3 = weight.fma(load(values, at + 3 * LANES), s3);
        }
        s0.intoArray(out, to);
        s1.intoArray(out, to + LANES);
        s2.intoArray(out, to + 2 * LANES);
        s3.intoArray(out, to + 3 * LANES);
    }

    private static void mixOne(
            float[] weights, float[] values, int first, int width, int count, float[] out, int to) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int j = 0; j < count; j++) {
            FloatVector weight = FloatVector.broadcast(FLOATS, weights[j]);
            sum = weight.fma(load(values, first + j * width), sum);
        }
        sum.intoArray(out, to);
    }

    static void addScaled(
            float factor, float[] from, int fromOffset, float[] to, int toOffset, int count) {
        FloatVector f = FloatVector.broadcast(FLOATS, factor);
        int j = 0;
        for (; j + LANES <= count; j += LANES) {
            f.fma(load(from, fromOffset + j), load(to, toOffset + j)).intoArray(to, toOffset + j);
        }
        for (; j < count; j++) {
            to[toOffset + j] = Math.fma(factor, from[fromOffset + j], to[toOffset + j]);
        }
    }
}
