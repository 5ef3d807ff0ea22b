package entropylens.study.statistics;

import org.hipparchus.distribution.continuous.NormalDistribution;

/// An estimate and the interval around it.
///
/// @param level share of such intervals that hold the true value, as 0.95
public record Interval(double estimate, double low, double high, double level) {
    /// Power at which an effect counts as detectable.
    private static final double POWER = 0.8;

    private static final NormalDistribution NORMAL = new NormalDistribution(0, 1);

    /// The distance from nothing that is found in 80 % of runs, in standard errors, by a two-sided
    /// test at a level such as 0.95.
    public static double detectableErrors(double level) {
        return NORMAL.inverseCumulativeProbability((1 + level) / 2)
                + NORMAL.inverseCumulativeProbability(POWER);
    }

    /// Half the width of an interval of that level, in standard errors of a normal distribution.
    public static double halfWidthErrors(double level) {
        return NORMAL.inverseCumulativeProbability((1 + level) / 2);
    }

    /// Whether a value lies inside, ends included.
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /// The standard error that the width means: of a normal distribution, an interval of level c is
    /// 2 z((1 + c) / 2) standard errors wide.
    public double standardError() {
        return (high - low) / (2 * halfWidthErrors(level));
    }

    /// Two-sided p of the hypothesis that the true value is `value`, by the normal approximation
    /// with the interval's [#standardError()]. 1 where the interval has no width and holds the
    /// value.
    public double pValue(double value) {
        double error = standardError();
        if (error == 0) {
            return estimate == value ? 1 : 0;
        }
        return Math.min(1, 2 * NORMAL.cumulativeProbability(-Math.abs(estimate - value) / error));
    }

    /// This estimate less another one of independent data, by the method of variance estimates
    /// recovery (Zou and Donner 2008): each end moves by what both intervals allow.
    public Interval less(Interval other) {
        double difference = estimate - other.estimate;
        return new Interval(
                difference,
                difference - Math.hypot(estimate - low, other.high - other.estimate),
                difference + Math.hypot(high - estimate, other.estimate - other.low),
                level);
    }

    /// How far from `nothing` the true value must lie for a sample of this spread to find it, by a
    /// two-sided test at the level, in 80 % of runs (normal approximation). NaN where the interval
    /// has no width: then nothing is known of the spread.
    public double detectable() {
        if (high == low) {
            return Double.NaN;
        }
        return standardError() * detectableErrors(level);
    }
}
