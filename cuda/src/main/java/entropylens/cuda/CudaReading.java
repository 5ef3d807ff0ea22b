package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.kernels.Precision;
import entropylens.lens.LogitLens;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.RowReader;
import entropylens.lens.SummedRows;
import entropylens.model.KeptRows;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One readout, chunk after chunk.
final class CudaReading implements RowReader.Reading {
    private final DeviceWork work;
    private final CudaUnembed unembed;
    private final Precision precision;
    private final ReadoutRequest request;
    private final KeptRows rows;
    private final int dVocab;
    private final CudaSets sets;

    /// Orders of Rényi entropies that need a sum of their own, by their place in the request.
    private final List<Integer> powers = new ArrayList<>();

    CudaReading(
            DeviceWork work,
            CudaUnembed unembed,
            Precision precision,
            ReadoutRequest request,
            KeptRows rows,
            int dVocab) {
        this.work = work;
        this.unembed = unembed;
        this.precision = precision;
        this.request = request;
        this.rows = rows;
        this.dVocab = dVocab;
        this.sets = new CudaSets(work, request, dVocab);
        List<Double> alphas = request.alphas();
        for (int a = 0; a < alphas.size(); a++) {
            double alpha = alphas.get(a);
            if (alpha != 0 && alpha != 1 && !Double.isInfinite(alpha)) {
                powers.add(a);
            }
        }
    }

    @Override
    public SummedRows sum(
            int[] slots, int owned, int @Nullable [] targets, int @Nullable [] references) {
        work.lock().lock();
        try {
            int n = slots.length;
            PassUpload upload = work.readoutUpload();
            long chunk = CudaReadout.gather(work, rows, slots, unembed.dModel(), upload);
            DeviceMemory norms = work.scratch("norms of a chunk", (long) n * Double.BYTES);
            work.byRow("rows", "row_norms", n, norms.address(), chunk, n, unembed.dModel());
            long whole = sets.isEmpty() ? 0 : sets.wholeRows(n);
            long inputs = unembed.inputs(chunk, n);
            VocabularySweep sweep =
                    new VocabularySweep(work, unembed, precision, inputs, n, dVocab, whole);
            TileSums sums = sums(sweep, targets, references, n);
            if (!sets.isEmpty()) {
                sums.finish(whole);
                sets.read(whole, owned);
            }
            return summed(sums, norms, n, targets);
        } finally {
            work.lock().unlock();
        }
    }

    private TileSums sums(
            VocabularySweep sweep, int @Nullable [] targets, int @Nullable [] references, int n) {
        TargetColumns columns = TargetColumns.of(targets, sweep.most(), sweep.width());
        PassUpload upload = work.readoutUpload();
        upload.begin();
        int itsTargets = targets == null ? -1 : upload.add(targets);
        int itsReferences = references == null ? -1 : upload.add(references);
        int alphas = powers.isEmpty() ? -1 : upload.add(orders());
        int ofRow = columns == null ? -1 : upload.add(columns.ofRow());
        int tokens = columns == null ? -1 : upload.add(columns.tokens());
        upload.send();
        TileSums sums =
                new TileSums(
                        work,
                        unembed,
                        request,
                        n,
                        dVocab,
                        powers.size(),
                        upload.addressOrNone(itsTargets),
                        upload.addressOrNone(itsReferences),
                        upload.addressOrNone(alphas));
        if (targets == null) {
            sweep(sweep, sums::add, sums);
        } else if (columns == null) {
            sweep.run(sums::pickTargets);
            sums.usePicked();
            sweep(sweep, sums::add, sums);
        } else {
            long at = upload.address(ofRow);
            sweep.some(
                    upload.address(tokens),
                    (stream, tile, stride, _, _) -> sums.takeTargets(stream, tile, stride, at));
            sweep(sweep, sums::pickAndAdd, sums);
            if (sums.usePicked()) {
                sweep(sweep, sums::add, sums);
            }
        }
        return sums;
    }

    private static void sweep(VocabularySweep sweep, VocabularySweep.Use use, TileSums sums) {
        sums.begin();
        sweep.run(use);
    }

    private float[] orders() {
        float[] orders = new float[powers.size()];
        for (int i = 0; i < orders.length; i++) {
            orders[i] = request.alphas().get(powers.get(i)).floatValue();
        }
        return orders;
    }

    private SummedRows summed(TileSums sums, DeviceMemory norms, int n, int @Nullable [] targets) {
        double[][] state = sums.state();
        double[] itsNorms = new double[n];
        norms.copyTo(MemorySegment.ofArray(itsNorms), 0);
        double[][] power = new double[request.alphas().size()][n];
        for (int i = 0; i < powers.size(); i++) {
            power[powers.get(i)] = state[TileSums.POWERS + i];
        }
        double[] none = {};
        int k = request.largest();
        return new SummedRows(
                state[TileSums.MAX],
                state[TileSums.SUM],
                state[TileSums.WEIGHTED],
                request.needsSquares() ? state[TileSums.SQUARES] : none,
                power,
                request.needsReferences() ? state[TileSums.CROSS] : none,
                request.needsMoments() ? state[TileSums.MEAN] : none,
                request.needsMoments() ? state[TileSums.DEVIATIONS] : none,
                targets == null ? new long[0] : longs(state[TileSums.ABOVE]),
                longs(state[TileSums.SUPPORT]),
                targets == null ? new float[0] : sums.targetLogits(),
                k == 0 ? new float[0] : sums.topLogits(),
                k == 0 ? new int[0] : sums.topIds(),
                sets.sizes(),
                sets.shared(),
                itsNorms);
    }

    private static long[] longs(double[] counts) {
        long[] longs = new long[counts.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = (long) counts[i];
        }
        return longs;
    }

    @Override
    public void close() {
        sets.close();
    }

    static {
        if (LogitLens.NO_TARGET != -1) {
            throw new AssertionError("the kernels name the target of a row that has none −1");
        }
    }
}
