package entropylens.study.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Deals whole groups to folds, one after the other: first those whose classes are most uneven,
/// each to the fold where the shares of the classes then differ least between folds; where several
/// folds are as good, to the one with fewest rows. scikit-learn's `StratifiedGroupKFold` decides so
/// too.
final class GroupFolds {
    /// Sums of the same shares in another order are no difference.
    private static final double ROUNDING = 1e-8;

    private final double[] classSizes;
    private final double[][] foldCounts;

    private GroupFolds(double[] classSizes, int folds) {
        this.classSizes = classSizes;
        this.foldCounts = new double[folds][classSizes.length];
    }

    /// The fold that tests each row.
    ///
    /// @param names the groups, in the order in which those with equal unevenness are dealt
    static int[] assign(int[] labels, int[] groups, int[] names, int folds) {
        Require.atLeast(2, folds, "number of folds");
        Require.that(
                names.length >= folds,
                "%d folds of %d groups; use fewer folds, since a group stays whole",
                folds,
                names.length);
        double[][] counts = counts(labels, groups, names);
        requireTwoGroups(labels, groups);
        GroupFolds dealer = new GroupFolds(columnSums(counts), folds);
        int[] foldOfGroup = new int[names.length];
        for (int group : mostUnevenFirst(counts)) {
            foldOfGroup[group] = dealer.deal(counts[group]);
        }
        int[] position = positions(groups, names);
        return Arrays.stream(position).map(p -> foldOfGroup[p]).toArray();
    }

    /// Rows `[group][class]`, for the classes that occur.
    private static double[][] counts(int[] labels, int[] groups, int[] names) {
        int[] present = Arrays.stream(labels).distinct().sorted().toArray();
        double[][] counts = new double[names.length][present.length];
        int[] position = positions(groups, names);
        for (int row = 0; row < labels.length; row++) {
            counts[position[row]][Arrays.binarySearch(present, labels[row])]++;
        }
        return counts;
    }

    private static int[] positions(int[] groups, int[] names) {
        Map<Integer, Integer> index = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            index.put(names[i], i);
        }
        return Arrays.stream(groups).map(index::get).toArray();
    }

    private static void requireTwoGroups(int[] labels, int[] groups) {
        for (int label : Arrays.stream(labels).distinct().toArray()) {
            long found =
                    IntStream.range(0, labels.length)
                            .filter(row -> labels[row] == label)
                            .map(row -> groups[row])
                            .distinct()
                            .count();
            Require.that(
                    found > 1,
                    "class %d is found in one group only, so it cannot be learnt when that group is"
                            + " tested; add groups of this class or leave it out",
                    label);
        }
    }

    private static List<Integer> mostUnevenFirst(double[][] counts) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, counts.length).boxed().toList());
        order.sort(Comparator.comparingDouble(group -> -deviation(counts[group])));
        return order;
    }

    private int deal(double[] group) {
        int best = 0;
        double bestUnevenness = Double.POSITIVE_INFINITY;
        double bestRows = Double.POSITIVE_INFINITY;
        for (int fold = 0; fold < foldCounts.length; fold++) {
            double unevenness = unevennessWith(group, fold);
            double rows = Arrays.stream(foldCounts[fold]).sum();
            boolean asGood = Math.abs(unevenness - bestUnevenness) <= ROUNDING;
            if (asGood ? rows < bestRows : unevenness < bestUnevenness) {
                best = fold;
                bestUnevenness = unevenness;
                bestRows = rows;
            }
        }
        add(foldCounts[best], group, 1);
        return best;
    }

    /// Standard deviation over the folds of the share of a class, averaged over classes, if the
    /// group went into this fold.
    private double unevennessWith(double[] group, int fold) {
        add(foldCounts[fold], group, 1);
        double sum = 0;
        for (int c = 0; c < group.length; c++) {
            int column = c;
            sum +=
                    deviation(
                            Arrays.stream(foldCounts)
                                    .mapToDouble(counts -> counts[column] / classSizes[column])
                                    .toArray());
        }
        add(foldCounts[fold], group, -1);
        return sum / group.length;
    }

    private static void add(double[] to, double[] counts, int sign) {
        for (int c = 0; c < to.length; c++) {
            to[c] += sign * counts[c];
        }
    }

    private static double[] columnSums(double[][] counts) {
        double[] sums = new double[counts[0].length];
        for (double[] row : counts) {
            add(sums, row, 1);
        }
        return sums;
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).sum() / values.length;
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / values.length);
    }
}
