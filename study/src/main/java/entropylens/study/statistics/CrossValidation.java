package entropylens.study.statistics;

import java.util.List;

/// Learns on the training side of each fold and looks at the other.
public final class CrossValidation {
    private CrossValidation() {}

    /// Probabilities `[rows][classes]` of every row, each from the fold that tests it. Scored
    /// together they have an AUC even where a fold lacks a class.
    ///
    /// @throws IllegalArgumentException when the folds do not test every row once
    public static double[][] probabilities(LabelledData data, List<Fold> folds, Learner learner) {
        double[][] probabilities = new double[data.rows()][];
        int tested = 0;
        for (Fold fold : folds) {
            double[][] ofFold = tested(data, fold, learner);
            for (int i = 0; i < ofFold.length; i++) {
                probabilities[fold.test()[i]] = ofFold[i];
            }
            tested += ofFold.length;
        }
        int rows = tested;
        for (int row = 0; row < probabilities.length; row++) {
            Require.that(
                    probabilities[row] != null && rows == probabilities.length,
                    "folds test %d rows in all, expected each of the %d rows once (see row %d)",
                    rows,
                    probabilities.length,
                    row);
        }
        return probabilities;
    }

    /// The score of each fold's own test rows: what a paired test compares two learners by.
    public static double[] scores(
            LabelledData data, List<Fold> folds, Learner learner, Score score) {
        return folds.stream()
                .mapToDouble(fold ->
                        score.of(
                                tested(data, fold, learner),
                                LabelledData.pick(data.labels(), fold.test())))
                .toArray();
    }

    private static double[][] tested(LabelledData data, Fold fold, Learner learner) {
        return learner.fit(data.select(fold.train()))
                .probabilities(data.select(fold.test()).features());
    }
}
