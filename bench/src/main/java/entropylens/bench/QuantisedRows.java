package entropylens.bench;

import entropylens.kernels.Backend;
import entropylens.kernels.BlockFormat;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Phase;
import entropylens.kernels.WeightType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One row of activations times a matrix of 16,384 × 4,096 weights, as in decoding: quantised ones
/// beside bfloat16. Gigabytes are those that are stored; products per second compare formats.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "-Xmx2g",
            "--sun-misc-unsafe-memory-access=allow"
        })
public class QuantisedRows {
    private static final int OUTPUTS = 16_384;
    private static final int INPUTS = 4_096;

    @Param({
        "BF16", "fp8", "int8", "int4", "gptq", "awq", "nf4", "mxfp4", "Q8_0", "Q6_K", "Q5_K",
        "Q4_K", "Q4_0", "IQ4_XS", "MXFP4"
    })
    public String format = "";

    private final Arena arena = Arena.ofShared();
    private final Backend backend = Machine.backend();
    private final float[] x = new float[INPUTS];
    private final float[] y = new float[OUTPUTS];
    private Linear linear;
    private Path directory;

    @Setup
    public void agreeBeforeTiming() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < INPUTS; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        directory = Files.createTempDirectory("quantised-rows");
        linear = new Linear(matrix(), null);
        backend.apply(linear, x, 1, Phase.ALONE, y);
        Linear some = new Linear(linear.matrix().outputs(100, 140), null);
        float[] specified = new float[40];
        Agreement.specification().apply(some, x, 1, Phase.ALONE, specified);
        for (int i = 0; i < specified.length; i++) {
            double bound = 1e-6 * sizes(100 + i);
            Agreement.require("output " + (100 + i), y[100 + i], specified[i], bound);
        }
    }

    /// Sum of the sizes of an output's terms, which rounding goes by.
    private double sizes(int output) {
        float[] weights = new float[INPUTS];
        backend.read(linear.matrix(), output, weights, 0);
        double sum = 0;
        for (int i = 0; i < INPUTS; i++) {
            sum += Math.abs((double) weights[i] * x[i]);
        }
        return sum;
    }

    private Matrix matrix() throws IOException {
        for (BlockFormat type : BlockFormat.values()) {
            if (type.name().equals(format)) {
                return RandomBlocks.matrix(type, OUTPUTS, INPUTS, arena);
            }
        }
        if (!format.equals("BF16")) {
            return StoredCodes.matrix(directory, format, OUTPUTS, INPUTS, arena);
        }
        MemorySegment data = arena.allocate(2L * OUTPUTS * INPUTS, 64);
        SplittableRandom random = new SplittableRandom(2);
        for (long i = 0; i < (long) OUTPUTS * INPUTS; i++) {
            int bits = Float.floatToRawIntBits((float) random.nextDouble(-1, 1));
            data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> 16));
        }
        return Matrix.dense(data, WeightType.BF16, OUTPUTS, INPUTS, Matrix.Layout.OUT_IN);
    }

    @Benchmark
    public float[] product(Machine.Work work) {
        backend.apply(linear, x, 1, Phase.ALONE, y);
        work.gigabytes += 1e-9 * linear.matrix().bytes();
        return y;
    }

    @TearDown
    public void close() throws IOException {
        backend.pool().close();
        arena.close();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
