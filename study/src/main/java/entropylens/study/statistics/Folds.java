package entropylens.study.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Cuts rows into folds. Every row is tested once, and learnt from in all other folds.
public final class Folds {
    private Folds() {}

    /// Folds in which the numbers of rows of a class differ by at most 1, and so do those of all
    /// rows. Fold and class sizes are those of scikit-learn's `StratifiedKFold(shuffle=True)`.
    ///
    /// @throws IllegalArgumentException when a class has fewer rows than there are folds
    public static List<Fold> stratified(int[] labels, int folds, long seed) {
        Require.atLeast(2, folds, "number of folds");
        int classes = Require.classes(labels);
        SplittableRandom random = new SplittableRandom(seed);
        int[] testedIn = new int[labels.length];
        int dealt = 0;
        for (int c : inOrderOfAppearance(labels)) {
            int[] rows = rowsOf(labels, c, classes, folds);
            Shuffles.shuffle(rows, random);
            for (int row : rows) {
                testedIn[row] = dealt++ % folds; // on where the last class ended: folds of one size
            }
        }
        return folds(testedIn, folds);
    }

    /// Folds as equal, cut from the rows of each class in their order: scikit-learn's
    /// `StratifiedKFold(shuffle=False)`.
    ///
    /// @throws IllegalArgumentException when a class has fewer rows than there are folds
    public static List<Fold> stratifiedInOrder(int[] labels, int folds) {
        Require.atLeast(2, folds, "number of folds");
        int classes = Require.classes(labels);
        int[] sorted = new int[labels.length];
        int at = 0;
        for (int c : inOrderOfAppearance(labels)) {
            int[] rows = rowsOf(labels, c, classes, folds);
            System.arraycopy(rows, 0, sorted, at, rows.length);
            at += rows.length;
        }
        // fold f tests as many rows of a class as stand at f, f + folds, … among the sorted ones
        int[] testedIn = new int[labels.length];
        for (int c : inOrderOfAppearance(labels)) {
            int[] rows = rowsOf(labels, c);
            int[] sizes = new int[folds];
            for (int place = 0; place < sorted.length; place++) {
                sizes[place % folds] += labels[sorted[place]] == c ? 1 : 0;
            }
            int row = 0;
            for (int fold = 0; fold < folds; fold++) {
                for (int i = 0; i < sizes[fold]; i++) {
                    testedIn[rows[row++]] = fold;
                }
            }
        }
        return folds(testedIn, folds);
    }

    /// Folds that keep groups whole and the shares of the classes as even as that allows; see
    /// [GroupFolds] for how. The seed decides between groups that weigh the same.
    ///
    /// @param groups the group of every row
    /// @throws IllegalArgumentException when there are fewer groups than folds, or a class is found
    ///   in one group only, so that it could not be learnt when that group is tested
    public static List<Fold> stratifiedGroups(int[] labels, int[] groups, int folds, long seed) {
        Require.sameLength(labels.length, groups.length, "labels and groups");
        int[] names = Arrays.stream(groups).distinct().sorted().toArray();
        Shuffles.shuffle(names, new SplittableRandom(seed));
        return folds(GroupFolds.assign(labels, groups, names, folds), folds);
    }

    private static int[] inOrderOfAppearance(int[] labels) {
        return Arrays.stream(labels).distinct().toArray();
    }

    private static int[] rowsOf(int[] labels, int label, int classes, int folds) {
        int[] rows = rowsOf(labels, label);
        Require.that(
                rows.length >= folds,
                "class %d of %d has %d rows, fewer than the %d folds; use fewer folds",
                label,
                classes,
                rows.length,
                folds);
        return rows;
    }

    private static int[] rowsOf(int[] labels, int label) {
        return IntStream.range(0, labels.length).filter(row -> labels[row] == label).toArray();
    }

    private static List<Fold> folds(int[] testedIn, int count) {
        return IntStream.range(0, count)
                .mapToObj(fold -> new Fold(rows(testedIn, fold, false), rows(testedIn, fold, true)))
                .toList();
    }

    private static int[] rows(int[] testedIn, int fold, boolean tested) {
        return IntStream.range(0, testedIn.length)
                .filter(row -> (testedIn[row] == fold) == tested)
                .toArray();
    }
}
