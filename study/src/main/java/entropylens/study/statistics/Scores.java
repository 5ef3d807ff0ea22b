package entropylens.study.statistics;

import java.util.Arrays;
import org.hipparchus.stat.ranking.NaNStrategy;
import org.hipparchus.stat.ranking.NaturalRanking;
import org.hipparchus.stat.ranking.TiesStrategy;

/// How well predictions fit the truth.
public final class Scores {
    private Scores() {}

    /// Area under the ROC curve: the chance that a positive scores higher than a negative, ties
    /// counted half (Mann and Whitney's U, divided by the number of pairs).
    ///
    /// @throws IllegalArgumentException when there are only positives or only negatives
    public static double auc(double[] scores, boolean[] positive) {
        Require.sameLength(scores.length, positive.length, "AUC, scores and truths");
        Require.finite(scores, 2, "AUC, scores");
        double[] ranks = ranks(scores);
        double sum = 0;
        int positives = 0;
        for (int i = 0; i < scores.length; i++) {
            if (positive[i]) {
                sum += ranks[i];
                positives++;
            }
        }
        int negatives = scores.length - positives;
        Require.that(
                positives > 0 && negatives > 0,
                "AUC of %d positives and %d negatives; it needs some of both",
                positives,
                negatives);
        return (sum - positives * (positives + 1.0) / 2) / ((double) positives * negatives);
    }

    /// Ranks from 1 up; tied values share the mean of theirs.
    static double[] ranks(double[] values) {
        return new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE).rank(values);
    }

    /// The AUC of each class against the rest, averaged over the classes with equal weight:
    /// scikit-learn's `roc_auc_score(multi_class="ovr", average="macro")`. Of two classes this is
    /// the AUC of the second.
    ///
    /// @throws IllegalArgumentException when a class has no rows or all of them
    public static double macroAuc(double[][] probabilities, int[] labels) {
        Require.matrix(probabilities, "probabilities");
        Require.sameLength(probabilities.length, labels.length, "macro AUC, rows and labels");
        int classes = probabilities[0].length;
        Require.labels(labels, classes);
        // of two classes both say the same, but for the rounding of 1 - p
        int first = classes == 2 ? 1 : 0;
        double sum = 0;
        for (int c = first; c < classes; c++) {
            sum += oneAgainstRest(probabilities, labels, c);
        }
        return sum / (classes - first);
    }

    private static double oneAgainstRest(double[][] probabilities, int[] labels, int one) {
        boolean[] positive = new boolean[labels.length];
        double[] scores = new double[labels.length];
        int rows = 0;
        for (int i = 0; i < labels.length; i++) {
            positive[i] = labels[i] == one;
            scores[i] = probabilities[i][one];
            rows += positive[i] ? 1 : 0;
        }
        Require.that(
                rows > 0 && rows < labels.length,
                "macro AUC: class %d has %d of %d rows, so it has no AUC against the rest; score"
                        + " more rows together, or only the classes that occur",
                one,
                rows,
                labels.length);
        return auc(scores, positive);
    }

    /// Share of rows whose most probable class is theirs, as a [Score].
    public static double accuracy(double[][] probabilities, int[] labels) {
        return accuracy(Classifier.mostProbable(probabilities), labels);
    }

    /// Share of rows that are predicted right.
    public static double accuracy(int[] predicted, int[] labels) {
        int right = 0;
        requirePredictions(predicted, labels);
        for (int i = 0; i < labels.length; i++) {
            right += predicted[i] == labels[i] ? 1 : 0;
        }
        return (double) right / labels.length;
    }

    /// Share of rows predicted right in each class, averaged over the classes that occur.
    public static double balancedAccuracy(int[] predicted, int[] labels) {
        int classes = Math.max(Require.classes(labels), Require.classes(predicted));
        int[][] confusion = confusion(predicted, labels, classes);
        double sum = 0;
        int occurring = 0;
        for (int c = 0; c < classes; c++) {
            int rows = Arrays.stream(confusion[c]).sum();
            if (rows > 0) {
                sum += (double) confusion[c][c] / rows;
                occurring++;
            }
        }
        return sum / occurring;
    }

    /// Counts `[class][predicted class]`.
    public static int[][] confusion(int[] predicted, int[] labels, int classes) {
        requirePredictions(predicted, labels);
        Require.labels(labels, classes);
        Require.labels(predicted, classes);
        int[][] counts = new int[classes][classes];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]][predicted[i]]++;
        }
        return counts;
    }

    private static void requirePredictions(int[] predicted, int[] labels) {
        Require.sameLength(predicted.length, labels.length, "predictions and labels");
        Require.atLeast(1, labels.length, "number of predictions");
    }
}
