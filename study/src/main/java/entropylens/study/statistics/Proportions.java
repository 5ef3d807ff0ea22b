package entropylens.study.statistics;

import org.hipparchus.stat.interval.BinomialProportion;
import org.hipparchus.stat.interval.ConfidenceInterval;

/// Shares of cases.
public final class Proportions {
    private Proportions() {}

    /// Wilson's score interval (1927) of a share: it stays between 0 and 1 and holds its level with
    /// few cases too.
    ///
    /// @param level as 0.95
    public static Interval wilson(int successes, int cases, double level) {
        Require.atLeast(1, cases, "number of cases");
        Require.that(
                successes >= 0 && successes <= cases,
                "%d successes of %d cases, expected 0 .. %d",
                successes,
                cases,
                cases);
        Require.level(level);
        double share = (double) successes / cases;
        ConfidenceInterval interval =
                BinomialProportion.getWilsonScoreInterval(cases, share, level);
        return new Interval(share, interval.getLowerBound(), interval.getUpperBound(), level);
    }
}
