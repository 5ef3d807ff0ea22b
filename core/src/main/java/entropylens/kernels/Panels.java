package entropylens.kernels;

import java.util.Arrays;

/// Copies of small pieces of a mapped matrix, widened to float32, and the arrays they live in.
///
/// Inner loops read from Java arrays: the same loop over a mapped segment runs at half the speed.
/// One instance belongs to one thread; its arrays grow to the largest piece asked for and are
/// reused.
final class Panels {
    /// Weights in one panel of an OUT_IN matrix: 512 KiB as float32, half of a common L2 cache.
    /// Smaller panels re-read the packed rows more often; larger ones no longer fit beside them.
    private static final int PANEL_WEIGHTS = 128 * 1024;

    private static final int MAX_OUTPUTS = 192;

    private static final ThreadLocal<Panels> OF_THREAD = ThreadLocal.withInitial(Panels::new);

    private float[] weights = new float[0];
    private float[] tile = new float[0];
    private float[] chain = new float[0];

    static Panels ofThread() {
        return OF_THREAD.get();
    }

    /// Outputs in one panel of an OUT_IN matrix: a multiple of [Kernels#TILE_ROWS].
    static int outputsPerPanel(int inputs) {
        int outputs = Math.clamp(PANEL_WEIGHTS / inputs, Kernels.TILE_ROWS, MAX_OUTPUTS);
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
        int padded = CpuBackend.roundUp(to - from, Kernels.TILE_ROWS);
        reserve(padded * inputs);
        kernels.read(matrix, from, 0, to - from, inputs, weights, 0);
        Arrays.fill(weights, (to - from) * inputs, padded * inputs, 0);
    }

    /// Loads the outputs `[from, to)` of the inputs `[first, last)` of an IN_OUT matrix, in pieces
    /// of `width` outputs, one after the other: in each, one row of `width` floats per input, zero
    /// beyond `to`. Several pieces are loaded together so that longer stretches of memory are read
    /// at once.
    void loadInputs(
            Kernels kernels, DenseMatrix matrix, int from, int to, int first, int last, int width) {
        int pieces = (to - from + width - 1) / width;
        int pieceSize = (last - first) * width;
        reserve(pieces * pieceSize);
        for (int piece = 0; piece < pieces; piece++) {
            int output = from + piece * width;
            if (output + width <= to) {
                kernels.read(
                        matrix, output, first, last - first, width, weights, piece * pieceSize);
            } else {
                loadNarrow(kernels, matrix, output, to, first, last, width, piece * pieceSize);
            }
        }
    }

    /// The last outputs, that do not fill a piece.
    private void loadNarrow(
            Kernels kernels,
            DenseMatrix matrix,
            int output,
            int to,
            int first,
            int last,
            int width,
            int offset) {
        int count = to - output;
        for (int i = first; i < last; i++) {
            int at = offset + (i - first) * width;
            kernels.read(matrix, output, i, 1, count, weights, at);
            Arrays.fill(weights, at + count, at + width, 0);
        }
    }

    private void reserve(int size) {
        if (weights.length < size) {
            weights = new float[size];
        }
    }
}
