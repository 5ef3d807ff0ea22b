package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Gpu;
import entropylens.cuda.driver.Operand;
import entropylens.kernels.PanelProducts;
import entropylens.kernels.Precision;
import entropylens.kernels.RowTiles;
import java.lang.foreign.MemorySegment;

/// Products of some rows with panels of a matrix, computed on a GPU and brought back panel by
/// panel. All rows are one tile.
final class CudaPanels implements PanelProducts {
    /// Floats of a panel: what is brought back at a time.
    private static final int PANEL_FLOATS = 2 << 20;

    /// So many panels at least, so that the processor's threads share what is done with them.
    private static final int FEWEST_PANELS = 32;

    /// Outputs of a panel are a multiple of these.
    private static final int MULTIPLE = 64;

    private static final ThreadLocal<float[]> PANEL = ThreadLocal.withInitial(() -> new float[0]);

    private final Gpu gpu;
    private final Precision precision;
    private final Operand weights;
    private final float[] x;
    private final RowTiles tiles;
    private final int perPanel;

    CudaPanels(Gpu gpu, Precision precision, Operand weights, float[] x, int rows, int lanes) {
        if (!weights.outIn()) {
            throw new IllegalArgumentException("panels are cut of a matrix stored OUT_IN");
        }
        this.gpu = gpu;
        this.precision = precision;
        this.weights = weights;
        this.x = x;
        this.tiles = new RowTiles(rows, lanes, (rows + lanes - 1) / lanes * lanes);
        int share = Math.ceilDiv(weights.outputs(), FEWEST_PANELS);
        int most = Math.min(share, PANEL_FLOATS / tiles.paddedRows());
        this.perPanel = Math.max(1, most / MULTIPLE) * MULTIPLE;
    }

    @Override
    public RowTiles tiles() {
        return tiles;
    }

    @Override
    public int panels() {
        return Math.ceilDiv(weights.outputs(), perPanel);
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
        int floats = outputs(panel) * tiles.paddedRows();
        float[] products = PANEL.get();
        if (products.length < floats) {
            products = new float[floats];
            PANEL.set(products);
        }
        bring(panel, MemorySegment.ofArray(products).asSlice(0, (long) floats * Float.BYTES), 0);
        return products;
    }

    /// The whole panel is computed again, since another shape of product has other bits.
    @Override
    public float exact(int row, int output) {
        int panel = output / perPanel;
        float[] one = new float[1];
        long at = (long) (output - firstOutput(panel)) * tiles.paddedRows() + row;
        bring(panel, MemorySegment.ofArray(one), at * Float.BYTES);
        return one[0];
    }

    /// Computes a panel, and copies some of its bytes.
    private void bring(int panel, MemorySegment to, long at) {
        int from = firstOutput(panel);
        int stride = tiles.paddedRows();
        long inputBytes = (long) tiles.rows() * weights.inputs() * Float.BYTES;
        long panelBytes = (long) outputs(panel) * stride * Float.BYTES;
        try (DeviceMemory rows = gpu.pool().take(inputBytes, "the rows of a readout");
                DeviceMemory logits = gpu.pool().take(panelBytes, "a panel of a readout")) {
            rows.copyFrom(MemorySegment.ofArray(x).asSlice(0, inputBytes), 0);
            logits.zero();
            gpu.products()
                    .columns(
                            gpu.stream(),
                            precision,
                            weights.outputs(from, from + outputs(panel)),
                            rows.address(),
                            tiles.rows(),
                            logits.address(),
                            stride);
            logits.copyTo(to, at);
        }
    }
}
