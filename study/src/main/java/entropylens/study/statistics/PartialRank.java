package entropylens.study.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.hipparchus.stat.ranking.NaturalRanking;
import org.hipparchus.stat.ranking.TiesStrategy;

/// Spearman's partial correlation: of the ranks of two quantities, once what others explain of each
/// is taken away (least squares on their ranks). Its test is that of the coefficient in a
/// regression of the ranks on all of them.
///
/// @param explained orthonormal columns that span a constant and the ranks of the others
public record PartialRank(List<double[]> explained) {
    /// Up to so many units all orders are gone through.
    private static final int EXACT = 8;

    /// Of a column of ranks; less is left where the others explain all of it.
    private static final double NOTHING_LEFT = 1e-9;

    /// @param others quantities that are held fixed, each with one value for each unit; may be none
    public static PartialRank given(int units, double[]... others) {
        List<double[]> columns = new ArrayList<>();
        double[] constant = new double[units];
        Arrays.fill(constant, 1 / Math.sqrt(units));
        columns.add(constant);
        for (double[] other : others) {
            double[] left = residuals(ranks(other), columns);
            double length = Math.sqrt(product(left, left));
            if (length > NOTHING_LEFT * units) {
                columns.add(Arrays.stream(left).map(value -> value / length).toArray());
            }
        }
        return new PartialRank(columns);
    }

    /// NaN where one of the two has no spread beside the others.
    public double correlation(double[] x, double[] y) {
        return cosine(residuals(ranks(x), explained), residuals(ranks(y), explained));
    }

    /// Two-sided p by permutation: what is left of the ranks of x changes places (Freedman and Lane
    /// 1983).
    ///
    /// @param permutations of more than 8 units; of fewer, all orders
    public double pValue(double[] x, double[] y, int permutations, long seed) {
        double[] left = residuals(ranks(x), explained);
        double[] other = residuals(ranks(y), explained);
        double observed = Math.abs(cosine(left, other));
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
                        .mapToDouble(order -> Math.abs(permuted(left, order, other)))
                        .map(r -> Double.isNaN(r) ? 0 : r)
                        .toArray();
        return orders.all()
                ? Arrays.stream(found).filter(r -> r >= observed - 1e-12).count()
                        / (double) found.length
                : PermutationTest.pValue(observed, found);
    }

    /// Correlations where there is nothing to find: what is left of the ranks of x changes places
    /// at random. 0 where one has no spread.
    public double[] permuted(double[] x, double[] y, int permutations, long seed) {
        double[] left = residuals(ranks(x), explained);
        double[] other = residuals(ranks(y), explained);
        int[] places = new int[x.length];
        Arrays.setAll(places, i -> i);
        return random(places, permutations, seed).labels().stream()
                .mapToDouble(order -> permuted(left, order, other))
                .map(r -> Double.isNaN(r) ? 0 : r)
                .toArray();
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

    private double permuted(double[] left, int[] order, double[] other) {
        double[] moved = new double[left.length];
        Arrays.setAll(moved, i -> left[order[i]]);
        return cosine(residuals(moved, explained), other);
    }

    private static double[] ranks(double[] values) {
        return new NaturalRanking(TiesStrategy.AVERAGE).rank(values);
    }

    private static double[] residuals(double[] values, List<double[]> explained) {
        double[] left = values.clone();
        for (double[] column : explained) {
            double along = product(left, column);
            for (int i = 0; i < left.length; i++) {
                left[i] -= along * column[i];
            }
        }
        return left;
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double cosine(double[] a, double[] b) {
        double scale = Math.sqrt(product(a, a) * product(b, b));
        return scale < NOTHING_LEFT ? Double.NaN : product(a, b) / scale;
    }
}
