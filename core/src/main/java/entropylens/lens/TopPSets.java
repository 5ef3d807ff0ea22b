package entropylens.lens;

import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;

/// The top-p sets of rows whose logits are whole, chunk after chunk. Remembers the sets of the last
/// row of a chunk, which the first of the next is compared with.
final class TopPSets {
    private final Kernels kernels;
    private final WorkerPool pool;
    private final int dVocab;
    private final double[] ps;
    private final boolean overlap;

    /// `[row]`, where the tokens of the first set of each row are to be put; empty if nowhere.
    private final int[][] ids;

    /// `[p]`, of the row before; empty before the first row.
    private long[][] before = new long[0][];

    TopPSets(Unembed unembed, ReadoutRequest request) {
        this(unembed, request, new int[0][]);
    }

    TopPSets(Unembed unembed, ReadoutRequest request, int[][] ids) {
        this.kernels = unembed.matMul().kernels();
        this.pool = unembed.matMul().pool();
        this.dVocab = unembed.dVocab();
        this.ps = request.topPs().stream().mapToDouble(p -> p).toArray();
        this.overlap = request.overlap();
        this.ids = ids;
    }

    /// Bytes that one row takes: its logits, and a bit per token for each set that is kept.
    static long bytesPerRow(ReadoutRequest request, int dVocab) {
        if (request.topPs().isEmpty()) {
            return 0;
        }
        long sets = request.overlap() ? request.topPs().size() : 0;
        return (long) Float.BYTES * dVocab + sets * (dVocab / Byte.SIZE + Long.BYTES);
    }

    /// @param logits `[slot][d_vocab]`; overwritten
    /// @param rowOf where the results of a slot belong
    void store(float[][] logits, int[] rowOf, Readouts into) {
        long[][][] members = new long[logits.length][overlap ? ps.length : 0][];
        pool.run(logits.length, slot -> read(logits[slot], rowOf[slot], members[slot], into));
        for (int slot = 0; overlap && slot < logits.length; slot++) {
            for (int p = 0; p < before.length; p++) {
                into.topPShared()[p][rowOf[slot]] = TopPSet.shared(before[p], members[slot][p]);
            }
            before = members[slot];
        }
    }

    private void read(float[] logits, int row, long[][] members, Readouts into) {
        kernels.softmax(logits, dVocab);
        TopPSet.Cut[] cuts = TopPSet.cuts(logits, dVocab, ps);
        for (int p = 0; p < ps.length; p++) {
            into.topPSize()[p][row] = cuts[p].size();
            if (overlap) {
                members[p] = TopPSet.members(logits, dVocab, cuts[p]);
            }
        }
        if (ids.length > 0) {
            ids[row] = TopPSet.ids(logits, dVocab, cuts[0]);
        }
    }
}
