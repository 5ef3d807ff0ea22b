package entropylens.lens;

import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.util.Arrays;

/// The top-p sets of rows whose logits are whole, chunk after chunk. Remembers the sets of the last
/// row of a chunk, which the first of the next is compared with.
final class TopPSets {
    private final Kernels kernels;
    private final WorkerPool pool;
    private final int dVocab;
    private final double[] ps;
    private final boolean overlap;

    /// Of the row before the chunk; NaN before the first row.
    private double[] sizesBefore;

    /// `[row]`, where the tokens of the first set of each row are to be put; empty if nowhere.
    private final int[][] ids;

    private float[][] room = new float[0][];

    /// `[p]`, of the row before; empty before the first row.
    private long[][] before = new long[0][];

    TopPSets(Unembed unembed, ReadoutRequest request) {
        this(unembed, request, new int[0][]);
    }

    TopPSets(Unembed unembed, ReadoutRequest request, int[][] ids) {
        this.kernels = unembed.backend().kernels();
        this.pool = unembed.backend().pool();
        this.dVocab = unembed.dVocab();
        this.ps = request.topPs().stream().mapToDouble(p -> p).toArray();
        this.overlap = request.needs(Statistic.Need.OVERLAP);
        this.sizesBefore = new double[ps.length];
        Arrays.fill(sizesBefore, Double.NaN);
        this.ids = ids;
    }

    /// Room for the logits of the rows of a chunk, which those of the next take again; none where
    /// no sets are asked for.
    float[][] room(int rows) {
        if (ps.length == 0) {
            return room;
        }
        if (room.length < rows) {
            room = new float[rows][padded(dVocab)];
        }
        return Arrays.copyOf(room, rows);
    }

    /// Bytes that one row takes: its logits, and a bit per token for each set that is kept.
    static long bytesPerRow(ReadoutRequest request, int dVocab) {
        if (request.topPs().isEmpty()) {
            return 0;
        }
        long sets = request.needs(Statistic.Need.OVERLAP) ? request.topPs().size() : 0;
        return (long) Float.BYTES * dVocab + sets * (dVocab / Byte.SIZE + Long.BYTES);
    }

    /// The sets of the rows of a chunk.
    ///
    /// @param sizes `[p][slot]`
    /// @param sizesBefore of the row before, `[p][slot]`; NaN where there is none
    /// @param shared tokens that a set has in common with that of the row before, `[p][slot]`; NaN
    ///   where there is none, or overlaps are not asked for
    record Found(double[][] sizes, double[][] sizesBefore, double[][] shared) {}

    /// @param logits of the rows of the chunk, in its [#room]; overwritten
    /// @param max the largest of each row
    /// @param sum `Σ e^(z - max)` of each row
    /// @param rowOf the row of each slot
    Found read(float[][] logits, double[] max, double[] sum, int[] rowOf) {
        int n = logits.length;
        Found found =
                new Found(
                        new double[ps.length][n],
                        new double[ps.length][n],
                        new double[ps.length][n]);
        long[][][] members = new long[n][overlap ? ps.length : 0][];
        pool.run(
                n,
                slot ->
                        read(
                                logits[slot],
                                max[slot],
                                sum[slot],
                                rowOf[slot],
                                slot,
                                members[slot],
                                found));
        for (int slot = 0; slot < n; slot++) {
            for (int p = 0; p < ps.length; p++) {
                found.sizesBefore()[p][slot] = sizesBefore[p];
                sizesBefore[p] = found.sizes()[p][slot];
                found.shared()[p][slot] =
                        before.length == 0 || !overlap
                                ? Double.NaN
                                : TopPSet.shared(before[p], members[slot][p]);
            }
            before = members[slot];
        }
        return found;
    }

    private void read(
            float[] logits,
            double max,
            double sum,
            int row,
            int slot,
            long[][] members,
            Found into) {
        int kept = dVocab;
        double least = TopPSet.least(dVocab, ps);
        if (least == 0) {
            kernels.softmax(logits, dVocab); // to the last token, it counts how they are summed
        } else {
            if (!overlap && ids.length == 0) {
                float lowest = (float) (max + Math.log(sum * least));
                kept = kernels.atLeast(lowest, logits, dVocab, logits);
            }
            toProbabilities(logits, kept, (float) max, (float) (1 / sum));
        }
        TopPSet.Cut[] cuts = TopPSet.cuts(logits, kept, ps);
        for (int p = 0; p < ps.length; p++) {
            into.sizes()[p][slot] = cuts[p].size();
            if (overlap) {
                members[p] = TopPSet.members(logits, dVocab, cuts[p]);
            }
        }
        if (ids.length > 0) {
            ids[row] = TopPSet.ids(logits, dVocab, cuts[0]);
        }
    }

    /// Whole vectors, so that a token's bits do not depend on which others were kept.
    private void toProbabilities(float[] logits, int count, float max, float scale) {
        int padded = padded(count);
        for (int i = 0; i < padded; i++) {
            logits[i] -= max;
        }
        kernels.exp(logits, 0, padded);
        for (int i = 0; i < count; i++) {
            logits[i] *= scale;
        }
    }

    private int padded(int count) {
        int lanes = kernels.lanes();
        return (count + lanes - 1) / lanes * lanes;
    }
}
