package entropylens.study.statistics;

import java.util.Arrays;

/// Something that gives each class a probability. Immutable.
@FunctionalInterface
public interface Classifier {
    /// Probabilities `[rows][classes]`; each row adds up to 1.
    double[][] probabilities(double[][] features);

    /// The most probable class of each row; of equally probable ones the smallest.
    default int[] predict(double[][] features) {
        return mostProbable(probabilities(features));
    }

    /// The class with the largest probability in each row; of equal ones the smallest.
    static int[] mostProbable(double[][] probabilities) {
        return Arrays.stream(probabilities).mapToInt(Classifier::mostProbable).toArray();
    }

    private static int mostProbable(double[] probabilities) {
        int best = 0;
        for (int c = 1; c < probabilities.length; c++) {
            if (probabilities[c] > probabilities[best]) {
                best = c;
            }
        }
        return best;
    }
}
