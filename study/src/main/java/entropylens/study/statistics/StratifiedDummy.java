package entropylens.study.statistics;

import java.util.SplittableRandom;

/// Draws a class for each row at the rate of the training labels and looks at no feature, as
/// scikit-learn's `DummyClassifier(strategy="stratified")`. Its AUC is 0.5 but for chance.
///
/// One fitted dummy answers the same call with the same draws.
public record StratifiedDummy(long seed) implements Learner {
    @Override
    public Classifier fit(LabelledData training) {
        return features -> {
            SplittableRandom random = new SplittableRandom(seed);
            double[][] drawn = new double[features.length][training.classes()];
            for (double[] row : drawn) {
                // the label of a random row has exactly the rate of its class
                row[training.labels()[random.nextInt(training.rows())]] = 1;
            }
            return drawn;
        };
    }
}
