package entropylens.study.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Rows of numbers with the class and the group of each.
///
/// @param features `[rows][features]`
/// @param labels class of every row, `0 .. classes - 1`
/// @param classes how many there are; a part of the data need not have them all
/// @param groups what every row belongs to, as its story; rows of one group never stand on both
///   sides of a grouped fold
public record LabelledData(double[][] features, int[] labels, int classes, int[] groups) {
    public LabelledData {
        Require.matrix(features, "features");
        Require.that(
                labels.length == features.length && groups.length == features.length,
                "%d rows of features with %d labels and %d groups, expected one of each",
                features.length,
                labels.length,
                groups.length);
        Require.atLeast(2, classes, "number of classes");
        Require.labels(labels, classes);
    }

    /// Rows that are independent of each other: each a group of its own.
    public static LabelledData ungrouped(double[][] features, int[] labels, int classes) {
        return new LabelledData(
                features, labels, classes, IntStream.range(0, features.length).toArray());
    }

    public int rows() {
        return features.length;
    }

    /// The given rows, in the given order.
    public LabelledData select(int[] rows) {
        return new LabelledData(
                Arrays.stream(rows).mapToObj(row -> features[row]).toArray(double[][]::new),
                pick(labels, rows),
                classes,
                pick(groups, rows));
    }

    /// The same rows with other labels, as shuffled ones.
    public LabelledData withLabels(int[] others) {
        return new LabelledData(features, others, classes, groups);
    }

    /// The same rows with other features, as standardised ones.
    public LabelledData withFeatures(double[][] others) {
        return new LabelledData(others, labels, classes, groups);
    }

    /// How many rows each class has.
    int[] classSizes() {
        int[] sizes = new int[classes];
        for (int label : labels) {
            sizes[label]++;
        }
        return sizes;
    }

    static int[] pick(int[] values, int[] rows) {
        return Arrays.stream(rows).map(row -> values[row]).toArray();
    }
}
