package entropylens.study.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Several tests at once: Holm's step-down correction (1979), which keeps the chance of any false
/// finding below the level, whatever the tests have to do with each other.
public final class Holm {
    private Holm() {}

    /// p-values that may each be held against the level, in the order given: the i-th smallest of m
    /// times `m - i + 1`, at least the one before it, at most 1.
    public static double[] adjusted(double[] pValues) {
        Require.finite(pValues, 1, "p-values");
        for (double p : pValues) {
            Require.that(p >= 0 && p <= 1, "p-value %s, expected between 0 and 1", p);
        }
        List<Integer> order =
                IntStream.range(0, pValues.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> pValues[i]))
                        .toList();
        double[] adjusted = new double[pValues.length];
        double largest = 0;
        int left = pValues.length;
        for (int i : order) {
            largest = Math.max(largest, Math.min(1, left * pValues[i]));
            adjusted[i] = largest;
            left--;
        }
        return adjusted;
    }
}
