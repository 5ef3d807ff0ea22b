package entropylens.bench;

import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What the machine can do: float32 multiply-adds that depend on nothing, and a sequential read of
/// memory, on as many threads as the products use. The other benchmarks are reported as shares of
/// these.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "-Xmx4g",
            "--sun-misc-unsafe-memory-access=allow"
        })
public class Machine {
    /// Work done, reported per second.
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Work {
        public double gflop;
        public double gigabytes;

        @Setup(org.openjdk.jmh.annotations.Level.Iteration)
        public void reset() {
            gflop = 0;
            gigabytes = 0;
        }
    }

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int STEPS = 1_000_000;
    private static final long BYTES = 512L << 20;

    private final WorkerPool pool = pool();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(BYTES, 64);
    private final float[] sink = new float[pool.threads()];

    static WorkerPool pool() {
        return new WorkerPool(Runtime.getRuntime().availableProcessors());
    }

    /// Put together by hand, and not by [entropylens.EntropyLens]: kernels are what is timed.
    static Backend backend() {
        return new CpuBackend(Kernels.best(), pool());
    }

    @Setup
    public void touch() {
        memory.fill((byte) 1);
    }

    @TearDown
    public void close() {
        pool.close();
        arena.close();
    }

    @Benchmark
    public float[] fmaPeak(Work work) {
        pool.run(pool.threads(), task -> sink[task] = chains());
        work.gflop += 2e-9 * CHAINS * FLOATS.length() * STEPS * pool.threads();
        return sink;
    }

    private static float chains() {
        FloatVector x = FloatVector.broadcast(FLOATS, 0.999f);
        FloatVector y = FloatVector.broadcast(FLOATS, 0.001f);
        FloatVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x;
        FloatVector l = x;
        for (int step = 0; step < STEPS; step++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        return a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .lane(0);
    }

    @Benchmark
    public float[] readBandwidth(Work work) {
        int pieces = 64;
        long piece = BYTES / pieces;
        float[] sums = new float[pieces];
        pool.run(pieces, task -> sums[task] = sum(task * piece, (task + 1) * piece));
        work.gigabytes += 1e-9 * BYTES;
        return sums;
    }

    private float sum(long from, long to) {
        FloatVector a = FloatVector.zero(FLOATS), b = a, c = a, d = a;
        long step = FLOATS.vectorByteSize();
        for (long at = from; at < to; at += 4 * step) {
            a = a.add(load(at));
            b = b.add(load(at + step));
            c = c.add(load(at + 2 * step));
            d = d.add(load(at + 3 * step));
        }
        return a.add(b).add(c).add(d).lane(0);
    }

    private FloatVector load(long at) {
        return FloatVector.fromMemorySegment(FLOATS, memory, at, ByteOrder.LITTLE_ENDIAN);
    }
}
