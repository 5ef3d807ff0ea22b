package entropylens.bench;

import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/// Attention of one new token over a long context, every head with keys and values of its own.
/// Bound by reading them: 4,096 positions of 32 heads are more than a cache holds.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "-Xmx4g",
            "--sun-misc-unsafe-memory-access=allow"
        })
public class LongContext {
    static final int HEADS = 32;
    private static final float SCALE = 0.125f;

    @Param({"64", "128"})
    public int width;

    @Param({"4096"})
    public int positions;

    private final Kernels kernels = Kernels.best();
    private final WorkerPool pool = Machine.pool();
    private float[] query;
    private float[] keys;
    private float[] values;
    private float[] mixed;

    @Setup
    public void agreeBeforeTiming() {
        query = random(HEADS * width, 1);
        keys = random(HEADS * positions * width, 2);
        values = random(HEADS * positions * width, 3);
        mixed = new float[HEADS * width];
        attend(kernels, 1, mixed);
        float[] specified = new float[mixed.length];
        attend(Kernels.scalar(), 1, specified);
        for (int i = 0; i < width; i++) {
            Agreement.require("element " + i, mixed[width + i], specified[width + i], 1e-5);
        }
    }

    @TearDown
    public void close() {
        pool.close();
    }

    private static float[] random(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private void attend(Kernels with, int head, float[] out) {
        float[] scores = new float[positions];
        int at = head * positions * width;
        with.scores(query, head * width, keys, at, width, positions, SCALE, scores);
        with.softmax(scores, positions);
        with.mix(scores, values, at, width, positions, out, head * width);
    }

    WorkerPool pool() {
        return pool;
    }

    /// 10⁹ bytes of keys and values.
    double gigabytes() {
        return 1e-9 * 2 * Float.BYTES * HEADS * positions * width;
    }

    void attend() {
        pool.run(HEADS, head -> attend(kernels, head, mixed));
    }

    @Benchmark
    public float[] attention(Machine.Work work) {
        attend();
        work.gigabytes += gigabytes();
        return mixed;
    }
}
