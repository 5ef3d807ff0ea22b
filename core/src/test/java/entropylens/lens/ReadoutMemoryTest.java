package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import entropylens.kernels.Noise;
import entropylens.kernels.WeightType;
import entropylens.kernels.WorkerPool;
import entropylens.model.Norm;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/// What a readout holds while it runs: measured by kernels that collect garbage and look at the
/// heap in the middle of it.
class ReadoutMemoryTest {
    private static final int D_MODEL = 4;
    private static final int D_VOCAB = 6;

    /// Noise of the measurement: 0.5 MB here (large arrays count in whole regions of the heap). A
    /// list of all chunks in advance, which a readout once made, held 14 MB for 200,000 rows.
    private static final long NOISE = 2 << 20;

    @Test
    void theMemoryOfAReadoutDoesNotGrowWithItsRows() {
        long few = heldWhileReading(500);
        long many = heldWhileReading(200_000);
        long results = 200_000 * Double.BYTES;
        System.out.printf("readout holds %,d bytes for 500 rows, %,d for 200,000%n", few, many);
        assertThat(many - results - few).isLessThan(NOISE);
        assertThat(many - results).isLessThan(LogitLens.SCRATCH_BYTES);
    }

    private static long heldWhileReading(int count) {
        float[] rows = Noise.floats(count * D_MODEL, 1);
        long[] held = {0};
        int[] calls = {0};
        Kernels scalar = Kernels.scalar();
        Kernels watched =
                (Kernels)
                        Proxy.newProxyInstance(
                                Kernels.class.getClassLoader(),
                                new Class<?>[] {Kernels.class},
                                (_, method, arguments) -> {
                                    if (method.getName().equals("columnExp") && ++calls[0] == 100) {
                                        held[0] = heap();
                                    }
                                    return method.invoke(scalar, arguments);
                                });
        Unembed unembed =
                new Unembed(
                        new Weights.Readout(
                                new NormWeights(new Norm.Rms(1e-6), new float[] {1, 1, 1, 1}, null),
                                null,
                                Noise.matrix(
                                        WeightType.F32, D_VOCAB, D_MODEL, Matrix.Layout.OUT_IN, 2),
                                null),
                        OptionalDouble.empty(),
                        new CpuBackend(watched, new WorkerPool(1)));
        long before = heap();
        Readouts readouts = new LogitLens(unembed).read(rows, count, ReadoutRequest.ENTROPY);
        assertThat(readouts.entropy()).hasSize(count);
        assertThat(rows).hasSize(count * D_MODEL);
        assertThat(calls[0]).isGreaterThanOrEqualTo(100);
        return held[0] - before;
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
