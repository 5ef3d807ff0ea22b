package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.LANES;
import static entropylens.kernels.VectorMath.load;
import static entropylens.kernels.VectorRows.floats;
import static entropylens.kernels.VectorRows.lower;
import static entropylens.kernels.VectorRows.pairs;
import static entropylens.kernels.VectorRows.upper;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// One row against mapped weights that are stored output by output of an input (GPT-2). Lanes are
/// outputs, so each sum runs over the inputs in order, and has the same bits as in a batch.
final class VectorColumnSums {
    private final DenseMatrix w;
    private final float[] x;
    private final int xOffset;
    private final int from;
    private final int width;

    /// Outputs that fill whole vectors; the others are summed one by one.
    private final int whole;

    /// Sums of the current chain, by output; for bfloat16, blocks of two vectors hold the even
    /// outputs and then the odd ones, as they fall out of 32-bit lanes.
    private final float[] partial;

    private VectorColumnSums(DenseMatrix w, float[] x, int xOffset, int from, int to) {
        this.w = w;
        this.x = x;
        this.xOffset = xOffset;
        this.from = from;
        this.width = to - from;
        int block = w.type() == WeightType.BF16 ? 2 * LANES : LANES;
        this.whole = width / block * block;
        this.partial = new float[width];
    }

    static void run(
            DenseMatrix w, float[] x, int xOffset, float[] y, int yOffset, int from, int to) {
        VectorColumnSums sums = new VectorColumnSums(w, x, xOffset, from, to);
        for (int start = 0; start < w.inputs(); start += Kernels.CHAIN) {
            int end = Math.min(start + Kernels.CHAIN, w.inputs());
            Arrays.fill(sums.partial, 0);
            sums.chain(start, end);
            for (int j = 0; j < sums.width; j++) {
                int at = yOffset + from + j;
                float sum = sums.partial[sums.slot(j)];
                y[at] = start == 0 ? sum : y[at] + sum;
            }
        }
    }

    /// Where the sum of an output stands in `partial`.
    private int slot(int output) {
        if (w.type() != WeightType.BF16 || output >= whole) {
            return output;
        }
        int inBlock = output % (2 * LANES);
        return output - inBlock + inBlock / 2 + (inBlock % 2) * LANES;
    }

    private void chain(int start, int end) {
        switch (w.type()) {
            case F32 -> chainF32(start, end);
            case BF16 -> chainBf16(start, end);
            case F16 -> chainF16(start, end);
        }
    }

    private void chainF32(int start, int end) {
        int i = start;
        for (; i + 4 <= end; i += 4) {
            fourInputsF32(w.data(), w.byteOffset(from, i), 4L * w.stride(), xOffset + i);
        }
        for (; i < end; i++) {
            one(i, 0, whole);
        }
        for (i = start; i < end; i++) {
            one(i, whole, width);
        }
    }

    private void fourInputsF32(MemorySegment data, long at, long stride, int xAt) {
        FloatVector x0 = FloatVector.broadcast(FLOATS, x[xAt]);
        FloatVector x1 = FloatVector.broadcast(FLOATS, x[xAt + 1]);
        FloatVector x2 = FloatVector.broadcast(FLOATS, x[xAt + 2]);
        FloatVector x3 = FloatVector.broadcast(FLOATS, x[xAt + 3]);
        for (int j = 0; j < whole; j += LANES) {
            long p = at + 4L * j;
            FloatVector s = x0.fma(floats(data, p), load(partial, j));
            s = x1.fma(floats(data, p + stride), s);
            s = x2.fma(floats(data, p + 2 * stride), s);
            s = x3.fma(floats(data, p + 3 * stride), s);
            s.intoArray(partial, j);
        }
    }

    private void chainBf16(int start, int end) {
        int i = start;
        for (; i + 4 <= end; i += 4) {
            fourInputsBf16(w.data(), w.byteOffset(from, i), 2L * w.stride(), xOffset + i);
        }
        for (; i < end; i++) {
            one(i, 0, whole);
        }
        for (i = start; i < end; i++) {
            one(i, whole, width);
        }
    }

    private void fourInputsBf16(MemorySegment data, long at, long stride, int xAt) {
        FloatVector x0 = FloatVector.broadcast(FLOATS, x[xAt]);
        FloatVector x1 = FloatVector.broadcast(FLOATS, x[xAt + 1]);
        FloatVector x2 = FloatVector.broadcast(FLOATS, x[xAt + 2]);
        FloatVector x3 = FloatVector.broadcast(FLOATS, x[xAt + 3]);
        for (int j = 0; j < whole; j += 2 * LANES) {
            long p = at + 2L * j;
            IntVector v0 = pairs(data, p);
            IntVector v1 = pairs(data, p + stride);
            IntVector v2 = pairs(data, p + 2 * stride);
            IntVector v3 = pairs(data, p + 3 * stride);
            FloatVector even = x0.fma(lower(v0), load(partial, j));
            FloatVector odd = x0.fma(upper(v0), load(partial, j + LANES));
            even = x1.fma(lower(v1), even);
            odd = x1.fma(upper(v1), odd);
            even = x2.fma(lower(v2), even);
            odd = x2.fma(upper(v2), odd);
            x3.fma(lower(v3), even).intoArray(partial, j);
            x3.fma(upper(v3), odd).intoArray(partial, j + LANES);
        }
    }

    /// One input, for the outputs `[first, last)` of this piece.
    private void one(int input, int first, int last) {
        for (int j = first; j < last; j++) {
            float weight = ScalarKernels.weight(w, from + j, input);
            int slot = slot(j);
            partial[slot] = Math.fma(x[xOffset + input], weight, partial[slot]);
        }
    }

    private void chainF16(int start, int end) {
        float[] row = new float[width];
        for (int i = start; i < end; i++) {
            VectorRead.read(w, w.byteOffset(from, i), 1, width, row, 0);
            VectorAttention.addScaled(x[xOffset + i], row, 0, partial, 0, width);
        }
    }
}
