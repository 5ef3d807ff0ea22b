package entropylens.study.statistics;

import java.util.Optional;
import org.hipparchus.distribution.continuous.NormalDistribution;

/// An estimate and the interval around it.
///
/// @param level share of such intervals that hold the true value, as 0.95
/// @param draws of the bootstrap that it is the percentile interval of, or of the difference that
///   it is of; none where it comes from elsewhere
public record Interval(double estimate, double low, double high, double level, Draws draws) {
    /// Power at which an effect counts as detectable.
    private static final double POWER = 0.8;

    private static final NormalDistribution NORMAL = new NormalDistribution(0, 1);

    /// An interval that is none of a bootstrap.
    public Interval(double estimate, double low, double high, double level) {
        this(estimate, low, high, level, Draws.NONE);
    }

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
                level,
                draws.less(other.draws));
    }

    /// This estimate less another one of the same rows, by the paired bootstrap: the percentile
    /// interval of the difference in each sample of rows. Empty where both are not of the same
    /// samples.
    public Optional<Interval> lessPaired(Interval other) {
        return draws.pairsWith(other.draws)
                ? Optional.of(draws.less(other.draws).interval(estimate - other.estimate, level))
                : Optional.empty();
    }

    /// The same, without what it came from.
    public Interval withoutDraws() {
        return new Interval(estimate, low, high, level);
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
