package entropylens.kernels;

/// Rows of activations, transposed into tiles so that neighbouring lanes are neighbouring rows.
///
/// Tile t holds the rows `[t · width, …)`; input i of its rows starts at `offset(t) + i ·
/// stride(t)`. Rows are padded with zeros to whole vectors.
public final class PackedRows {
    private final float[] data;
    private final int rows;
    private final int inputs;
    private final int lanes;
    private final int tileWidth;

    /// Packs `rows` rows of `inputs` floats that stand one after the other in `x`.
    public PackedRows(Kernels kernels, WorkerPool pool, float[] x, int rows, int inputs) {
        this.rows = rows;
        this.inputs = inputs;
        this.lanes = kernels.lanes();
        this.tileWidth = Kernels.TILE_VECTORS * lanes;
        this.data = new float[MatMul.roundUp(rows, lanes) * inputs];
        pool.run(tiles(), tile -> pack(x, tile));
    }

    private void pack(float[] x, int tile) {
        int first = tile * tileWidth;
        int last = Math.min(first + tileWidth, rows);
        int stride = stride(tile);
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

    public float[] data() {
        return data;
    }

    public int rows() {
        return rows;
    }

    public int inputs() {
        return inputs;
    }

    public int tiles() {
        return (rows + tileWidth - 1) / tileWidth;
    }

    public int offset(int tile) {
        return tile * tileWidth * inputs;
    }

    /// Width of a tile in floats, padding included.
    public int stride(int tile) {
        return vectors(tile) * lanes;
    }

    /// Width of a tile in vectors.
    public int vectors(int tile) {
        int left = Math.min(tileWidth, rows - tile * tileWidth);
        return (left + lanes - 1) / lanes;
    }

    /// Rows of a tile that are not padding.
    public int rowsOf(int tile) {
        return Math.min(tileWidth, rows - tile * tileWidth);
    }

    /// Rows of all tiles, padding included.
    public int paddedRows() {
        return MatMul.roundUp(rows, lanes);
    }
}
