package entropylens.bench;

import entropylens.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What the machine can do, on as many threads as the products use: float32 multiply-adds that
/// depend on nothing, and a sequential read of memory.
final class Peaks implements AutoCloseable {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int STEPS = 1_000_000;
    private static final long BYTES = 512L << 20;
    private static final int PIECES = 64;
    private static final long NANOS_OF_A_LOOK = 200_000_000;

    /// @param gflops 10⁹ floating-point operations a second; a multiply-add is two
    /// @param gigabytes 10⁹ bytes a second
    record Rates(double gflops, double gigabytes) {
        /// The larger of each of two looks: another program may have disturbed one.
        Rates max(Rates other) {
            return new Rates(Math.max(gflops, other.gflops), Math.max(gigabytes, other.gigabytes));
        }
    }

    private final WorkerPool pool;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(BYTES, 64);
    private final float[] sink;

    Peaks(WorkerPool pool) {
        this.pool = pool;
        this.sink = new float[pool.threads()];
        memory.fill((byte) 1);
    }

    /// Lanes of a vector of floats, which say how wide the vectors are that this JVM uses.
    static int lanes() {
        return FLOATS.length();
    }

    /// Medians over some 0.2 s each.
    Rates measure() {
        return new Rates(median(this::multiplyAdds), median(this::read));
    }

    private static double median(DoubleSupplier rate) {
        double[] rates = new double[1024];
        int count = 0;
        long end = System.nanoTime() + NANOS_OF_A_LOOK;
        while (count < 3 || count < rates.length && System.nanoTime() < end) {
            rates[count++] = rate.getAsDouble();
        }
        Arrays.sort(rates, 0, count);
        return rates[count / 2];
    }

    private double multiplyAdds() {
        long start = System.nanoTime();
        double gflop = chainsOnAllThreads();
        return 1e9 * gflop / (System.nanoTime() - start);
    }

    private double read() {
        long start = System.nanoTime();
        double gigabytes = readAll();
        return 1e9 * gigabytes / (System.nanoTime() - start);
    }

    /// @return 10⁹ operations done
    double chainsOnAllThreads() {
        pool.run(pool.threads(), task -> sink[task] = chains());
        return 2e-9 * CHAINS * FLOATS.length() * STEPS * pool.threads();
    }

    /// @return 10⁹ bytes read
    double readAll() {
        long piece = BYTES / PIECES;
        float[] sums = new float[PIECES];
        pool.run(PIECES, task -> sums[task] = sum(task * piece, (task + 1) * piece));
        if (sums[0] < 0) {
            throw new IllegalStateException("a sum of what is not negative is negative");
        }
        return 1e-9 * BYTES;
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
        FloatVector some = a.add(b).add(c).add(d).add(e).add(f);
        return some.add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
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

    @Override
    public void close() {
        arena.close();
    }
}
