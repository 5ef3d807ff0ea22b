package entropylens.cuda;

import entropylens.cuda.driver.DataType;
import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Event;
import entropylens.cuda.driver.Gpu;
import entropylens.cuda.driver.Kernel;
import entropylens.cuda.driver.Operand;
import entropylens.cuda.driver.Stream;
import entropylens.kernels.Matrix;
import entropylens.kernels.Precision;
import entropylens.kernels.WeightType;
import entropylens.kernels.WorkerPool;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.RowReader;
import entropylens.lens.SummedRows;
import entropylens.lens.Unembed;
import entropylens.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// The fused readout of many rows, beside the bare product that it contains.
final class ReadoutTiming {
    private static final int ROUNDS = 7;

    /// Rows whose entropies are compared with those of the product's own logits.
    private static final int COMPARED = 8;

    private final CheckLog log;
    private final int rows = Integer.getInteger("check.rows", 4096);
    private final int dModel = Integer.getInteger("check.dModel", 4096);
    private final int dVocab = Integer.getInteger("check.dVocab", 128_256);

    ReadoutTiming(CheckLog log) {
        this.log = log;
    }

    void run() {
        for (Precision precision : new Precision[] {Precision.BFLOAT16, Precision.FLOAT32}) {
            WorkerPool pool = new WorkerPool(4);
            try (CudaBackend backend = new CudaBackend(Gpu.open(0), precision, pool);
                    Arena arena = Arena.ofShared()) {
                time(backend, RandomLlama.matrix(arena, dVocab, dModel));
            } catch (RuntimeException | Error e) {
                log.failed("readout", precision.word(), e);
            }
        }
    }

    private void time(CudaBackend backend, Matrix matrix) {
        Gpu gpu = backend.gpu();
        Kernel fill = RandomLlama.fill(gpu);
        RandomLlama.draw(backend, fill, matrix, 1);
        Weights.Readout weights = new Weights.Readout(null, null, matrix, null);
        RowReader reader = backend.rowReader(new Unembed(weights, OptionalDouble.empty(), backend));
        try (CudaRows kept = new CudaRows(gpu, dModel, 1);
                DeviceMemory x = gpu.allocate(4L * rows * dModel, "rows")) {
            for (int row = 0; row < rows; row++) {
                RandomLlama.fill(gpu, fill, kept.address(row), WeightType.F32, dModel, 1, row);
            }
            float[] host = kept.floats(rows);
            x.copyFrom(host);
            long before = gpu.freeBytes();
            agree(backend, matrix, reader, kept, host);
            double fused = fused(reader, kept, ReadoutRequest.ENTROPY);
            long after = gpu.freeBytes();
            double all = fused(reader, kept, withoutSets());
            double bare = bare(backend, matrix, x);
            log.found(
                    "readout",
                    "kernels",
                    backend.name(),
                    "rows",
                    rows,
                    "d_model",
                    dModel,
                    "d_vocab",
                    dVocab,
                    "entropy_milliseconds",
                    fused,
                    "many_statistics_milliseconds",
                    all,
                    "product_milliseconds",
                    bare,
                    "product_share_of_entropy",
                    bare / fused,
                    "product_teraflops",
                    2e-9 * rows * dModel * dVocab / bare,
                    "beside_weights_and_rows_bytes",
                    before - after);
        }
    }

    private static ReadoutRequest withoutSets() {
        return new ReadoutRequest(
                GoldensCheck.ALL.statistics().stream()
                        .filter(s ->
                                !s.column().startsWith("top_p")
                                        && !s.column().startsWith("jaccard"))
                        .filter(s -> !s.column().startsWith("next") && !s.column().startsWith("kl"))
                        .toList(),
                5);
    }

