package entropylens.kernels;

/// How rows are laid out so that neighbouring lanes of a vector are neighbouring rows: in tiles,
/// the last of which is padded to whole vectors.
///
/// @param rows that are not padding
/// @param lanes floats in a vector
/// @param width rows of a whole tile, a multiple of `lanes`
public record RowTiles(int rows, int lanes, int width) {
    /// Number of tiles.
    public int count() {
        return (rows + width - 1) / width;
    }

    /// Width of a tile in floats, padding included.
    public int stride(int tile) {
        return vectors(tile) * lanes;
    }

    /// Width of a tile in vectors.
    int vectors(int tile) {
        return (rowsOf(tile) + lanes - 1) / lanes;
    }

    /// Rows of a tile that are not padding.
    public int rowsOf(int tile) {
        return Math.min(width, rows - firstRow(tile));
    }

    /// First row of a tile.
    public int firstRow(int tile) {
        return tile * width;
    }

    /// The tile of a row.
    public int tileOf(int row) {
        return row / width;
    }

    /// Where a tile begins when each holds `depth` floats of every row.
    public int offset(int tile, int depth) {
        return tile * width * depth;
    }

    /// Rows of all tiles, padding included.
    public int paddedRows() {
        return (rows + lanes - 1) / lanes * lanes;
    }
}
