package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.INTS;
import static entropylens.kernels.VectorMath.LANES;
import static entropylens.kernels.VectorMath.load;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// One row against mapped weights (decoding a single token is bound by memory, so weights are read
/// where they lie), and the dot products of attention.
///
/// Sums across lanes are written out as a fixed tree: `reduceLanes` adds in another order in the
/// interpreter than in compiled code, and a result must not depend on when the JIT compiler ran.
final class VectorRows {
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

    /// Outputs whose partial sums are formed together.
    private static final int GROUP = 4;

    private VectorRows() {}

    static void rowDots(
            DenseMatrix weights, float[] x, int xOffset, float[] y, int yOffset, int from, int to) {
        int n = weights.inputs();
        float[] input = xOffset == 0 ? x : Arrays.copyOfRange(x, xOffset, xOffset + n);
        float[] sums = new float[GROUP * LANES];
        switch (weights.type()) {
            case F32 -> dotsF32(weights, input, sums, y, yOffset, from, to);
            case BF16 ->
                    dotsBf16(weights, evensThenOdds(input, n), input, sums, y, yOffset, from, to);
            case F16 -> dotsF16(weights, input, sums, y, yOffset, from, to);
        }
    }

    private static void dotsF32(
            DenseMatrix w, float[] x, float[] sums, float[] y, int yOffset, int from, int to) {
        int whole = w.inputs() / LANES * LANES;
        for (int o = from; o < to; o += GROUP) {
            int group = Math.min(GROUP, to - o);
            if (group == GROUP) {
                fourF32(w.data(), w.byteOffset(o, 0), 4L * w.stride(), whole, x, sums);
            } else {
                for (int g = 0; g < group; g++) {
                    oneF32(w.data(), w.byteOffset(o + g, 0), whole, x, sums, g * LANES);
                }
            }
            finish(w, whole, x, sums, y, yOffset, o, group);
        }
    }

    static FloatVector floats(MemorySegment data, long at) {
        return FloatVector.fromMemorySegment(FLOATS, data, at, LITTLE);
    }

    private static void fourF32(
            MemorySegment w, long at, long stride, int length, float[] x, float[] sums) {
        FloatVector s0 = FloatVector.zero(FLOATS), s1 = s0, s2 = s0, s3 = s0;
        for (int i = 0; i < length; i += LANES) {
            FloatVector v = load(x, i);
            long p = at + 4L * i;
            s0 = v.fma(floats(w, p), s0);
            s1 = v.fma(floats(w, p + stride), s1);
            s2 = v.fma(floats(w, p + 2 * stride), s2);
            s3 = v.fma(floats(w, p + 3 * stride), s3);
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, LANES);
        s2.intoArray(sums, 2 * LANES);
        s3.intoArray(sums, 3 * LANES);
    }

