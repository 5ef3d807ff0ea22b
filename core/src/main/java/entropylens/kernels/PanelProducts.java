package entropylens.kernels;

/// Products of packed rows with one panel of outputs after another: what the readout consumes. Safe
/// to use from several threads; results live in the calling thread's scratch.
public final class PanelProducts {
    private final MatMul matMul;
    private final PackedRows rows;
    private final Matrix weights;
    private final int perPanel;

    public PanelProducts(MatMul matMul, PackedRows rows, Matrix weights) {
        this.matMul = matMul;
        this.rows = rows;
        this.weights = weights;
        this.perPanel = Panels.outputsPerPanel(weights.inputs());
    }

    public int panels() {
        return (weights.outputs() + perPanel - 1) / perPanel;
    }

    public int firstOutput(int panel) {
        return panel * perPanel;
    }

    /// Outputs of a panel.
    public int outputs(int panel) {
        return Math.min(perPanel, weights.outputs() - firstOutput(panel));
    }

    /// Where tile `tile` starts in what [#compute] returns, for a panel of `outputs` outputs.
    public int tileOffset(int tile, int outputs) {
        return tile * outputs * rows.stride(0);
    }

    /// Floats of a panel of `outputs` outputs, all tiles.
    public int logitCount(int outputs) {
        return outputs * rows.paddedRows();
    }

    /// The products of one panel: tile after tile, each `[output][row of the tile]`. Valid until
    /// this thread computes its next panel.
    public float[] compute(int panel) {
        int from = firstOutput(panel);
        int outputs = outputs(panel);
        Panels scratch = Panels.ofThread();
        scratch.loadOutputs(matMul.kernels(), weights, from, from + outputs);
        // the last row group of a tile may run beyond its outputs; the next tile overwrites that,
        // so the array has
        // room for one group more
        float[] out = scratch.tile(logitCount(outputs) + Kernels.TILE_ROWS * rows.stride(0));
        for (int tile = 0; tile < rows.tiles(); tile++) {
            matMul.rowTile(scratch.weights(), rows, tile, outputs, out, tileOffset(tile, outputs));
        }
        return out;
    }

    /// One product with the very bits that [#compute] gives it.
    ///
    /// @param x rows one after the other, unpacked
    public float exact(float[] x, int row, int output) {
        return ScalarKernels.product(weights, output, x, row * weights.inputs());
    }
}
