package entropylens.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Copies of small pieces of a mapped matrix, widened to float32, and the arrays they live in.
///
/// Inner loops read from Java arrays: the same loop over a mapped segment runs at half the speed.
/// One instance belongs to one thread; its arrays grow to the largest piece asked for and are
/// reused.
final class Panels {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Weights in one panel of an OUT_IN matrix: 512 KiB as float32, half of a common L2 cache.
    /// Smaller panels re-read the packed rows more often; larger ones no longer fit beside them.
    private static final int PANEL_WEIGHTS = 128 * 1024;

    private static final int MOST_OUTPUTS = 192;

    private static final ThreadLocal<Panels> OF_THREAD = ThreadLocal.withInitial(Panels::new);

    private float[] weights = new float[0];
    private float[] tile = new float[0];
    private float[] chain = new float[0];
    private short[] halves = new short[0];

    static Panels ofThread() {
        return OF_THREAD.get();
    }

    /// Outputs in one panel of an OUT_IN matrix: a multiple of [Kernels#TILE_ROWS].
    static int outputsPerPanel(int inputs) {
        int outputs = Math.clamp(PANEL_WEIGHTS / inputs, Kernels.TILE_ROWS, MOST_OUTPUTS);
        return outputs / Kernels.TILE_ROWS * Kernels.TILE_ROWS;
    }

    /// The panel last loaded.
    float[] weights() {
        return weights;
    }

    /// Scratch for results, at least `size` floats, with arbitrary contents.
    float[] tile(int size) {
        if (tile.length < size) {
            tile = new float[size];
        }
        return tile;
    }

    /// Scratch for one chain of a long product, at least `size` floats.
    float[] chain(int size) {
        if (chain.length < size) {
            chain = new float[size];
        }
        return chain;
    }

    /// Loads the outputs `[from, to)` of an OUT_IN matrix as rows of `inputs` floats, and zeros up
    /// to a multiple of [Kernels#TILE_ROWS] rows.
    void loadOutputs(Kernels kernels, Matrix matrix, int from, int to) {
        int inputs = matrix.inputs();
        int padded = MatMul.roundUp(to - from, Kernels.TILE_ROWS);
        reserve(padded * inputs);
        for (int o = from; o < to; o++) {
            copy(kernels, matrix, matrix.byteOffset(o, 0), (o - from) * inputs, inputs);
        }
        Arrays.fill(weights, (to - from) * inputs, padded * inputs, 0);
    }

    /// Loads the outputs `[from, to)` of the inputs `[first, last)` of an IN_OUT matrix: one row of
    /// `width` floats per input, zero beyond `to`.
    void loadInputs(
            Kernels kernels, Matrix matrix, int from, int to, int first, int last, int width) {
        reserve((last - first) * width);
        for (int i = first; i < last; i++) {
            int at = (i - first) * width;
            copy(kernels, matrix, matrix.byteOffset(from, i), at, to - from);
            Arrays.fill(weights, at + to - from, at + width, 0);
        }
    }

    private void reserve(int size) {
        if (weights.length < size) {
            weights = new float[size];
        }
    }

    private void copy(Kernels kernels, Matrix matrix, long byteOffset, int at, int count) {
        MemorySegment data = matrix.data();
        if (matrix.type() == WeightType.F32) {
            MemorySegment.copy(data, FLOAT, byteOffset, weights, at, count);
            return;
        }
        if (halves.length < count) {
            halves = new short[count];
        }
        MemorySegment.copy(data, SHORT, byteOffset, halves, 0, count);
        if (matrix.type() == WeightType.BF16) {
            kernels.widenBf16(halves, weights, at, count);
        } else {
            widenF16(at, count);
        }
    }

    /// The JIT compiler turns this loop into vector conversions.
    private void widenF16(int at, int count) {
        for (int i = 0; i < count; i++) {
            weights[at + i] = Float.float16ToFloat(halves[i]);
        }
    }
}
