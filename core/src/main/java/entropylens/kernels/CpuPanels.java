package entropylens.kernels;

import org.jspecify.annotations.Nullable;

/// Products of packed rows with one panel of an [Matrix.Layout#OUT_IN] matrix after another.
/// Results live in the calling thread's scratch.
final class CpuPanels implements PanelProducts {
    private final Kernels kernels;
    private final float[] x;
    private final PackedRows rows;
    private final Matrix weights;
    private final int perPanel;

    CpuPanels(Kernels kernels, WorkerPool pool, Matrix weights, float[] x, int rows) {
        if (weights.layout() != Matrix.Layout.OUT_IN) {
            throw new IllegalArgumentException("panels are cut of a matrix stored OUT_IN");
        }
        this.kernels = kernels;
        this.x = x;
        this.rows = new PackedRows(kernels, pool, x, rows, weights.inputs());
        this.weights = weights;
        this.perPanel = Panels.outputsPerPanel(weights.inputs());
    }

    @Override
    public RowTiles tiles() {
        return rows.tiles();
    }

    @Override
    public int panels() {
        return (weights.outputs() + perPanel - 1) / perPanel;
    }

    @Override
    public int firstOutput(int panel) {
        return panel * perPanel;
    }

    @Override
    public int outputs(int panel) {
        return Math.min(perPanel, weights.outputs() - firstOutput(panel));
    }

    @Override
    public float[] compute(int panel) {
        int outputs = outputs(panel);
        Panels scratch = load(panel);
        // the last row group of a tile may run beyond its outputs; the next tile overwrites that,
        // so the array has
        // room for one group more
        int room = outputs * tiles().paddedRows() + Kernels.TILE_ROWS * tiles().width();
        float[] out = scratch.tile(room);
        for (int tile = 0; tile < tiles().count(); tile++) {
            multiply(scratch.weights(), tile, outputs, out, tiles().offset(tile, outputs));
        }
        return out;
    }

    /// Computes one panel, and puts it where each row's outputs stand together.
    ///
    /// @param out `rows × outputs of the matrix`
    void scatter(int panel, float @Nullable [] bias, float[] out) {
        Panels scratch = load(panel);
        int outputs = outputs(panel);
        for (int tile = 0; tile < tiles().count(); tile++) {
            float[] c = scratch.tile(perPanel * tiles().stride(tile));
            multiply(scratch.weights(), tile, outputs, c, 0);
            scatter(tile, c, firstOutput(panel), outputs, bias, out);
        }
    }

    private void scatter(
            int tile, float[] c, int from, int count, float @Nullable [] bias, float[] out) {
        int stride = tiles().stride(tile);
        for (int r = 0; r < tiles().rowsOf(tile); r++) {
            int at = (tiles().firstRow(tile) + r) * weights.outputs() + from;
            for (int o = 0; o < count; o++) {
                float value = c[o * stride + r];
                out[at + o] = bias == null ? value : value + bias[from + o];
            }
        }
    }

    private Panels load(int panel) {
        int from = firstOutput(panel);
        Panels scratch = Panels.ofThread();
        scratch.loadOutputs(kernels, weights, from, from + outputs(panel));
        return scratch;
    }

    /// `c[output][row] = W[output] · x[row]` for the outputs of a loaded panel and the rows of one
    /// tile.
    private void multiply(float[] panel, int tile, int outputs, float[] c, int cOffset) {
        int inputs = weights.inputs();
        int stride = tiles().stride(tile);
        float[] chain = Panels.ofThread().chain(Kernels.TILE_ROWS * stride);
        for (int start = 0; start < inputs; start += Kernels.CHAIN) {
            int length = Math.min(Kernels.CHAIN, inputs - start);
            for (int o = 0; o < outputs; o += Kernels.TILE_ROWS) {
                boolean first = start == 0;
                int at = cOffset + o * stride;
                kernels.tile(
                        panel,
                        o * inputs + start,
                        inputs,
                        rows.data(),
                        rows.offset(tile) + start * stride,
                        length,
                        tiles().vectors(tile),
                        first ? c : chain,
                        first ? at : 0,
                        stride);
                if (!first) {
                    CpuBackend.add(chain, 0, c, at, Kernels.TILE_ROWS * stride);
                }
            }
        }
    }

    @Override
    public float exact(int row, int output) {
        return ScalarKernels.product(weights, output, x, row * weights.inputs());
    }
}
