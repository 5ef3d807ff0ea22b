package entropylens.study.statistics;

/// A way to make a classifier from data.
@FunctionalInterface
public interface Learner {
    /// The classifier learnt from these rows.
    ///
    /// @throws IllegalArgumentException when this data cannot be learnt from; says why
    Classifier fit(LabelledData training);

    /// The same way, on features brought to mean 0 and standard deviation 1 over the *training*
    /// rows.
    default Learner standardised() {
        return training -> {
            Standardiser standardiser = Standardiser.fit(training.features());
            Classifier inner = fit(training.withFeatures(standardiser.apply(training.features())));
            return features -> inner.probabilities(standardiser.apply(features));
        };
    }
}
