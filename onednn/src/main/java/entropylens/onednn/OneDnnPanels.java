package entropylens.onednn;

import entropylens.kernels.Matrix;
import entropylens.kernels.PanelProducts;
import entropylens.kernels.RowTiles;
import entropylens.kernels.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Products of rows with one panel of a matrix after another. Rows are rounded and packed once;
/// weights are read panel by panel, in place where they are bfloat16.
///
/// All panels of a matrix have one height: the last begins so early that it is whole, and what is
/// computed twice is left out. So a matrix has one shape of product for each width of tile, and a
/// row the same bits in all of them.
final class OneDnnPanels implements PanelProducts {
    /// Rows of a tile: four vectors.
    private static final int TILE = 64;

    /// Rows are padded to a multiple of these.
    private static final int LANES = 16;

    /// Packed tiles begin at a multiple of these bytes.
    private static final long ALIGNMENT = 64;

    /// Weights of a panel: 512 KiB, half of a common L2 cache.
    private static final int PANEL_WEIGHTS = 256 * 1024;

    private static final int MAX_OUTPUTS = 256;

    private static final ThreadLocal<float[]> PANEL = ThreadLocal.withInitial(() -> new float[0]);

    private final Desks desks;
    private final Matrix weights;
    private final int perPanel;
    private final RowTiles tiles;
    private final MemorySegment packed;

    /// Bytes of a packed tile that is whole.
    private final long tileBytes;

    OneDnnPanels(Desks desks, WorkerPool pool, Matrix weights, float[] x, int rows) {
        if (weights.layout() != Matrix.Layout.OUT_IN) {
            throw new IllegalArgumentException("panels are cut of a matrix stored OUT_IN");
        }
        this.desks = desks;
        this.weights = weights;
        int most = Math.clamp(PANEL_WEIGHTS / weights.inputs(), LANES, MAX_OUTPUTS);
        this.perPanel = Math.min(weights.outputs(), most / LANES * LANES);
        this.tiles = new RowTiles(rows, LANES, TILE);
        long bytes = desks.at(desk -> product(desk, 0).multiply().packedBytes());
        this.tileBytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        this.packed = desks.rows(tileBytes * tiles.count());
        pool.run(tiles.count(), tile -> pack(x, tile));
    }

    private Desk.Product product(Desk desk, int tile) {
        return desk.product(perPanel, weights.inputs(), Desk.stride(weights), tiles.stride(tile));
    }

    private void pack(float[] x, int tile) {
        int inputs = weights.inputs();
        int count = tiles.rowsOf(tile) * inputs;
        int padded = tiles.stride(tile) * inputs;
        desks.at(desk -> {
            MemorySegment rows = desk.floats(padded);
            MemorySegment.copy(
                    x, tiles.firstRow(tile) * inputs, rows, ValueLayout.JAVA_FLOAT, 0, count);
            rows.asSlice((long) count * Float.BYTES, (long) (padded - count) * Float.BYTES)
                    .fill((byte) 0);
            product(desk, tile).pack().run(rows, packed(tile));
            return tile;
        });
    }

    private MemorySegment packed(int tile) {
        return packed.asSlice(tile * tileBytes);
    }

    /// Gives back the memory of the packed rows; nothing may be computed after.
    void release() {
        desks.giveBack(packed);
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
        int outputs = outputs(panel);
        float[] found = ofThread(outputs * tiles.paddedRows());
        desks.at(desk -> {
            MemorySegment loaded = load(desk, panel);
            for (int tile = 0; tile < tiles.count(); tile++) {
                multiply(desk, loaded, panel, tile, found, tiles.offset(tile, outputs));
            }
            return found;
        });
        return found;
    }

    /// Computes one panel, and puts it where each row's outputs stand together.
    ///
    /// @param out `rows × outputs of the matrix`
    void scatter(int panel, float @Nullable [] bias, float[] out) {
        float[] found = ofThread(outputs(panel) * TILE);
        desks.at(desk -> {
            MemorySegment loaded = load(desk, panel);
            for (int tile = 0; tile < tiles.count(); tile++) {
                multiply(desk, loaded, panel, tile, found, 0);
                scatter(found, panel, tile, bias, out);
            }
            return out;
        });
    }

    private void scatter(float[] from, int panel, int tile, float @Nullable [] bias, float[] out) {
        int stride = tiles.stride(tile);
        int first = firstOutput(panel);
        int outputs = outputs(panel);
        for (int r = 0; r < tiles.rowsOf(tile); r++) {
            int at = (tiles.firstRow(tile) + r) * weights.outputs() + first;
            for (int o = 0; o < outputs; o++) {
                float value = from[o * stride + r];
                out[at + o] = bias == null ? value : value + bias[first + o];
            }
        }
    }

    private MemorySegment load(Desk desk, int panel) {
        return desk.weights(weights, firstOutput(panel) - again(panel), perPanel);
    }

    /// Outputs that the panel before has computed.
    private int again(int panel) {
        return perPanel - outputs(panel);
    }

    /// `to[output][row]` for the outputs of a panel and the rows of a tile.
    private void multiply(
            Desk desk, MemorySegment loaded, int panel, int tile, float[] to, int toOffset) {
        int stride = tiles.stride(tile);
        MemorySegment computed = desk.computed(perPanel * stride);
        product(desk, tile).multiply().run(loaded, packed(tile), computed);
        MemorySegment.copy(
                computed,
                ValueLayout.JAVA_FLOAT,
                (long) again(panel) * stride * Float.BYTES,
                to,
                toOffset,
                outputs(panel) * stride);
    }

    /// The tile is computed again.
    @Override
    public float exact(int row, int output) {
        int panel = output / perPanel;
        int tile = tiles.tileOf(row);
        float[] found = new float[outputs(panel) * tiles.stride(tile)];
        desks.at(desk -> {
            multiply(desk, load(desk, panel), panel, tile, found, 0);
            return found;
        });
        int at = (output - firstOutput(panel)) * tiles.stride(tile);
        return found[at + row - tiles.firstRow(tile)];
    }

    private static float[] ofThread(int floats) {
        float[] panel = PANEL.get();
        if (panel.length < floats) {
            panel = new float[floats];
            PANEL.set(panel);
        }
        return panel;
    }
}
