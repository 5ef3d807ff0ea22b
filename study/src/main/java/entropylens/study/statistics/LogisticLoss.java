package entropylens.study.statistics;

import java.util.Arrays;

/// What [LogisticRegression] minimises, as a function of its parameters: for every output the
/// coefficients and then the intercept.
///
/// The score of a class is `coefficients · row + intercept`. Of two classes the first has no
/// output: its score is 0.
final class LogisticLoss implements Minimiser.Objective {
    private final double[][] features;

    /// Index into `present` of every row's class.
    private final int[] targets;

    private final int[] present;
    private final int classes;
    private final int width;

    /// Classes before the first with an output: 1 of two classes, else 0.
    private final int silent;

    private final double penalty;

    LogisticLoss(LabelledData training, int[] present, double inverseStrength) {
        this.features = training.features();
        this.present = present;
        this.classes = training.classes();
        this.targets =
                Arrays.stream(training.labels())
                        .map(label -> Arrays.binarySearch(present, label))
                        .toArray();
        this.width = features[0].length + 1;
        this.silent = present.length == 2 ? 1 : 0;
        this.penalty = 1 / (inverseStrength * training.rows());
    }

    int parameters() {
        return (present.length - silent) * width;
    }

    LogisticModel model(double[] parameters) {
        int outputs = present.length - silent;
        double[][] coefficients = new double[outputs][];
        double[] intercepts = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            int end = (o + 1) * width - 1;
            coefficients[o] = Arrays.copyOfRange(parameters, o * width, end);
            intercepts[o] = parameters[end];
        }
        return new LogisticModel(coefficients, intercepts, present, classes);
    }

    @Override
    public double evaluate(double[] parameters, double[] gradient) {
        double value = penalise(parameters, gradient);
        double[] scores = new double[present.length];
        for (int row = 0; row < features.length; row++) {
            score(parameters, features[row], scores);
            double target = scores[targets[row]];
            value += (softmax(scores) - target) / features.length;
            scores[targets[row]] -= 1; // now the derivative by the scores
            accumulate(features[row], scores, gradient);
        }
        return value;
    }

    private double penalise(double[] parameters, double[] gradient) {
        double squares = 0;
        for (int i = 0; i < parameters.length; i++) {
            boolean intercept = i % width == width - 1;
            gradient[i] = intercept ? 0 : penalty * parameters[i];
            squares += intercept ? 0 : parameters[i] * parameters[i];
        }
        return penalty * squares / 2;
    }

    private void score(double[] parameters, double[] row, double[] scores) {
        scores[0] = 0;
        for (int c = silent; c < scores.length; c++) {
            int at = (c - silent) * width;
            double sum = parameters[at + width - 1];
            for (int i = 0; i < row.length; i++) {
                sum += parameters[at + i] * row[i];
            }
            scores[c] = sum;
        }
    }

    private void accumulate(double[] row, double[] derivatives, double[] gradient) {
        for (int c = silent; c < derivatives.length; c++) {
            int at = (c - silent) * width;
            double derivative = derivatives[c] / features.length;
            for (int i = 0; i < row.length; i++) {
                gradient[at + i] += derivative * row[i];
            }
            gradient[at + width - 1] += derivative;
        }
    }

    /// Turns scores into probabilities.
    ///
    /// @return the logarithm of the sum of their exponentials
    static double softmax(double[] scores) {
        double largest = Arrays.stream(scores).max().orElseThrow();
        double sum = 0;
        for (int c = 0; c < scores.length; c++) {
            scores[c] = StrictMath.exp(scores[c] - largest);
            sum += scores[c];
        }
        for (int c = 0; c < scores.length; c++) {
            scores[c] /= sum;
        }
        return largest + StrictMath.log(sum);
    }
}
