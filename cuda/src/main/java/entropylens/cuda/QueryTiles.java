package entropylens.cuda;

import entropylens.model.BatchRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of a pass in tiles of one session each, as the prefill kernels take them; rows of sessions
/// that have only a few are in none.
///
/// @param count tiles
/// @param tiles what the upload is asked with: of each tile its first row, and how many it has
/// @param others of each row 1, or 0 where it is in a tile; likewise
record QueryTiles(int count, int tiles, int others, boolean anyOthers) {
    /// Query rows of a tile, in the wide and the narrow kernel.
    static final int WIDE = 32;

    static final int NARROW = 16;

    /// Rows of a session from which on the prefill kernels pay.
    private static final int FEWEST = 4;

    /// @param most rows of a tile
    static QueryTiles of(BatchRows rows, int most, PassUpload upload) {
        List<int[]> tiles = new ArrayList<>();
        float[] others = new float[rows.count()];
        boolean anyOthers = false;
        int first = 0;
        for (int r = 1; r <= rows.count(); r++) {
            if (r == rows.count() || rows.session(r) != rows.session(first)) {
                if (r - first < FEWEST) {
                    Arrays.fill(others, first, r, 1);
                    anyOthers = true;
                } else {
                    for (int from = first; from < r; from += most) {
                        tiles.add(new int[] {from, Math.min(most, r - from)});
                    }
                }
                first = r;
            }
        }
        if (tiles.isEmpty()) {
            return new QueryTiles(0, -1, -1, true);
        }
        int[] flat = tiles.stream().flatMapToInt(Arrays::stream).toArray();
        return new QueryTiles(tiles.size(), upload.add(flat), upload.add(others), anyOthers);
    }
}
