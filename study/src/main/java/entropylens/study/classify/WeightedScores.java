package entropylens.study.classify;

import entropylens.study.statistics.Classifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Macro one-against-rest AUC and accuracy of rows that count several times or not at all, as in a
/// bootstrap sample. Rows are sorted once, so that thousands of samples are cheap.
final class WeightedScores {
    private final int[] labels;
    private final boolean[] right;
    private final double[][] scores;
    private final int[][] order;

    /// @param probabilities `[rows][classes]`
    WeightedScores(double[][] probabilities, int[] labels) {
        this.labels = labels;
        int[] predicted = Classifier.mostProbable(probabilities);
        right = new boolean[labels.length];
        for (int row = 0; row < labels.length; row++) {
            right[row] = predicted[row] == labels[row];
        }
        int classes = probabilities[0].length;
        scores = new double[classes][];
        order = new int[classes][];
        // of two classes both say the same, but for the rounding of 1 - p
        for (int c = classes == 2 ? 1 : 0; c < classes; c++) {
            int column = c;
            scores[c] = Arrays.stream(probabilities).mapToDouble(row -> row[column]).toArray();
            double[] its = scores[c];
            order[c] =
                    IntStream.range(0, its.length)
                            .boxed()
                            .sorted(Comparator.comparingDouble(row -> its[row]))
                            .mapToInt(Integer::intValue)
                            .toArray();
        }
    }

    /// NaN where a class has no rows, or all of them.
    double auc(int[] weights) {
        int first = order.length == 2 ? 1 : 0;
        double sum = 0;
        for (int c = first; c < order.length; c++) {
            sum += auc(weights, c);
        }
        return sum / (order.length - first);
    }

    /// The chance that a row of the class scores higher than one that is not, ties counted half.
    private double auc(int[] weights, int c) {
        double[] its = scores[c];
        int[] sorted = order[c];
        double below = 0;
        double positives = 0;
        double pairs = 0;
        for (int from = 0; from < sorted.length; ) {
            double tiedPositives = 0;
            double tiedNegatives = 0;
            int to = from;
            for (; to < sorted.length && its[sorted[to]] == its[sorted[from]]; to++) {
                if (labels[sorted[to]] == c) {
                    tiedPositives += weights[sorted[to]];
                } else {
                    tiedNegatives += weights[sorted[to]];
                }
            }
            pairs += tiedPositives * (below + tiedNegatives / 2);
            below += tiedNegatives;
            positives += tiedPositives;
            from = to;
        }
        return positives * below == 0 ? Double.NaN : pairs / (positives * below);
    }

    double accuracy(int[] weights) {
        double hits = 0;
        double all = 0;
        for (int row = 0; row < right.length; row++) {
            hits += right[row] ? weights[row] : 0;
            all += weights[row];
        }
        return hits / all;
    }
}
