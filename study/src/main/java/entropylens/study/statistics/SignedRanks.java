package entropylens.study.statistics;

import java.util.Arrays;
import org.hipparchus.special.Erf;

/// Wilcoxon's signed-rank test: whether differences lie around 0, by their ranks alone.
///
/// Hipparchus has it too, but its exact test knows no ties and its approximation does not correct
/// for them.
public final class SignedRanks {
    /// From this many differences on, the normal approximation; below, every assignment of signs.
    static final int NORMAL_FROM = 25;

    private SignedRanks() {}

    /// Two-sided test of the differences `a - b`. Differences of 0 are left out (Wilcoxon's rule),
    /// tied ones share the mean of their ranks. Below 25 differences the p-value is exact, ties
    /// included; from there on normal, with the variance corrected for ties and no continuity
    /// correction, as `scipy.stats.wilcoxon(method="asymptotic")`.
    ///
    /// The statistic is the smaller of the two sums of ranks.
    public static TestResult wilcoxon(double[] a, double[] b) {
        Require.paired(a, b, 1, "signed-rank test");
        double[] differences =
                Arrays.stream(PairedTests.differences(a, b)).filter(d -> d != 0).toArray();
        if (differences.length == 0) {
            return new TestResult(0, 1);
        }
        double[] ranks = Scores.ranks(Arrays.stream(differences).map(Math::abs).toArray());
        double positive = 0;
        double all = 0;
        for (int i = 0; i < ranks.length; i++) {
            positive += differences[i] > 0 ? ranks[i] : 0;
            all += ranks[i];
        }
        double smaller = Math.min(positive, all - positive);
        boolean normal = ranks.length >= NORMAL_FROM;
        return new TestResult(smaller, normal ? normal(ranks, smaller) : exact(ranks, smaller));
    }

    /// Share of the assignments of signs with a sum as small or smaller, doubled. Counted by sums:
    /// ranks are halves of whole numbers.
    private static double exact(double[] ranks, double smaller) {
        int[] doubled = Arrays.stream(ranks).mapToInt(rank -> (int) Math.round(2 * rank)).toArray();
        double[] assignments = new double[Arrays.stream(doubled).sum() + 1];
        assignments[0] = 1;
        for (int rank : doubled) {
            for (int sum = assignments.length - 1; sum >= rank; sum--) {
                assignments[sum] += assignments[sum - rank];
            }
        }
        double asSmall = 0;
        for (int sum = 0; sum <= Math.round(2 * smaller); sum++) {
            asSmall += assignments[sum];
        }
        return Math.min(1, 2 * asSmall / Math.scalb(1.0, ranks.length));
    }

    private static double normal(double[] ranks, double smaller) {
        double n = ranks.length;
        double variance = (n * (n + 1) * (2 * n + 1) - ties(ranks) / 2) / 24;
        return twoSided((smaller - n * (n + 1) / 4) / Math.sqrt(variance));
    }

    /// Sum of `t^3 - t` over the ties of t equal ranks.
    private static double ties(double[] ranks) {
        double[] sorted = ranks.clone();
        Arrays.sort(sorted);
        double sum = 0;
        for (int from = 0, to = 1; to <= sorted.length; to++) {
            if (to == sorted.length || sorted[to] != sorted[from]) {
                double tied = to - from;
                sum += tied * tied * tied - tied;
                from = to;
            }
        }
        return sum;
    }

    /// The chance that a standard normal number is at least this far from 0.
    static double twoSided(double z) {
        return Erf.erfc(Math.abs(z) / Math.sqrt(2));
    }
}
