package entropylens.lens;

import entropylens.lens.LogitLens.Chunk;
import entropylens.model.KeptRows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A readout whose sums a [RowReader] makes.
final class DeviceReadout {
    private final RowReader reader;
    private final int dVocab;
    private final ReadoutRequest request;
    private final int @Nullable [] targets;
    private final int @Nullable [] references;

    /// Sizes of the sets of the row before, by p.
    private final double[] sizesBefore;

    DeviceReadout(
            RowReader reader,
            int dVocab,
            ReadoutRequest request,
            int @Nullable [] targets,
            int @Nullable [] references) {
        this.reader = reader;
        this.dVocab = dVocab;
        this.request = request;
        this.targets = targets;
        this.references = references;
        this.sizesBefore = new double[request.topPs().size()];
        Arrays.fill(sizesBefore, Double.NaN);
    }

    Readouts read(KeptRows rows, int count) {
        Readouts readouts = Readouts.allocate(count, request);
        int capacity = reader.capacity(request);
        try (RowReader.Reading reading = reader.begin(rows, count, request)) {
            int first = 0;
            while (first < count) {
                Chunk chunk = next(first, count, capacity);
                read(reading, chunk, readouts);
                first += chunk.owned();
            }
        }
        return readouts;
    }

    private Chunk next(int first, int count, int capacity) {
        int most = Math.min(count, first + capacity);
        int end = references == null ? most : closed(references, first, most);
        return end > first
                ? Chunk.of(first, end)
                : LogitLens.nextChunk(first, count, references, capacity);
    }

    /// The last end up to `most` at which all references of the rows before it are among them;
    /// `first` where there is none.
    private static int closed(int[] references, int first, int most) {
        int end = first;
        int farthest = first;
        for (int row = first; row < most && references[row] >= first; row++) {
            farthest = Math.max(farthest, references[row]);
            if (farthest <= row) {
                end = row + 1;
            }
        }
        return end;
    }

    private void read(RowReader.Reading reading, Chunk chunk, Readouts into) {
        int[] slotReferences = references == null ? null : chunk.references(references);
        int[] slotTargets = targets == null ? null : chunk.of(targets);
        SummedRows sums = reading.sum(chunk.rows(), chunk.owned(), slotTargets, slotReferences);
        int[] standing = slotReferences == null ? chunk.rows() : slotReferences;
        RowStatistics all = new RowStatistics(request, standing, sums, dVocab);
        RowSums read = new RowSums(request, all, sums.targetLogits(), sets(chunk.owned(), sums));
        for (int slot = 0; slot < chunk.owned(); slot++) {
            int row = chunk.rows()[slot];
            double norm = sums.norms()[slot];
            ChunkReader.requireFinite(all, slot, row, norm);
            boolean hasTarget = targets != null && targets[row] != LogitLens.NO_TARGET;
            read.standOn(slot, hasTarget, norm);
            into.store(row, read);
        }
    }

    private TopPSets.Found sets(int owned, SummedRows sums) {
        double[][] before = new double[sizesBefore.length][owned];
        for (int p = 0; p < sizesBefore.length; p++) {
            for (int slot = 0; slot < owned; slot++) {
                before[p][slot] = sizesBefore[p];
                sizesBefore[p] = sums.setSizes()[p][slot];
            }
        }
        return new TopPSets.Found(sums.setSizes(), before, sums.setShared());
    }
}
