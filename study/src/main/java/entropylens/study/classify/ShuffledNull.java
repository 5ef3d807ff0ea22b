package entropylens.study.classify;

import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Quantiles;
import java.util.Arrays;
import org.hipparchus.distribution.continuous.NormalDistribution;

/// What a reading is where there is nothing to find: the same rows and folds, with shuffled labels.
///
/// Rows that are each other's neighbours test each other: when their labels agree by chance, both
/// are told right. So the AUC of a cross-validation varies more between shuffles than its rows,
/// taken one by one, say. `unseen` is that part of the variance, which a bootstrap given the folds
/// leaves out; it is added to the intervals of readings of the true labels.
///
/// @param aucs of the shuffles
/// @param unseen variance of `aucs` less the mean variance that their rows show, or 0
public record ShuffledNull(double[] aucs, double unseen) {
    private static final NormalDistribution NORMAL = new NormalDistribution(0, 1);

    /// @param varianceOfRows of each shuffle, over groups, given its scores
    static ShuffledNull of(double[] aucs, double[] varianceOfRows) {
        double seen = Arrays.stream(varianceOfRows).average().orElseThrow();
        return new ShuffledNull(aucs, Math.max(0, variance(aucs) - seen));
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return squares / (values.length - 1);
    }

    public double mean() {
        return Arrays.stream(aucs).average().orElseThrow();
    }

    /// The mean, and the ends of the middle of the shuffles.
    public Interval range(double level) {
        return new Interval(
                mean(),
                Quantiles.linear(aucs, (1 - level) / 2),
                Quantiles.linear(aucs, (1 + level) / 2),
                level);
    }

    /// Two-sided p of an AUC this far from the shuffles, from the mean and the spread of the
    /// shuffles: a share of shuffles could be no smaller than one of their number.
    public double pValue(double auc) {
        double spread = Math.sqrt(variance(aucs));
        return 2 * NORMAL.cumulativeProbability(-Math.abs(auc - mean()) / Math.max(spread, 1e-9));
    }

    /// An interval given the folds, widened by what it does not see. The spread of a share A goes
    /// with A (1 − A), which is ¼ where there is nothing to find.
    Interval widened(Interval given) {
        double z = Interval.halfWidthErrors(given.level());
        double auc = given.estimate();
        double more = z * z * unseen * 4 * auc * (1 - auc);
        double below = given.estimate() - given.low();
        double above = given.high() - given.estimate();
        return new Interval(
                given.estimate(),
                Math.max(0, given.estimate() - Math.sqrt(below * below + more)),
                Math.min(1, given.estimate() + Math.sqrt(above * above + more)),
                given.level());
    }
}
