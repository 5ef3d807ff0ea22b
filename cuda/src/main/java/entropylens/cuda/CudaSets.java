package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Grid;
import entropylens.lens.ReadoutRequest;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The top-p sets of rows whose logits are whole, chunk after chunk, on the device. Remembers the
/// sets of the last row of a chunk, which the first of the next is compared with.
final class CudaSets {
    private static final int THREADS_OF_A_ROW = 512;
    private static final int THREADS_OF_A_PAIR = 256;

    private final DeviceWork work;
    private final int dVocab;
    private final double[] ps;
    private final boolean overlap;

    /// Of a set, a bit for each token: a whole number of longs.
    private final int words;

    /// The members of the last row that was read, `[p][words]`; null before the first.
    private @Nullable DeviceMemory before;

    private double[][] sizes;
    private double[][] shared;

    CudaSets(DeviceWork work, ReadoutRequest request, int dVocab) {
        this.work = work;
        this.dVocab = dVocab;
        this.ps = request.topPs().stream().mapToDouble(p -> p).toArray();
        this.overlap = request.needsOverlap();
        this.words = 2 * Math.ceilDiv(dVocab, Long.SIZE);
        this.sizes = new double[ps.length][0];
        this.shared = new double[ps.length][0];
    }

    boolean isEmpty() {
        return ps.length == 0;
    }

    /// Room for the logits of whole rows.
    long wholeRows(int rows) {
        return work.floats("whole rows of logits", (long) rows * dVocab);
    }

    /// Reads the first rows; their logits are overwritten.
    void read(long whole, int rows) {
        DeviceMemory itsPs = work.scratch("probabilities of sets", (long) ps.length * Double.BYTES);
        itsPs.copyFrom(MemorySegment.ofArray(ps), 0);
        DeviceMemory itsSizes =
                work.scratch("sizes of sets", (long) ps.length * rows * Integer.BYTES);
        DeviceMemory least = work.scratch("ends of sets", (long) ps.length * rows * Float.BYTES);
        long rowBytes = (long) ps.length * words * Integer.BYTES;
        long members = 0;
        if (overlap) {
            // the row before comes first
            members = work.scratch("members of sets", (rows + 1L) * rowBytes).address();
        }
        work.kernel("readout", "top_p")
                .launch(
                        work.stream(),
                        Grid.of(rows),
                        THREADS_OF_A_ROW,
                        0,
                        whole,
                        (long) dVocab,
                        rows,
                        dVocab,
                        itsPs.address(),
                        ps.length,
                        itsSizes.address(),
                        least.address(),
                        overlap ? members + rowBytes : 0L,
                        words);
        int[] all = new int[ps.length * rows];
        itsSizes.copyTo(MemorySegment.ofArray(all), 0);
        sizes = new double[ps.length][rows];
        for (int p = 0; p < ps.length; p++) {
            for (int r = 0; r < rows; r++) {
                sizes[p][r] = all[p * rows + r];
            }
        }
        shared = new double[ps.length][rows];
        for (double[] one : shared) {
            Arrays.fill(one, Double.NaN);
        }
        if (overlap) {
            compare(rows, rowBytes);
        }
    }

    private void compare(int rows, long rowBytes) {
        DeviceMemory members = work.memory("members of sets");
        DeviceMemory last = before;
        boolean hasBefore = last != null;
        if (last == null) {
            last = work.gpu().pool().take(rowBytes, "the sets of a row");
            before = last;
            members.zero(work.stream(), 0, rowBytes);
        } else {
            members.copyFrom(work.stream(), last, 0, 0, rowBytes);
        }
        int pairs = rows * ps.length;
        DeviceMemory counts = work.scratch("tokens in common", (long) pairs * Integer.BYTES);
        work.kernel("readout", "top_p_shared")
                .launch(
                        work.stream(),
                        Grid.of(pairs),
                        THREADS_OF_A_PAIR,
                        0,
                        counts.address(),
                        members.address(),
                        members.address() + rowBytes,
                        pairs,
                        words);
        last.copyFrom(work.stream(), members, rows * rowBytes, 0, rowBytes);
        int[] all = new int[pairs];
        counts.copyTo(MemorySegment.ofArray(all), 0);
        for (int r = hasBefore ? 0 : 1; r < rows; r++) {
            for (int p = 0; p < ps.length; p++) {
                shared[p][r] = all[r * ps.length + p];
            }
        }
    }

    /// Of the rows read last, `[p][row]`.
    double[][] sizes() {
        return sizes;
    }

    /// Tokens in common with the row before, `[p][row]`; NaN where there is none, or nobody asks.
    double[][] shared() {
        return shared;
    }

    void close() {
        if (before != null) {
            before.close();
        }
    }
}
