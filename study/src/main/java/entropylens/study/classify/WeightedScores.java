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

    /// The variance of the AUC over groups drawn anew, given the scores: the sum over groups of the
    /// squared influence of their rows (Obuchowski 1997, with DeLong's placements).
    double varianceOverGroups(int[] groups) {
        double[] ofGroup = new double[Arrays.stream(groups).max().orElse(0) + 1];
        int first = order.length == 2 ? 1 : 0;
        for (int c = first; c < order.length; c++) {
            double[] placements = placements(c);
            double auc = 0;
            int positives = 0;
            for (int row = 0; row < labels.length; row++) {
                if (labels[row] == c) {
                    auc += placements[row];
                    positives++;
                }
            }
            auc /= positives;
            for (int row = 0; row < labels.length; row++) {
                int sameSide = labels[row] == c ? positives : labels.length - positives;
                ofGroup[groups[row]] += (placements[row] - auc) / sameSide / (order.length - first);
            }
        }
        double count = Arrays.stream(groups).distinct().count();
        return count / (count - 1) * Arrays.stream(ofGroup).map(sum -> sum * sum).sum();
    }

    /// For each row, the share of rows on the other side of the class that it stands right to.
    private double[] placements(int c) {
        double[] its = scores[c];
        int[] sorted = order[c];
        int positives = (int) Arrays.stream(labels).filter(label -> label == c).count();
        int negatives = labels.length - positives;
        double[] placements = new double[labels.length];
        int positivesBelow = 0;
        int negativesBelow = 0;
        for (int from = 0; from < sorted.length; ) {
            int to = from;
            int tied = 0;
            for (; to < sorted.length && its[sorted[to]] == its[sorted[from]]; to++) {
                tied += labels[sorted[to]] == c ? 1 : 0;
            }
            int tiedOthers = to - from - tied;
            double above = positives - positivesBelow - tied;
            for (int i = from; i < to; i++) {
                placements[sorted[i]] =
                        labels[sorted[i]] == c
                                ? (negativesBelow + tiedOthers / 2.0) / negatives
                                : (above + tied / 2.0) / positives;
            }
            positivesBelow += tied;
            negativesBelow += tiedOthers;
            from = to;
        }
        return placements;
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
