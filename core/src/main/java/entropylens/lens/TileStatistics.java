package entropylens.lens;

import entropylens.kernels.Kernels;
import entropylens.kernels.RowTiles;
import java.util.Arrays;

/// Adds the logits of one panel of the vocabulary, all rows of a chunk, to running statistics.
/// Belongs to one stripe.
final class TileStatistics {
    private final Kernels kernels;
    private final boolean needsSquares;
    private final boolean needsMoments;
    private final boolean needsTargets;
    private final boolean needsReferences;
    private final RowTiles tiles;
    private final RowStatistics statistics;
    private final float[] targetLogits;
    private final double[] maxima;

    // one tile's rows each
    private final float[] shift;
    private final float[] first;
    private final float[] second;
    private float[] referenceLogits = new float[0];

    TileStatistics(
            Kernels kernels,
            ReadoutRequest request,
            RowTiles tiles,
            RowStatistics statistics,
            float[] targetLogits) {
        this.kernels = kernels;
        this.needsSquares = request.needs(Statistic.Need.SQUARES);
        this.needsMoments = request.needs(Statistic.Need.MOMENTS);
        this.needsTargets = request.needsTargets();
        this.needsReferences = request.needsReferences();
        this.tiles = tiles;
        this.statistics = statistics;
        this.targetLogits = targetLogits;
        this.maxima = new double[tiles.paddedRows()];
        this.shift = new float[tiles.stride(0)];
        this.first = new float[tiles.stride(0)];
        this.second = new float[tiles.stride(0)];
    }

    /// @param logits tile after tile, each `[entries][rows of the tile]`
    /// @param from token of the first entry
    void add(float[] logits, int from, int entries) {
        int offset = 0;
        for (int tile = 0; tile < tiles.count(); tile++) {
            addMaxima(logits, offset, tile, from, entries);
            offset += entries * tiles.stride(tile);
        }
        statistics.raiseMaxima(maxima);
        offset = 0;
        for (int tile = 0; tile < tiles.count(); tile++) {
            addTile(logits, offset, tile, entries);
            offset += entries * tiles.stride(tile);
        }
        statistics.entries += entries;
    }

    private void addMaxima(float[] logits, int offset, int tile, int from, int entries) {
        int rows = tiles.stride(tile);
        int row = tiles.firstRow(tile);
        kernels.columnMax(logits, offset, entries, rows, first);
        for (int r = 0; r < rows; r++) {
            maxima[row + r] = first[r];
        }
        if (statistics.top.wanted()) {
            offerTop(logits, offset, tile, from, entries);
        }
    }

    private void offerTop(float[] logits, int offset, int tile, int from, int entries) {
        int rows = tiles.stride(tile);
        int row = tiles.firstRow(tile);
        for (int r = 0; r < rows; r++) {
            second[r] = statistics.top.threshold(row + r);
        }
        int at = kernels.columnNext(logits, offset, entries, rows, second, 0);
        while (at < entries * rows) {
            int r = at % rows;
            statistics.top.offer(row + r, logits[offset + at], from + at / rows);
            second[r] = statistics.top.threshold(row + r);
            at = kernels.columnNext(logits, offset, entries, rows, second, at + 1);
        }
    }

    private void addTile(float[] logits, int offset, int tile, int entries) {
        int rows = tiles.stride(tile);
        int row = tiles.firstRow(tile);
        for (int r = 0; r < rows; r++) {
            shift[r] = statistics.shift(row + r);
        }
        kernels.columnExp(logits, offset, entries, rows, shift, first, second);
        for (int r = 0; r < rows; r++) {
            statistics.sum[row + r] += first[r];
            statistics.weighted[row + r] += second[r];
        }
        if (needsSquares) {
            kernels.columnSquares(logits, offset, entries, rows, shift, first);
            for (int r = 0; r < rows; r++) {
                statistics.squares[row + r] += first[r];
            }
        }
        addPowers(logits, offset, tile, entries);
        if (needsMoments) {
            addMoments(logits, offset, tile, entries);
        }
        if (needsTargets) {
            System.arraycopy(targetLogits, row, shift, 0, rows);
            kernels.columnAbove(logits, offset, entries, rows, shift, first);
            for (int r = 0; r < rows; r++) {
                statistics.above[row + r] += (long) first[r];
            }
        }
        if (needsReferences) {
            addCross(logits, offset, tile, entries);
        }
    }

    private void addPowers(float[] logits, int offset, int tile, int entries) {
        int rows = tiles.stride(tile);
        int row = tiles.firstRow(tile);
        for (int a = 0; a < statistics.alphas.length; a++) {
            double alpha = statistics.alphas[a];
            if (alpha == 0) {
                addSupport(logits, offset, tile, entries);
            } else if (alpha != 1 && !Double.isInfinite(alpha)) {
                kernels.columnPower(logits, offset, entries, rows, shift, (float) alpha, first);
                for (int r = 0; r < rows; r++) {
                    statistics.power[a][row + r] += first[r];
                }
            }
        }
    }

    private void addSupport(float[] logits, int offset, int tile, int entries) {
        int rows = tiles.stride(tile);
        Arrays.fill(second, Float.NEGATIVE_INFINITY);
        kernels.columnAbove(logits, offset, entries, rows, second, first);
        for (int r = 0; r < rows; r++) {
            statistics.support[tiles.firstRow(tile) + r] += (long) first[r];
        }
    }

    private void addMoments(float[] logits, int offset, int tile, int entries) {
        int rows = tiles.stride(tile);
        int row = tiles.firstRow(tile);
        // deviations from the mean, itself found by deviations from one of the logits: neither a
        // large common offset nor one logit far from the others costs digits
        System.arraycopy(logits, offset, shift, 0, rows);
        kernels.columnMoments(logits, offset, entries, rows, shift, first, second);
        for (int r = 0; r < rows; r++) {
            shift[r] += first[r] / entries;
        }
        kernels.columnMoments(logits, offset, entries, rows, shift, first, second);
        for (int r = 0; r < rows; r++) {
            double mean = (double) first[r] / entries;
            statistics.addMoments(
                    row + r,
                    statistics.entries,
                    entries,
                    shift[r] + mean,
                    Math.max(0, second[r] - mean * first[r]));
        }
    }

    private void addCross(float[] logits, int offset, int tile, int entries) {
        int rows = tiles.stride(tile);
        int row = tiles.firstRow(tile);
        int size = offset + entries * rows;
        if (referenceLogits.length < size) {
            referenceLogits = new float[size];
        }
        for (int r = 0; r < rows; r++) {
            int reference = statistics.reference[row + r];
            int itsTile = tiles.tileOf(reference);
            int itsRows = tiles.stride(itsTile);
            int at = tiles.offset(itsTile, entries) + reference - tiles.firstRow(itsTile);
            for (int e = 0; e < entries; e++) {
                referenceLogits[offset + e * rows + r] = logits[at + e * itsRows];
            }
            shift[r] = statistics.shift(reference);
        }
        kernels.columnCross(referenceLogits, logits, offset, entries, rows, shift, first);
        for (int r = 0; r < rows; r++) {
            statistics.cross[row + r] += first[r];
        }
    }
}
