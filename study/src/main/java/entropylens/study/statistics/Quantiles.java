package entropylens.study.statistics;

import java.util.Arrays;

/// Quantiles of a sample, by linear interpolation between order statistics: type 7 of Hyndman and
/// Fan (1996), as `numpy.quantile` has it by default.
///
/// Hipparchus' `Percentile` has the same type, but no quantile 0.
public final class Quantiles {
    private Quantiles() {}

    /// The value that a share q of the sample lies below.
    ///
    /// @param q between 0 (the smallest value) and 1 (the largest)
    public static double linear(double[] values, double q) {
        Require.finite(values, 1, "quantile");
        Require.that(q >= 0 && q <= 1, "quantile %s, expected between 0 and 1", q);
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return ofSorted(sorted, q);
    }

    static double ofSorted(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) position;
        double share = position - below;
        return share == 0
                ? sorted[below]
                : sorted[below] + share * (sorted[below + 1] - sorted[below]);
    }
}
