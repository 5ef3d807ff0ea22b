package entropylens.kernels;

import org.jspecify.annotations.Nullable;

/// Products with an [Matrix.Layout#IN_OUT] matrix: neighbouring lanes are neighbouring outputs, so
/// that the matrix is read as it lies. The sums have the same order as those of [CpuPanels].
final class OutputTiles {
    private final Kernels kernels;
    private final DenseMatrix weights;
    private final float[] x;
    private final int rows;

    /// The rows that do not fill a tile, padded with zeros.
    private final float[] rest;

    /// Outputs of a panel: two tiles, one after the other.
    private final int width;

    OutputTiles(Kernels kernels, DenseMatrix weights, float[] x, int rows) {
        this.kernels = kernels;
        this.weights = weights;
        this.x = x;
        this.rows = rows;
        this.width = 2 * Kernels.TILE_VECTORS * kernels.lanes();
        int inputs = weights.inputs();
        int whole = rows / Kernels.TILE_ROWS * Kernels.TILE_ROWS;
        this.rest = new float[Kernels.TILE_ROWS * inputs];
        System.arraycopy(x, whole * inputs, rest, 0, (rows - whole) * inputs);
    }

    int panels() {
        return (weights.outputs() + width - 1) / width;
    }

    /// @param out `rows × outputs`, of which this panel's are overwritten
    void compute(int panel, float @Nullable [] bias, float[] out) {
        int from = panel * width;
        int to = Math.min(from + width, weights.outputs());
        float[] c = multiply(from, to);
        for (int r = 0; r < rows; r++) {
            int at = r * weights.outputs();
            for (int o = from; o < to; o++) {
                float value = c[r * width + o - from];
                out[at + o] = bias == null ? value : value + bias[o];
            }
        }
    }

    private float[] multiply(int from, int to) {
        int inputs = weights.inputs();
        Panels scratch = Panels.ofThread();
        float[] c = scratch.tile(CpuBackend.roundUp(rows, Kernels.TILE_ROWS) * width);
        float[] chain = scratch.chain(Kernels.TILE_ROWS * width);
        int half = width / 2;
        for (int start = 0; start < inputs; start += Kernels.CHAIN) {
            int end = Math.min(start + Kernels.CHAIN, inputs);
            scratch.loadInputs(kernels, weights, from, to, start, end, half);
            for (int shift = 0; shift < width && from + shift < to; shift += half) {
                for (int r = 0; r < rows; r += Kernels.TILE_ROWS) {
                    boolean last = r + Kernels.TILE_ROWS > rows;
                    boolean first = start == 0;
                    int at = r * width + shift;
                    kernels.tile(
                            last ? rest : x,
                            (last ? 0 : r * inputs) + start,
                            inputs,
                            scratch.weights(),
                            shift * (end - start),
                            end - start,
                            Kernels.TILE_VECTORS,
                            first ? c : chain,
                            first ? at : 0,
                            width);
                    for (int row = 0; !first && row < Kernels.TILE_ROWS; row++) {
                        CpuBackend.add(chain, row * width, c, at + row * width, half);
                    }
                }
            }
        }
        return c;
    }
}
