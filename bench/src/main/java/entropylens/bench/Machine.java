package entropylens.bench;

import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Device;
import entropylens.kernels.Kernels;
import entropylens.kernels.Precision;
import entropylens.kernels.WorkerPool;
import java.util.concurrent.TimeUnit;
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

/// What the machine can do ([Peaks]). The other benchmarks are reported as shares of these.
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

    private final WorkerPool pool = pool();
    private final Peaks peaks = new Peaks(pool);

    static WorkerPool pool() {
        return new WorkerPool(Runtime.getRuntime().availableProcessors());
    }

    /// Put together by hand, and not by [entropylens.EntropyLens]: kernels are what is timed.
    static Backend backend() {
        return new CpuBackend(Kernels.best(), pool());
    }

    /// @param name as for `--backend`: `vector`, or `onednn`, where it is
    static Backend backend(String name) {
        return name.equals("vector")
                ? backend()
                : new Device(name, 0, Precision.BFLOAT16).open(pool());
    }

    @TearDown
    public void close() {
        peaks.close();
        pool.close();
    }

    @Benchmark
    public void fmaPeak(Work work) {
        work.gflop += peaks.chainsOnAllThreads();
    }

    @Benchmark
    public void readBandwidth(Work work) {
        work.gigabytes += peaks.readAll();
    }
}
