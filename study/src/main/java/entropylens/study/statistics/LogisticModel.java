package entropylens.study.statistics;

import java.util.Arrays;

/// A fitted [LogisticRegression].
///
/// @param coefficients `[outputs][features]`: an output for each class with training rows, or one,
///   that of the second, where they are two
/// @param intercepts `[outputs]`
/// @param present the classes with training rows, ascending
/// @param classes number of classes, present or not
public record LogisticModel(
        double[][] coefficients, double[] intercepts, int[] present, int classes)
        implements Classifier {
    @Override
    public double[][] probabilities(double[][] features) {
        Require.columns(features, coefficients[0].length, "features to classify");
        return Arrays.stream(features).map(this::probabilities).toArray(double[][]::new);
    }

    private double[] probabilities(double[] row) {
        double[] scores = new double[present.length];
        int silent = present.length - coefficients.length;
        for (int o = 0; o < coefficients.length; o++) {
            double sum = intercepts[o];
            for (int i = 0; i < row.length; i++) {
                sum += coefficients[o][i] * row[i];
            }
            scores[o + silent] = sum;
        }
        LogisticLoss.softmax(scores);
        double[] probabilities = new double[classes];
        for (int c = 0; c < present.length; c++) {
            probabilities[present[c]] = scores[c];
        }
        return probabilities;
    }
}
