package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.LANES;
import static entropylens.kernels.VectorMath.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// The dot products and weighted sums of attention, on the KV cache.
final class VectorAttention {
    private VectorAttention() {}

    static void scores(
            float[] query,
            int queryOffset,
            float[] keys,
            int keysOffset,
            int width,
            int count,
            float scale,
            float[] scores) {
        float[] sums = new float[LANES];
        int whole = width / LANES * LANES;
        for (int j = 0; j < count; j++) {
            int key = keysOffset + j * width;
            FloatVector s = FloatVector.zero(FLOATS);
            for (int i = 0; i < whole; i += LANES) {
                s = load(query, queryOffset + i).fma(load(keys, key + i), s);
            }
            s.intoArray(sums, 0);
            float sum = VectorRows.tree(sums, 0);
            for (int i = whole; i < width; i++) {
                sum = Math.fma(query[queryOffset + i], keys[key + i], sum);
            }
            scores[j] = sum * scale;
        }
    }

    static void mix(
            float[] weights,
            float[] values,
            int valuesOffset,
            int width,
            int count,
            float[] out,
            int outOffset) {
        Arrays.fill(out, outOffset, outOffset + width, 0);
        for (int j = 0; j < count; j++) {
            addScaled(weights[j], values, valuesOffset + j * width, out, outOffset, width);
        }
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
