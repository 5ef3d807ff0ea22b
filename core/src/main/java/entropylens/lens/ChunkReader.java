package entropylens.lens;

import entropylens.kernels.Kernels;
import entropylens.kernels.PanelProducts;
import entropylens.kernels.RowTiles;
import org.jspecify.annotations.Nullable;

/// Reads one chunk of rows in one pass over W_U.
///
/// The vocabulary is cut into stripes, shared among threads; a stripe is read panel by panel. For
/// each panel the logits of all rows exist for a moment, as tiles `[entry][row]`.
final class ChunkReader {
    /// A fixed number, so that the order of sums does not depend on the number of threads.
    static final int STRIPES = 32;

    private static final int TOGETHER = 64;

    private final Unembed unembed;
    private final Kernels kernels;
    private final ReadoutRequest request;
    private final LogitLens.Chunk chunk;
    private final float[] rows;
    private final RowTiles tiles;
    private final PanelProducts products;
    private final int[] references;
    private final int @Nullable [] targets;
    private final float[] targetLogits;

    private final TopPSets sets;

    /// `[slot][d_vocab]`, only where top-p sets are asked for.
    private final float[][] wholeRows;

    ChunkReader(
            Unembed unembed,
            ReadoutRequest request,
            LogitLens.Chunk chunk,
            float[] rows,
            int @Nullable [] targets,
            int @Nullable [] references,
            TopPSets sets) {
        this.unembed = unembed;
        this.kernels = unembed.backend().kernels();
        this.request = request;
        this.chunk = chunk;
        this.rows = rows;
        this.targets = targets;
        int n = chunk.rows().length;
        float[] inputs = inputs();
        this.products = unembed.panels(inputs, n);
        this.tiles = products.tiles();
        this.references = new int[tiles.paddedRows()];
        for (int slot = 0; references != null && slot < n; slot++) {
            int reference = slot < chunk.owned() ? references[chunk.rows()[slot]] : -1;
            this.references[slot] = reference < 0 ? slot : chunk.slotOf(reference);
        }
        this.targetLogits = targets == null ? new float[0] : targetLogits(targets);
        this.sets = sets;
        this.wholeRows = sets.room(chunk.owned());
    }

    /// The rows of this chunk, ready for W_U.
    private float[] inputs() {
        int d = unembed.dModel();
        int n = chunk.rows().length;
        float[] own = new float[n * d];
        for (int slot = 0; slot < n; slot++) {
            System.arraycopy(rows, chunk.rows()[slot] * d, own, slot * d, d);
        }
        return unembed.inputs(own, n);
    }

    /// The logit of each row's target, with the very bits that the pass over W_U will give it:
    /// ranks compare them.
    private float[] targetLogits(int[] targetOfRow) {
        int n = chunk.rows().length;
        float[] logits = new float[tiles.paddedRows()];
        for (int slot = 0; slot < n; slot++) {
            int target = targetOfRow[chunk.rows()[slot]];
            if (target != LogitLens.NO_TARGET) {
                logits[slot] = withBias(products.exact(slot, target), target);
            }
        }
        softcap(logits, logits.length);
        return logits;
    }

    private float withBias(float logit, int token) {
        float[] bias = unembed.bias();
        return bias == null ? logit : logit + bias[token];
    }

    private void softcap(float[] z, int count) {
        if (unembed.softcap().isPresent()) {
            kernels.softcap(z, count, (float) unembed.softcap().getAsDouble());
        }
    }

    void read(Readouts into) {
        int panels = products.panels();
        int stripes = Math.min(STRIPES, panels);
        RowStatistics[] parts = new RowStatistics[stripes];
        unembed.backend()
                .pool()
                .run(
                        stripes,
                        stripe -> {
                            int first = (int) ((long) stripe * panels / stripes);
                            int last = (int) ((long) (stripe + 1) * panels / stripes);
                            parts[stripe] = readStripe(first, last);
                        });
        RowStatistics all = parts[0];
        for (int stripe = 1; stripe < stripes; stripe++) {
            all.merge(parts[stripe]);
        }
        store(all, sets.read(wholeRows, all.max, all.sum, chunk.rows()), into);
    }

    private RowStatistics readStripe(int firstPanel, int lastPanel) {
        RowStatistics statistics = new RowStatistics(tiles.paddedRows(), request, references);
        TileStatistics adding =
                new TileStatistics(kernels, request, tiles, statistics, targetLogits);
        for (int panel = firstPanel; panel < lastPanel; panel++) {
            int from = products.firstOutput(panel);
            int entries = products.outputs(panel);
            float[] logits = products.compute(panel);
            unembed.finish(logits, tiles, from, entries);
            adding.add(logits, from, entries);
            keepWholeRows(logits, from, entries);
        }
        return statistics;
    }

    private void keepWholeRows(float[] logits, int from, int entries) {
        for (int tile = 0; tile < tiles.count(); tile++) {
            int first = tiles.firstRow(tile);
            int count = Math.min(tiles.rowsOf(tile), wholeRows.length - first);
            // few entries at a time: those of all rows of a tile then stay in the nearest cache
            for (int e = 0; e < entries; e += TOGETHER) {
                int end = Math.min(e + TOGETHER, entries);
                for (int r = 0; r < count; r++) {
                    keep(logits, tile, r, e, end, from, entries);
                }
            }
        }
    }

    private void keep(float[] logits, int tile, int r, int first, int end, int from, int entries) {
        int stride = tiles.stride(tile);
        int at = tiles.offset(tile, entries) + r;
        float[] row = wholeRows[tiles.firstRow(tile) + r];
        for (int e = first; e < end; e++) {
            row[from + e] = logits[at + e * stride];
        }
    }

    private void store(RowStatistics all, TopPSets.Found found, Readouts into) {
        RowSums sums = new RowSums(request, all, targetLogits, found);
        for (int slot = 0; slot < chunk.owned(); slot++) {
            int row = chunk.rows()[slot];
            double norm = norm(row);
            requireFinite(all, slot, row, norm);
            sums.standOn(slot, targets != null && targets[row] != LogitLens.NO_TARGET, norm);
            into.store(row, sums);
        }
    }

    static void requireFinite(RowStatistics all, int slot, int row, double norm) {
        if (!Double.isFinite(all.max[slot]) || !Double.isFinite(all.sum[slot])) {
            throw new ArithmeticException(
                    "row %d gives logits that are not finite (largest: %s, norm of the row: %s); the weights or the stream overflow"
                            .formatted(row, all.max[slot], norm));
        }
    }

    private double norm(int row) {
        return norm(rows, row * unembed.dModel(), unembed.dModel());
    }

    /// Euclidean norm of `count` floats.
    static double norm(float[] values, int offset, int count) {
        double squares = 0;
        for (int i = offset; i < offset + count; i++) {
            squares += (double) values[i] * values[i];
        }
        return Math.sqrt(squares);
    }
}
