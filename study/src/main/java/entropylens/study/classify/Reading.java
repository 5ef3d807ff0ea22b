package entropylens.study.classify;

import entropylens.study.statistics.Classifier;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Scores;
import java.util.Arrays;
import java.util.Optional;

/// How well one reader tells the classes apart by some features.
///
/// @param features what it looked at
/// @param reader its name
/// @param scheme the folds' name
/// @param auc macro one-against-rest AUC of all rows together, each scored by the fold that tests
///   it; interval over groups
/// @param accuracy share of rows whose most probable class is theirs
/// @param foldAucs AUC of each fold's own test rows; NaN where a fold lacks a class
/// @param labels the class of every row
/// @param probabilities `[rows][classes]`
/// @param testToTrain test rows divided by training rows of a fold
/// @param shuffled the same with shuffled labels, where that was read; `auc` is then widened by
///   what only the shuffles show
public record Reading(
        String features,
        String reader,
        String scheme,
        Interval auc,
        Interval accuracy,
        double[] foldAucs,
        int[] labels,
        double[][] probabilities,
        double testToTrain,
        Optional<ShuffledNull> shuffled) {

    /// The mean over folds of each fold's AUC, as scikit-learn's `cross_val_score` and the paper
    /// have it; NaN where a fold lacks a class.
    public double meanOfFolds() {
        return Arrays.stream(foldAucs).average().orElse(Double.NaN);
    }

    /// The AUC of some rows, by how often each counts; NaN where they lack a class.
    public double aucOf(int[] weights) {
        return new WeightedScores(probabilities, labels).auc(weights);
    }

    /// Counts `[class][predicted class]`.
    public int[][] confusion() {
        return Scores.confusion(
                Classifier.mostProbable(probabilities), labels, probabilities[0].length);
    }
}
