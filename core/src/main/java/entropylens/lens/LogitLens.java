package entropylens.lens;

import entropylens.kernels.Kernels;
import entropylens.kernels.Phase;
import entropylens.model.HostRows;
import entropylens.model.KeptRows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The fused readout: any number of residual rows times all of W_U, tile by tile. Each tile of
/// logits updates running statistics and is forgotten; `tokens × layers × vocabulary` logits never
/// exist.
///
/// Rows go through W_U in chunks; beside the weights, a readout uses less than [#SCRATCH_BYTES]
/// whatever the number of rows. Results depend neither on the chunk a row was in nor on the number
/// of threads.
public final class LogitLens {
    /// Bound on scratch memory for d_model ≤ 8,192 and 8 threads.
    public static final long SCRATCH_BYTES = 56L << 20;

    /// Most rows in one pass over W_U: enough that the weights, read once per pass, are not what
    /// limits it.
    private static final int MAX_ROWS = 256;

    /// Of the scratch memory, what grows with the rows of a chunk may take this much; the rest is
    /// for panels of weights and tiles of logits, per thread.
    private static final long CHUNK_BYTES = 48L << 20;

    /// Stands for the target of a row that no token follows.
    public static final int NO_TARGET = -1;

    private final Unembed unembed;

    /// Null where the processor reads.
    private final @Nullable RowReader reader;

    public LogitLens(Unembed unembed) {
        this.unembed = unembed;
        this.reader =
                unembed.backend() instanceof RowReader.Maker maker
                        ? maker.rowReader(unembed)
                        : null;
    }

    /// What reads rows on a device; null where the processor reads.
    @Nullable RowReader reader() {
        return reader;
    }

    public Unembed unembed() {
        return unembed;
    }

    /// Reads rows that need neither a target nor a reference.
    public Readouts read(float[] rows, int count, ReadoutRequest request) {
        return read(rows, count, null, null, request);
    }

    /// Reads `count` rows of `d_model` floats, not normed.
    ///
    /// @param targets token per row, where the request needs targets; [#NO_TARGET] for a row that
    ///   has none
    /// @param references row whose distribution each row is compared with, where the request needs
    ///   references
    /// @throws IllegalArgumentException when the request asks for what is not given, or the other
    ///   way round
    /// @throws ArithmeticException when a row or its logits are not finite
    public Readouts read(
            float[] rows,
            int count,
            int @Nullable [] targets,
            int @Nullable [] references,
            ReadoutRequest request) {
        if ((long) count * unembed.dModel() > rows.length) {
            throw new IllegalArgumentException(
                    "%d rows of %d do not fit %d floats"
                            .formatted(count, unembed.dModel(), rows.length));
        }
        return read(HostRows.of(rows), count, targets, references, request);
    }

    /// Reads rows where they were kept.
    Readouts read(
            KeptRows rows,
            int count,
            int @Nullable [] targets,
            int @Nullable [] references,
            ReadoutRequest request) {
        requirePossible(count, targets, references, request);
        return reader != null
                ? new DeviceReadout(reader, unembed.dVocab(), request, targets, references)
                        .read(rows, count)
                : read(
                        rows.floats(count),
                        count,
                        targets,
                        references,
                        request,
                        new TopPSets(unembed, request));
    }

    /// The tokens of each row's top-p set, those whose number a readout gives as
    /// [Statistic#topPSize]. To be looked at: of early layers they may be most of the vocabulary.
    ///
    /// @param rows `count × d_model`, not normed
    /// @param p in (0, 1]
    /// @return `[row][member]`, ids, the most probable first; of equally probable ones the smaller
    ///   id
    public int[][] topPMembers(float[] rows, int count, double p) {
        int[][] ids = new int[count][];
        ReadoutRequest request = ReadoutRequest.ENTROPY.with(Statistic.topPSize(p));
        TopPSets sets = new TopPSets(unembed, request, ids);
        requirePossible(count, null, null, request);
        if (reader == null) {
            read(rows, count, null, null, request, sets);
        } else {
            readWholeRows(rows, count, request, sets);
        }
        return ids;
    }

    private Readouts read(
            float[] rows,
            int count,
            int @Nullable [] targets,
            int @Nullable [] references,
            ReadoutRequest request,
            TopPSets sets) {
        Readouts readouts = Readouts.allocate(count, request);
        int capacity = capacity(request);
        int first = 0;
        while (first < count) {
            Chunk chunk = nextChunk(first, count, references, capacity);
            new ChunkReader(unembed, request, chunk, rows, targets, references, sets)
                    .read(readouts);
            first += chunk.owned();
        }
        return readouts;
    }

    /// The sets of rows whose logits the backend gives whole.
    private void readWholeRows(float[] rows, int count, ReadoutRequest request, TopPSets sets) {
        int d = unembed.dModel();
        int v = unembed.dVocab();
        int capacity = capacity(request);
        for (int first = 0; first < count; first += capacity) {
            int from = first;
            int n = Math.min(capacity, count - first);
            float[] some = Arrays.copyOfRange(rows, first * d, (first + n) * d);
            float[] all = unembed.logits(some, n, Phase.TOGETHER);
            float[][] whole = sets.room(n);
            double[] max = new double[n];
            double[] sum = new double[n];
            for (int slot = 0; slot < n; slot++) {
                System.arraycopy(all, slot * v, whole[slot], 0, v);
                max[slot] = max(whole[slot], v);
                sum[slot] = sum(whole[slot], v, max[slot]);
            }
            sets.read(whole, max, sum, IntStream.range(from, from + n).toArray());
        }
    }

