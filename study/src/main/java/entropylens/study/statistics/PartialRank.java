package entropylens.study.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.hipparchus.stat.ranking.NaturalRanking;

/// Spearman's partial correlation: of the ranks of two quantities, once what a third explains of
/// each is taken away (least squares on its ranks).
public final class PartialRank {
    /// Up to so many units all orders are gone through.
    private static final int EXACT = 8;

    private PartialRank() {}

    /// NaN where one of the two has no spread beside the third.
    public static double correlation(double[] x, double[] y, double[] given) {
        double[] third = ranks(given);
        return pearson(residuals(ranks(x), third), residuals(ranks(y), third));
    }

    /// Two-sided p by permutation: what is left of the ranks of x changes places (Freedman and Lane
    /// 1983).
    ///
    /// @param permutations of more than 8 units; of fewer, all orders
    public static double pValue(
            double[] x, double[] y, double[] given, int permutations, long seed) {
        double[] third = ranks(given);
        double[] left = residuals(ranks(x), third);
        double[] other = residuals(ranks(y), third);
        double observed = Math.abs(pearson(left, other));
        if (Double.isNaN(observed)) {
            return 1;
        }
        int[] places = new int[x.length];
        Arrays.setAll(places, i -> i);
        Arrangements orders =
                x.length <= EXACT
                        ? Arrangements.of(places, Integer.MAX_VALUE, seed)
                        : random(places, permutations, seed);
        double[] found =
                orders.labels().stream()
                        .mapToDouble(order -> Math.abs(permuted(left, order, third, other)))
                        .map(r -> Double.isNaN(r) ? 0 : r)
                        .toArray();
        return orders.all()
                ? Arrays.stream(found).filter(r -> r >= observed - 1e-12).count()
                        / (double) found.length
                : PermutationTest.pValue(observed, found);
    }

    private static Arrangements random(int[] places, int permutations, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[][] orders = new int[permutations][];
        for (int i = 0; i < permutations; i++) {
            Shuffles.shuffle(places, random);
            orders[i] = places.clone();
        }
        return new Arrangements(false, Arrays.asList(orders));
    }

    private static double permuted(double[] left, int[] order, double[] third, double[] other) {
        double[] moved = new double[left.length];
        Arrays.setAll(moved, i -> left[order[i]]);
        return pearson(residuals(moved, third), other);
    }

    private static double[] ranks(double[] values) {
        return new NaturalRanking(org.hipparchus.stat.ranking.TiesStrategy.AVERAGE).rank(values);
    }

    private static double[] residuals(double[] values, double[] on) {
        double mean = mean(values);
        double meanOn = mean(on);
        double products = 0;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            products += (on[i] - meanOn) * (values[i] - mean);
            squares += (on[i] - meanOn) * (on[i] - meanOn);
        }
        double slope = squares == 0 ? 0 : products / squares;
        double[] residuals = new double[values.length];
        Arrays.setAll(residuals, i -> values[i] - mean - slope * (on[i] - meanOn));
        return residuals;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /// Of values whose mean is 0.
    private static double pearson(double[] a, double[] b) {
        double products = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            products += a[i] * b[i];
            squaresA += a[i] * a[i];
            squaresB += b[i] * b[i];
        }
        double scale = Math.sqrt(squaresA * squaresB);
        return scale < 1e-9 ? Double.NaN : products / scale;
    }
}
