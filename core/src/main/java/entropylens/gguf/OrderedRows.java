package entropylens.gguf;

import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Kernels;
import entropylens.kernels.RowDecoder;

/// Rows of a mapped matrix in another order than the file has them in.
///
/// @param stored the matrix of the file
/// @param order which of its rows each row is
record OrderedRows(DenseMatrix stored, int[] order) implements RowDecoder {
    /// Any would do: reading is exact.
    private static final Kernels KERNELS = Kernels.best();

    @Override
    public void decode(int output, float[] to, int toOffset) {
        KERNELS.read(stored, order[output], 0, 1, stored.inputs(), to, toOffset);
    }
}