    private static double max(float[] logits, int count) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, logits[i]);
        }
        return max;
    }

    /// `Σ e^(z - max)`.
    private static double sum(float[] logits, int count, double max) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits[i] - max);
        }
        return sum;
    }

    private void requirePossible(
            int count,
            int @Nullable [] targets,
            int @Nullable [] references,
            ReadoutRequest request) {
        requireGiven(
                "targets", request.needsTargets(), targets, count, NO_TARGET, unembed.dVocab());
        requireGiven("references", request.needsReferences(), references, count, 0, count);
        if (request.largest() > unembed.dVocab()) {
            throw new IllegalArgumentException(
                    "top-k is %d, but the vocabulary has only %d tokens"
                            .formatted(request.largest(), unembed.dVocab()));
        }
    }

    private static void requireGiven(
            String what, boolean asked, int @Nullable [] given, int count, int least, int limit) {
        if (asked != (given != null)) {
            throw new IllegalArgumentException(
                    asked
                            ? "the request asks for %s, but none are given".formatted(what)
                            : "%s are given, but the request does not ask for them"
                                    .formatted(what));
        }
        if (given == null) {
            return;
        }
        if (given.length != count) {
            throw new IllegalArgumentException(
                    "%d rows need %d %s, but %d are given"
                            .formatted(count, count, what, given.length));
        }
        for (int value : given) {
            if (value < least || value >= limit) {
                throw new IllegalArgumentException(
                        "%s must be in 0..%d, but one is %d".formatted(what, limit - 1, value));
            }
        }
    }

    /// Rows in one chunk: normed and packed, the running statistics of every stripe, and the whole
    /// logits where top-p sets need them. Whole tiles, or vectors, where that many fit: a last
    /// chunk of few rows would cost as much as one of many.
    private int capacity(ReadoutRequest request) {
        long perRow =
                3L * Float.BYTES * unembed.dModel()
                        + ChunkReader.STRIPES * RowStatistics.bytesPerRow(request)
                        + TopPSets.bytesPerRow(request, unembed.dVocab());
        int rows = (int) Math.clamp(CHUNK_BYTES / perRow, 2, MAX_ROWS);
        int lanes = unembed.backend().kernels().lanes();
        int tile = Kernels.TILE_VECTORS * lanes;
        return rows > tile ? rows / tile * tile : rows > lanes ? rows / lanes * lanes : rows;
    }

    /// Rows of one pass over W_U. A reference that is not among them rides along.
    ///
    /// @param rows by slot
    /// @param owned slots below this one belong to the chunk; the others only ride along
    /// @param slots of each row; empty where the rows are neighbours
    record Chunk(int[] rows, int owned, Map<Integer, Integer> slots) {
        /// What stands for each row, by slot.
        int[] of(int[] byRow) {
            return Arrays.stream(rows).map(row -> byRow[row]).toArray();
        }

        /// The slot that each slot is compared with; one that only rides along, with itself.
        int[] references(int[] byRow) {
            return IntStream.range(0, rows.length)
                    .map(slot -> slot < owned ? slotOf(byRow[rows[slot]]) : slot)
                    .toArray();
        }

        /// Rows `[first, end)`, whose references are among them.
        static Chunk of(int first, int end) {
            return new Chunk(IntStream.range(first, end).toArray(), end - first, Map.of());
        }

        int slotOf(int row) {
            return slots.isEmpty() ? row - rows[0] : Objects.requireNonNull(slots.get(row));
        }
    }

    static Chunk nextChunk(int first, int count, int @Nullable [] references, int capacity) {
        int end = first;
        Map<Integer, Integer> outside = new HashMap<>();
        while (end < count && end + 1 - first <= capacity) {
            if (references != null) {
                outside = outside(references, first, end + 1);
                if (end > first && end + 1 - first + outside.size() > capacity) {
                    outside = outside(references, first, end);
                    break;
                }
            }
            end++;
        }
        return chunk(first, end, outside);
    }

    /// References of the rows `[first, end)` that are not among these rows.
    private static Map<Integer, Integer> outside(int[] references, int first, int end) {
        Map<Integer, Integer> outside = new HashMap<>();
        for (int r = first; r < end; r++) {
            int reference = references[r];
            if (reference < first || reference >= end) {
                outside.putIfAbsent(reference, outside.size());
            }
        }
        return outside;
    }

    private static Chunk chunk(int first, int end, Map<Integer, Integer> outside) {
        int owned = end - first;
        int[] rows = new int[owned + outside.size()];
        Map<Integer, Integer> slots = new HashMap<>();
        Arrays.setAll(rows, slot -> first + slot);
        outside.forEach((row, index) -> rows[owned + index] = row);
        for (int slot = 0; slot < rows.length; slot++) {
            slots.put(rows[slot], slot);
        }
        return new Chunk(rows, owned, slots);
    }
}
