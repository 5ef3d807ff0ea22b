package entropylens.study.statistics;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;

/// Intervals over few units, by leaving out one after the other (Tukey 1958).
public final class Jackknife {
    private Jackknife() {}

    /// The estimate with its interval by Student's t with one degree of freedom less than there are
    /// units.
    ///
    /// @param units how many there are, 2 or more
    /// @param without the statistic of all units but one
    public static Interval interval(
            double estimate, int units, IntToDoubleFunction without, double level) {
        Require.atLeast(2, units, "units of a jackknife");
        Require.level(level);
        double[] left = IntStream.range(0, units).mapToDouble(without).toArray();
        double mean = Arrays.stream(left).average().orElseThrow();
        double squares = Arrays.stream(left).map(value -> (value - mean) * (value - mean)).sum();
        double error = Math.sqrt(squares * (units - 1) / units);
        double half =
                error * new TDistribution(units - 1).inverseCumulativeProbability((1 + level) / 2);
        return new Interval(estimate, estimate - half, estimate + half, level);
    }
}
