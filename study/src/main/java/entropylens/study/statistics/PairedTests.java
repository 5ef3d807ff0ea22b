package entropylens.study.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.distribution.discrete.BinomialDistribution;
import org.hipparchus.stat.inference.TTest;

/// Whether two ways differ on the same cases. All tests are two-sided. Two sides that are equal in
/// every case give p = 1. See also [SignedRanks].
public final class PairedTests {
    private PairedTests() {}

    /// Student's t of the differences `a - b`, for independent pairs.
    ///
    /// @throws IllegalArgumentException when all differences are one number other than 0: their
    ///   spread, which the test measures by, is then unknown
    public static TestResult pairedT(double[] a, double[] b) {
        Require.paired(a, b, 2, "paired t-test");
        double[] differences = differences(a, b);
        if (allZero(differences)) {
            return new TestResult(0, 1);
        }
        requireSpread(differences);
        TTest test = new TTest();
        return new TestResult(test.t(0, differences), test.tTest(0, differences));
    }

    /// The t-test for differences of scores over the folds of a cross-validation, corrected for
    /// training sets that overlap: Nadeau and Bengio, Inference for the generalization error
    /// (2003). The variance of the mean is taken as `(1 / folds + testToTrain) * variance`. The
    /// plain t-test finds too much there.
    ///
    /// @param differences of the scores, one for each fold
    /// @param testToTrain test rows divided by training rows of a fold: 1 / 9 for 10 folds
    public static TestResult correctedT(double[] differences, double testToTrain) {
        Require.finite(differences, 2, "corrected t-test, differences over folds");
        Require.that(
                testToTrain > 0 && Double.isFinite(testToTrain),
                "corrected t-test: test rows / training rows is %s, expected a positive number",
                testToTrain);
        if (allZero(differences)) {
            return new TestResult(0, 1);
        }
        requireSpread(differences);
        int folds = differences.length;
        double mean = Arrays.stream(differences).sum() / folds;
        double variance =
                Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum() / (folds - 1);
        double t = mean / Math.sqrt((1.0 / folds + testToTrain) * variance);
        return new TestResult(
                t, 2 * new TDistribution(folds - 1).cumulativeProbability(-Math.abs(t)));
    }

    /// McNemar's exact test: of the cases that one side alone gets right, is a half on either side?
    /// Two-sided binomial; the statistic is the smaller number.
    ///
    /// @param onlyFirst cases right on the first side and wrong on the second
    /// @param onlySecond cases right on the second side alone
    public static TestResult mcNemarExact(int onlyFirst, int onlySecond) {
        int fewer = fewer(onlyFirst, onlySecond);
        int discordant = Math.addExact(onlyFirst, onlySecond);
        BinomialDistribution fair = new BinomialDistribution(discordant, 0.5);
        // summed, since its cumulative probability is 1 - the other tail, and vanishes below 1e-16
        double tail = IntStream.rangeClosed(0, fewer).mapToDouble(fair::probability).sum();
        return new TestResult(fewer, Math.min(1, 2 * tail));
    }

    /// McNemar's test by chi squared with one degree of freedom and Edwards' continuity correction,
    /// `(|first - second| - 1)^2 / (first + second)`; for 25 discordant cases or more.
    public static TestResult mcNemarChiSquared(int onlyFirst, int onlySecond) {
        fewer(onlyFirst, onlySecond);
        int discordant = Math.addExact(onlyFirst, onlySecond);
        if (onlyFirst == onlySecond) {
            return new TestResult(0, 1); // the correction would push beyond equality
        }
        double distance = Math.abs(onlyFirst - onlySecond) - 1.0;
        double statistic = distance * distance / discordant;
        // 1 - P(chi^2 < s) = P(s < chi^2), by the normal's tail: exact where 1 - P rounds to 0
        return new TestResult(statistic, SignedRanks.twoSided(Math.sqrt(statistic)));
    }

    /// [#mcNemarExact] of two rows of answers.
    ///
    /// @param first whether the first side is right, case by case
    public static TestResult mcNemarExact(boolean[] first, boolean[] second) {
        Require.sameLength(first.length, second.length, "McNemar's test");
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int i = 0; i < first.length; i++) {
            onlyFirst += first[i] && !second[i] ? 1 : 0;
            onlySecond += second[i] && !first[i] ? 1 : 0;
        }
        return mcNemarExact(onlyFirst, onlySecond);
    }

    private static int fewer(int onlyFirst, int onlySecond) {
        Require.atLeast(0, onlyFirst, "McNemar's test: cases right on the first side alone");
        Require.atLeast(0, onlySecond, "McNemar's test: cases right on the second side alone");
        return Math.min(onlyFirst, onlySecond);
    }

    static double[] differences(double[] a, double[] b) {
        double[] differences = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            differences[i] = a[i] - b[i];
        }
        return differences;
    }

    static boolean allZero(double[] values) {
        return Arrays.stream(values).allMatch(value -> value == 0);
    }

    private static void requireSpread(double[] differences) {
        Require.that(
                Arrays.stream(differences).anyMatch(value -> value != differences[0]),
                "t-test: all %d differences are %s; without spread there is nothing to measure"
                        + " them by, use the signed-rank test",
                differences.length,
                differences[0]);
    }
}
