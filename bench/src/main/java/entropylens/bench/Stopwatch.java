package entropylens.bench;

import entropylens.bench.TimeShares.Kind;
import entropylens.kernels.WorkerPool;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/// Times one step again and again, between two looks at what the machine can do.
final class Stopwatch {
    /// What a step must do at least.
    ///
    /// @param gflop 10⁹ floating-point operations; a multiply-add is two
    /// @param gigabytes 10⁹ bytes that are read, of weights, keys and values
    record Work(double gflop, double gigabytes) {}

    /// @param seconds of a step, median
    /// @param spread half the distance of the quartiles, as a share of the median
    record Result(double seconds, double spread, Peaks.Rates peaks, Map<Kind, Double> times) {
        RooflineRow row(
                String what, String weights, int together, String unit, double done, Work work) {
            return new RooflineRow(
                    what,
                    weights,
                    together,
                    Peaks.lanes(),
                    unit,
                    done / seconds,
                    spread,
                    work.gflop / seconds,
                    work.gigabytes / seconds,
                    peaks,
                    times);
        }
    }

    private static final int LEAST = 5;
    private static final int MOST = 4096;

    private final Peaks peaks;
    private final WorkerPool pool;
    private final double seconds;

    /// @param seconds that each step is measured for, at least; warmed up for as long
    Stopwatch(WorkerPool pool, double seconds) {
        this.pool = pool;
        this.seconds = seconds;
        this.peaks = new Peaks(pool);
        peaks.measure(); // the first look is the compiler's
        peaks.measure();
    }

    Result time(Runnable step) throws IOException {
        repeat(step, 2);
        Peaks.Rates before = peaks.measure();
        step.run(); // what the look at memory has put out of the caches
        TimeShares shares = TimeShares.start();
        double[] sorted = repeat(step, LEAST);
        Map<Kind, Double> times = shares.stop(pool.threads());
        Peaks.Rates after = peaks.measure();
        Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        double quartiles = sorted[sorted.length * 3 / 4] - sorted[sorted.length / 4];
        return new Result(median, quartiles / 2 / median, before.max(after), times);
    }

    private double[] repeat(Runnable step, int least) {
        double[] taken = new double[MOST];
        int count = 0;
        long end = System.nanoTime() + (long) (1e9 * seconds);
        while (count < least || count < MOST && System.nanoTime() < end) {
            long start = System.nanoTime();
            step.run();
            taken[count++] = 1e-9 * (System.nanoTime() - start);
        }
        return Arrays.copyOf(taken, count);
    }
}
