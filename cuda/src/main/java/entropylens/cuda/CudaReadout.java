package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.kernels.Precision;
import entropylens.lens.RandomRotation;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.RowReader;
import entropylens.lens.Translator;
import entropylens.lens.Unembed;
import entropylens.model.HostRows;
import entropylens.model.KeptRows;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The fused readout on a GPU: rows times W_U, tile by tile of the vocabulary, each of which is
/// summed up while the next is multiplied. Sums alone come back.
final class CudaReadout implements RowReader {
    private static final int MOST_ROWS = 4096;

    private static final int FEWEST_ROWS = 64;

    /// Rows of one chunk may take this much as float32; they are there three times.
    private static final long CHUNK_BYTES = 64L << 20;

    /// Whole logits, where top-p sets need them, may take this much.
    private static final long WHOLE_BYTES = 256L << 20;

    /// Of the device's memory, what a chunk may take at most: one part in so many.
    private static final int SHARE = 64;

    private final CudaBackend backend;
    private final DeviceWork work;
    private final CudaUnembed unembed;
    private final CudaProjections projections;
    private final DeviceWeights matrices;
    private final Precision precision;
    private final int dVocab;

    CudaReadout(CudaBackend backend, DeviceWork work, Unembed unembed) {
        this.backend = backend;
        this.work = work;
        this.precision = backend.precision();
        this.matrices = backend.weights();
        this.projections = new CudaProjections(work, matrices, precision);
        this.unembed =
                new CudaUnembed(work, matrices, projections, unembed.weights(), unembed.softcap());
        this.dVocab = unembed.dVocab();
    }

    @Override
    public int capacity(ReadoutRequest request) {
        long share = work.gpu().totalBytes() / SHARE;
        long rowBytes = (long) unembed.dModel() * Float.BYTES;
        long rows = Math.clamp(Math.min(CHUNK_BYTES, share) / rowBytes, FEWEST_ROWS, MOST_ROWS);
        if (!request.topPs().isEmpty()) {
            long whole = (long) dVocab * Float.BYTES;
            rows = Math.clamp(Math.min(WHOLE_BYTES, 4 * share) / whole, 2, rows);
        }
        return (int) rows;
    }

    @Override
    public Reading begin(KeptRows rows, int count, ReadoutRequest request) {
        return new CudaReading(work, unembed, precision, request, rows, dVocab);
    }

    @Override
    public void translate(KeptRows rows, int first, int each, int count, Translator by) {
        CudaRows kept = (CudaRows) rows;
        long[] addresses = new long[count];
        Arrays.setAll(addresses, i -> kept.address(first + i * each));
        int d = unembed.dModel();
        long n = (long) count * d;
        work.lock().lock();
        try {
            PassUpload upload = work.readoutUpload();
            upload.begin();
            int at = upload.add(addresses);
            upload.send();
            long from = work.floats("rows of a layer", n);
            long to = work.floats("translated rows", n);
            work.flat("rows", "gather_from", n, from, upload.address(at), count, d);
            switch (by) {
                case Translator.Shift shift -> {
                    work.flat("rows", "add_bias", n, from, work.vector(shift.by()), count, d);
                    to = from;
                }
                case Translator.Affine affine -> {
                    projections.apply(affine.map(), from, count, to);
                    if (affine.added()) {
                        work.flat("rows", "add", n, to, from, n);
                    }
                }
                case RandomRotation rotation -> {
                    // in float64, with numbers drawn one after the other: on the processor
                    float[] host = new float[Math.toIntExact(n)];
                    float[] rotated = new float[host.length];
                    work.memory("rows of a layer").copyTo(host);
                    rotation.apply(backend, host, count, rotated);
                    work.memory("translated rows").copyFrom(rotated);
                }
            }
            work.flat("rows", "scatter_to", n, upload.address(at), to, count, d);
        } finally {
            work.lock().unlock();
        }
    }

    @Override
    public double[] norms(KeptRows rows, int count) {
        CudaRows kept = (CudaRows) rows;
        double[] norms = new double[count];
        int most = capacity(ReadoutRequest.ENTROPY);
        for (int first = 0; first < count; first += most) {
            int from = first;
            int n = Math.min(most, count - first);
            long[] addresses = new long[n];
            Arrays.setAll(addresses, i -> kept.address(from + i));
            System.arraycopy(norms(addresses), 0, norms, first, n);
        }
        return norms;
    }

    private double[] norms(long[] addresses) {
        int d = unembed.dModel();
        int count = addresses.length;
        work.lock().lock();
        try {
            PassUpload upload = work.readoutUpload();
            upload.begin();
            int at = upload.add(addresses);
            upload.send();
            long rows = work.floats("rows of a layer", (long) count * d);
            work.flat("rows", "gather_from", (long) count * d, rows, upload.address(at), count, d);
            DeviceMemory to = work.scratch("norms of rows", (long) count * Double.BYTES);
            work.byRow("rows", "row_norms", count, to.address(), rows, count, d);
            double[] norms = new double[count];
            to.copyTo(MemorySegment.ofArray(norms), 0);
            return norms;
        } finally {
            work.lock().unlock();
        }
    }

    /// Brings the rows of a chunk together on the device.
    ///
    /// @param slots numbers of the rows
    /// @return address of `[slots × d_model]`
    static long gather(DeviceWork work, KeptRows rows, int[] slots, int d, PassUpload upload) {
        long n = (long) slots.length * d;
        long to = work.floats("rows of a chunk", n);
        if (rows instanceof HostRows host) {
            float[] all = host.floats(0);
            float[] some = new float[Math.toIntExact(n)];
            for (int i = 0; i < slots.length; i++) {
                System.arraycopy(all, slots[i] * d, some, i * d, d);
            }
            work.memory("rows of a chunk").copyFrom(MemorySegment.ofArray(some), 0);
            return to;
        }
        CudaRows kept = (CudaRows) rows;
        long[] addresses = new long[slots.length];
        Arrays.setAll(addresses, i -> kept.address(slots[i]));
        upload.begin();
        int at = upload.add(addresses);
        upload.send();
        work.flat("rows", "gather_from", n, to, upload.address(at), slots.length, d);
        return to;
    }
}
