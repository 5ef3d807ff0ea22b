package entropylens.study.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Percentile bootstrap intervals (Efron 1979) of any statistic of rows.
///
/// A statistic receives the indices of rows, some of them several times. A paired difference is one
/// statistic that looks at both sides of the rows it is given.
public final class Bootstrap {
    private Bootstrap() {}

    /// The interval over samples of rows.
    ///
    /// @param draws number of bootstrap samples; 10,000 for a published interval
    public static Interval interval(
            int rows, ToDoubleFunction<int[]> statistic, int draws, long seed, double level) {
        return interval(rows, Resampling.ofRows(rows), statistic, draws, seed, level);
    }

    /// The interval over samples drawn in another way, as whole groups.
    ///
    /// @param rows how many there are; the estimate is the statistic of each once
    public static Interval interval(
            int rows,
            Resampling resampling,
            ToDoubleFunction<int[]> statistic,
            int draws,
            long seed,
            double level) {
        Require.atLeast(1, draws, "number of bootstrap samples");
        SplittableRandom random = new SplittableRandom(seed);
        Stream<int[]> samples = Stream.generate(() -> resampling.draw(random)).limit(draws);
        return interval(rows, samples, statistic, level);
    }

    /// The interval over given samples of row indices.
    public static Interval interval(
            int rows, int[][] samples, ToDoubleFunction<int[]> statistic, double level) {
        Require.atLeast(1, samples.length, "number of bootstrap samples");
        return interval(rows, Arrays.stream(samples), statistic, level);
    }

    private static Interval interval(
            int rows, Stream<int[]> samples, ToDoubleFunction<int[]> statistic, double level) {
        Require.atLeast(1, rows, "rows to resample");
        Require.level(level);
        double estimate = finite(statistic, IntStream.range(0, rows).toArray());
        long[] fingerprint = new long[1];
        double[] values =
                samples.sequential()
                        .mapToDouble(sample -> {
                            fingerprint[0] = Draws.fingerprint(fingerprint[0], sample);
                            return finite(statistic, sample);
                        })
                        .toArray();
        return new Draws(fingerprint[0], values).interval(estimate, level);
    }

    private static double finite(ToDoubleFunction<int[]> statistic, int[] sample) {
        double value = statistic.applyAsDouble(sample);
        Require.that(
                Double.isFinite(value),
                "the statistic of a bootstrap sample of %d rows is %s; draw within strata, or choose"
                        + " a statistic that every sample has",
                sample.length,
                value);
        return value;
    }
}
