package entropylens.study.statistics;

/// How good probabilities are, given the true labels; more is better. [Scores] has some.
@FunctionalInterface
public interface Score {
    /// The score of all rows together.
    ///
    /// @param probabilities `[rows][classes]`
    double of(double[][] probabilities, int[] labels);
}
