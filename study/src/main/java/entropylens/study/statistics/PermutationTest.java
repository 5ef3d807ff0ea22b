package entropylens.study.statistics;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/// Whether a statistic of labels is larger than chance makes it: it is taken again with the labels
/// in random order.
public final class PermutationTest {
    /// Sums of the same numbers in another order differ by no more than this, relative; SciPy's
    /// `permutation_test` allows as much.
    private static final double ROUNDING = 100 * Math.ulp(1.0);

    private PermutationTest() {}

    /// `(b + 1) / (m + 1)`, where b of m permuted values are at least as large as the observed one:
    /// never 0, and valid for any m (Phipson and Smyth 2010).
    public static double pValue(double observed, double[] permuted) {
        Require.finite(new double[] {observed}, 1, "permutation test, observed value");
        Require.finite(permuted, 1, "permutation test, permuted values");
        return (asLarge(observed, permuted) + 1.0) / (permuted.length + 1.0);
    }

    private static long asLarge(double observed, double[] permuted) {
        double threshold = observed - Math.abs(observed) * ROUNDING;
        return Arrays.stream(permuted).filter(value -> value >= threshold).count();
    }

    /// One-sided test that the statistic of these labels is large, against given arrangements of
    /// them. Where all arrangements are there, p is the share of those that are as large; else as
    /// in [#pValue].
    public static Permuted larger(
            int[] labels, Arrangements arrangements, ToDoubleFunction<int[]> statistic) {
        double observed = statistic.applyAsDouble(labels.clone());
        double[] permuted = arrangements.labels().stream().mapToDouble(statistic).toArray();
        return new Permuted(
                observed,
                arrangements.all()
                        ? asLarge(observed, permuted) / (double) permuted.length
                        : pValue(observed, permuted),
                Arrays.stream(permuted).average().orElseThrow());
    }
}