    private double fused(RowReader reader, CudaRows kept, ReadoutRequest request) {
        int chunk = Math.min(rows, reader.capacity(request));
        double[] times = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            try (RowReader.Reading reading = reader.begin(kept, rows, request)) {
                for (int first = 0; first < rows; first += chunk) {
                    int[] slots = IntStream.range(first, Math.min(rows, first + chunk)).toArray();
                    SummedRows sums = reading.sum(slots, slots.length, null, null);
                    if (sums.max().length != slots.length) {
                        throw new IllegalStateException("sums of other rows");
                    }
                }
            }
            times[round] = (System.nanoTime() - start) * 1e-6;
        }
        log.found("readout", "chunk", chunk, "rounds_milliseconds", times, "top_k", request.topK());
        Arrays.sort(times);
        return times[ROUNDS / 2];
    }

    /// Entropies that are read out, against those of the logits that one product gives.
    private void agree(
            CudaBackend backend, Matrix matrix, RowReader reader, CudaRows kept, float[] host) {
        Gpu gpu = backend.gpu();
        int n = Math.min(COMPARED, rows);
        float[] logits = new float[n * dVocab];
        try (DeviceMemory x = gpu.allocate(4L * n * dModel, "rows");
                DeviceMemory y = gpu.allocate(4L * n * dVocab, "logits");
                RowReader.Reading reading = reader.begin(kept, rows, ReadoutRequest.ENTROPY)) {
            x.copyFrom(MemorySegment.ofArray(host).asSlice(0, 4L * n * dModel), 0);
            Operand operand = backend.weights().operand(matrix);
            gpu.products()
                    .multiply(
                            gpu.stream(),
                            backend.precision(),
                            operand,
                            x.address(),
                            n,
                            y.address(),
                            dVocab,
                            false);
            y.copyTo(logits);
            SummedRows sums = reading.sum(IntStream.range(0, n).toArray(), n, null, null);
            double worst = 0;
            for (int row = 0; row < n; row++) {
                double read = Math.log(sums.sum()[row]) - sums.weighted()[row] / sums.sum()[row];
                worst = Math.max(worst, Math.abs(read - entropy(logits, row * dVocab)));
            }
            log.found("readout", "kernels", backend.name(), "entropy_differs_by", worst);
        }
    }

    private double entropy(float[] logits, int at) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < dVocab; i++) {
            max = Math.max(max, logits[at + i]);
        }
        double sum = 0;
        double weighted = 0;
        for (int i = 0; i < dVocab; i++) {
            double shifted = logits[at + i] - max;
            sum += Math.exp(shifted);
            weighted += Math.exp(shifted) * shifted;
        }
        return Math.log(sum) - weighted / sum;
    }

    /// The product alone, all of it written as float32.
    private double bare(CudaBackend backend, Matrix matrix, DeviceMemory x) {
        Gpu gpu = backend.gpu();
        Stream stream = gpu.stream();
        Operand operand = backend.weights().operand(matrix);
        boolean half = backend.precision() == Precision.BFLOAT16;
        double[] times = new double[ROUNDS];
        try (DeviceMemory y = gpu.allocate(4L * rows * dVocab, "all logits");
                DeviceMemory rounded = gpu.allocate(2L * rows * dModel, "rounded rows");
                Event begin = gpu.newEvent(true);
                Event end = gpu.newEvent(true)) {
            gpu.products()
                    .conversions()
                    .convert(
                            stream,
                            x.address(),
                            DataType.FLOAT32,
                            rounded.address(),
                            DataType.BFLOAT16,
                            rows,
                            dModel,
                            dModel,
                            dModel);
            for (int round = 0; round < ROUNDS; round++) {
                begin.record(stream);
                if (half) {
                    gpu.products()
                            .multiply(
                                    stream,
                                    operand,
                                    rounded.address(),
                                    rows,
                                    y.address(),
                                    dVocab,
                                    false,
                                    false);
                } else {
                    gpu.products()
                            .multiply(
                                    stream,
                                    backend.precision(),
                                    operand,
                                    x.address(),
                                    rows,
                                    y.address(),
                                    dVocab,
                                    false);
                }
                end.record(stream);
                end.synchronize();
                times[round] = end.millisecondsSince(begin);
            }
        }
        log.found("readout", "product_rounds_milliseconds", times);
        Arrays.sort(times);
        return times[ROUNDS / 2];
    }
}
