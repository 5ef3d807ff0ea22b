package entropylens.kernels;

/// Rows of activations, transposed into tiles: input i of a tile's rows starts at `offset(tile) + i
/// · stride(tile)`. Rows are padded with zeros to whole vectors.
final class PackedRows {
    private final float[] data;
    private final int inputs;
    private final RowTiles tiles;

    /// Packs `rows` rows of `inputs` floats that stand one after the other in `x`.
    PackedRows(Kernels kernels, WorkerPool pool, float[] x, int rows, int inputs) {
        this.inputs = inputs;
        this.tiles = new RowTiles(rows, kernels.lanes(), Kernels.TILE_VECTORS * kernels.lanes());
        this.data = new float[tiles.paddedRows() * inputs];
        pool.run(tiles.count(), tile -> pack(x, tile));
    }

    private void pack(float[] x, int tile) {
        int first = tiles.firstRow(tile);
        int last = first + tiles.rowsOf(tile);
        int stride = tiles.stride(tile);
        int offset = offset(tile);
        // sixteen inputs at a time: both sides then stay within a few cache lines
        for (int block = 0; block < inputs; block += 16) {
            int end = Math.min(block + 16, inputs);
            for (int r = first; r < last; r++) {
                int from = r * inputs;
                int to = offset + r - first;
                for (int i = block; i < end; i++) {
                    data[to + i * stride] = x[from + i];
                }
            }
        }
    }

    float[] data() {
        return data;
    }

    int inputs() {
        return inputs;
    }

    RowTiles tiles() {
        return tiles;
    }

    int offset(int tile) {
        return tiles.offset(tile, inputs);
    }
}
