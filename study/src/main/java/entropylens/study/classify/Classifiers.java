package entropylens.study.classify;

import entropylens.study.statistics.InnerSelection;
import entropylens.study.statistics.LabelledData;
import entropylens.study.statistics.Learner;
import entropylens.study.statistics.LogisticRegression;
import entropylens.study.statistics.NearestNeighbours;
import entropylens.study.statistics.StratifiedDummy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// The classifiers that read features, each with its name.
public final class Classifiers {
    /// What k is chosen from, each about three times another. Of equally good ones the first is
    /// taken: neither the most ragged nor the most blurred.
    private static final List<Integer> CANDIDATES = List.of(9, 3, 29, 1, 81);

    private static final int INNER_FOLDS = 5;

    /// A classifier by its name in the report.
    ///
    /// @param neighbours k of plain nearest neighbours, whose votes can be counted anew cheaply
    public record Reader(String name, Learner learner, OptionalInt neighbours) {
        public Reader(String name, Learner learner) {
            this(name, learner, OptionalInt.empty());
        }

        /// The same on features brought to one scale, for features of several units.
        public Reader standardised() {
            return new Reader(name, learner.standardised());
        }
    }

    private Classifiers() {}

    /// k nearest neighbours in euclidean distance; all training rows where there are fewer than k.
    public static Reader nearest(int k) {
        return new Reader(
                "k-NN, k = " + k,
                training -> new NearestNeighbours(Math.min(k, training.rows())).fit(training),
                OptionalInt.of(k));
    }

    /// The same with k of 1, 3, 9, 29, 81 chosen by macro AUC on five folds inside the training
    /// rows.
    public static Reader nearestChosen(long seed) {
        return new Reader(
                "k-NN, k by nested folds",
                training -> {
                    List<Integer> candidates =
                            CANDIDATES.stream()
                                    .filter(k -> k == 1 || 3 * k <= training.rows())
                                    .toList();
                    int folds = Math.min(INNER_FOLDS, leastGroups(training));
                    return InnerSelection.ofNeighbours(candidates, folds, seed).fit(training);
                });
    }

    /// How many groups the rarest class of the training rows is found in.
    private static int leastGroups(LabelledData training) {
        Map<Integer, Set<Integer>> groups = new HashMap<>();
        for (int row = 0; row < training.rows(); row++) {
            groups.computeIfAbsent(training.labels()[row], label -> new HashSet<>())
                    .add(training.groups()[row]);
        }
        return groups.values().stream().mapToInt(Set::size).min().orElse(0);
    }

    /// Multinomial logistic regression with scikit-learn's default penalty, on standardised
    /// features.
    public static Reader logistic() {
        return new Reader("logistic regression", new LogisticRegression(1).standardised());
    }

    /// Guesses at the rate of the classes, anew for every training side: one row of guesses for all
    /// folds would be right or wrong in all of them alike.
    public static Reader dummy(long seed) {
        return new Reader(
                "stratified dummy",
                training ->
                        new StratifiedDummy(31 * seed + Arrays.hashCode(training.groups()))
                                .fit(training));
    }

    /// Features of several sets side by side.
    public static double[][] joined(double[][] a, double[][] b) {
        double[][] joined = new double[a.length][];
        for (int row = 0; row < a.length; row++) {
            joined[row] = Arrays.copyOf(a[row], a[row].length + b[row].length);
            System.arraycopy(b[row], 0, joined[row], a[row].length, b[row].length);
        }
        return joined;
    }
}