    private static void oneF32(
            MemorySegment w, long at, int length, float[] x, float[] sums, int to) {
        FloatVector s = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += LANES) {
            s = load(x, i).fma(floats(w, at + 4L * i), s);
        }
        s.intoArray(sums, to);
    }

    /// Two neighbouring bfloat16 weights fill one 32-bit lane: the lower is moved up, the upper is
    /// masked, and no widening instruction is needed. `x` is laid out to match, [#evensThenOdds].
    private static void dotsBf16(
            DenseMatrix w,
            float[] paired,
            float[] x,
            float[] sums,
            float[] y,
            int yOffset,
            int from,
            int to) {
        int whole = w.inputs() / (2 * LANES) * (2 * LANES);
        for (int o = from; o < to; o += GROUP) {
            int group = Math.min(GROUP, to - o);
            if (group == GROUP) {
                fourBf16(w.data(), w.byteOffset(o, 0), 2L * w.stride(), whole, paired, sums);
            } else {
                for (int g = 0; g < group; g++) {
                    oneBf16(w.data(), w.byteOffset(o + g, 0), whole, paired, sums, g * LANES);
                }
            }
            finish(w, whole, x, sums, y, yOffset, o, group);
        }
    }

    private static float[] evensThenOdds(float[] x, int n) {
        int whole = n / (2 * LANES) * (2 * LANES);
        float[] paired = new float[whole];
        for (int block = 0; block < whole; block += 2 * LANES) {
            for (int i = 0; i < LANES; i++) {
                paired[block + i] = x[block + 2 * i];
                paired[block + LANES + i] = x[block + 2 * i + 1];
            }
        }
        return paired;
    }

    static IntVector pairs(MemorySegment data, long at) {
        return IntVector.fromMemorySegment(INTS, data, at, LITTLE);
    }

    static FloatVector lower(IntVector pair) {
        return pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    static FloatVector upper(IntVector pair) {
        return pair.and(0xffff0000).reinterpretAsFloats();
    }

    private static void fourBf16(
            MemorySegment w, long at, long stride, int length, float[] paired, float[] sums) {
        FloatVector s0 = FloatVector.zero(FLOATS), s1 = s0, s2 = s0, s3 = s0;
        for (int i = 0; i < length; i += 2 * LANES) {
            FloatVector even = load(paired, i);
            FloatVector odd = load(paired, i + LANES);
            long p = at + 2L * i;
            IntVector v = pairs(w, p);
            s0 = odd.fma(upper(v), even.fma(lower(v), s0));
            v = pairs(w, p + stride);
            s1 = odd.fma(upper(v), even.fma(lower(v), s1));
            v = pairs(w, p + 2 * stride);
            s2 = odd.fma(upper(v), even.fma(lower(v), s2));
            v = pairs(w, p + 3 * stride);
            s3 = odd.fma(upper(v), even.fma(lower(v), s3));
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, LANES);
        s2.intoArray(sums, 2 * LANES);
        s3.intoArray(sums, 3 * LANES);
    }

    private static void oneBf16(
            MemorySegment w, long at, int length, float[] paired, float[] sums, int to) {
        FloatVector s = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += 2 * LANES) {
            IntVector v = pairs(w, at + 2L * i);
            s = load(paired, i + LANES).fma(upper(v), load(paired, i).fma(lower(v), s));
        }
        s.intoArray(sums, to);
    }

    private static void dotsF16(
            DenseMatrix w, float[] x, float[] sums, float[] y, int yOffset, int from, int to) {
        int n = w.inputs();
        int whole = n / LANES * LANES;
        float[] row = new float[n];
        for (int o = from; o < to; o++) {
            VectorRead.read(w, w.byteOffset(o, 0), 1, n, row, 0);
            FloatVector s = FloatVector.zero(FLOATS);
            for (int i = 0; i < whole; i += LANES) {
                s = load(x, i).fma(load(row, i), s);
            }
            s.intoArray(sums, 0);
            finish(w, whole, x, sums, y, yOffset, o, 1);
        }
    }

    /// Rows are decoded into an array, at least four at a time so that four sums go on at once.
    static void codedDots(
            CodedMatrix w, float[] x, int xOffset, float[] y, int yOffset, int from, int to) {
        int n = w.inputs();
        boolean own = xOffset == 0 && x.length == n;
        float[] input = own ? x : Arrays.copyOfRange(x, xOffset, xOffset + n);
        if (w.multiply(from, to, input, y, yOffset + from)) {
            return;
        }
        int together = Math.max(4, w.decoder().together());
        float[] rows = new float[CpuBackend.roundUp(Math.min(together, to - from), 4) * n];
        float[] sums = new float[4 * LANES];
        for (int first = from; first < to; first += together) {
            int last = Math.min(first + together, to);
            w.decode(first, last, rows, 0);
            for (int o = first; o < last; o += 4) {
                int row = (o - first) * n;
                fourDots(rows, row, n, x, xOffset, sums);
                for (int g = 0; g < Math.min(4, last - o); g++) {
                    y[yOffset + o + g] =
                            tail(rows, row + g * n, n, x, xOffset, tree(sums, g * LANES));
                }
            }
        }
    }

    /// Four rows of `n` weights, whole vectors of each.
    private static void fourDots(
            float[] rows, int row, int n, float[] x, int xOffset, float[] sums) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int whole = n / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector xs = load(x, xOffset + i);
            s0 = xs.fma(load(rows, row + i), s0);
            s1 = xs.fma(load(rows, row + n + i), s1);
            s2 = xs.fma(load(rows, row + 2 * n + i), s2);
            s3 = xs.fma(load(rows, row + 3 * n + i), s3);
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, LANES);
        s2.intoArray(sums, 2 * LANES);
        s3.intoArray(sums, 3 * LANES);
    }

    /// The terms that did not fill a vector.
    private static float tail(float[] rows, int row, int n, float[] x, int xOffset, float sum) {
        float all = sum;
        for (int i = n / LANES * LANES; i < n; i++) {
            all = Math.fma(x[xOffset + i], rows[row + i], all);
        }
        return all;
    }

    /// Adds up the lanes of each partial sum, and the terms that did not fill a vector.
    private static void finish(
            DenseMatrix w,
            int whole,
            float[] x,
            float[] sums,
            float[] y,
            int yOffset,
            int output,
            int group) {
        for (int g = 0; g < group; g++) {
            float sum = tree(sums, g * LANES);
            for (int i = whole; i < w.inputs(); i++) {
                sum = Math.fma(x[i], ScalarKernels.weight(w, output + g, i), sum);
            }
            y[yOffset + output + g] = sum;
        }
    }

    /// Sum of the lanes at `from`, halving each time; destroys them.
    static float tree(float[] sums, int from) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                sums[from + i] += sums[from + half + i];
            }
        }
        return sums[from];
    }
}
