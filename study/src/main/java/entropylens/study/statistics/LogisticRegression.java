package entropylens.study.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Multinomial logistic regression with an L2 penalty, to convergence. Minimises
///
/// `mean(-log p(label)) + |coefficients|^2 / (2 C rows)`
///
/// with intercepts that are not penalised: scikit-learn's `LogisticRegression(C=...)`. With two
/// classes there is one row of coefficients, for the second class (as there). Features should have
/// like scales: see [Learner#standardised].
///
/// @param inverseStrength C: the larger, the weaker the penalty; 1 is scikit-learn's default
public record LogisticRegression(double inverseStrength) implements Learner {
    /// Of the gradient, relative to the largest feature. It leaves probabilities right to 1e-7.
    private static final double TOLERANCE = 1e-9;

    private static final int MAX_ITERATIONS = 10_000;

    public LogisticRegression {
        Require.that(
                inverseStrength > 0 && Double.isFinite(inverseStrength),
                "inverse regularisation strength C is %s, expected a positive number, as 1",
                inverseStrength);
    }

    /// Classes without training rows get probability 0.
    ///
    /// @throws IllegalArgumentException when all rows are of one class
    /// @throws ArithmeticException when the minimum is not reached
    @Override
    public LogisticModel fit(LabelledData training) {
        int[] sizes = training.classSizes();
        int[] present = IntStream.range(0, training.classes()).filter(c -> sizes[c] > 0).toArray();
        Require.that(
                present.length > 1,
                "all %d training rows are of class %d; nothing can be learnt from one class",
                training.rows(),
                present[0]);
        LogisticLoss loss = new LogisticLoss(training, present, inverseStrength);
        double largest =
                Arrays.stream(training.features())
                        .flatMapToDouble(Arrays::stream)
                        .map(Math::abs)
                        .reduce(1, Math::max);
        Minimiser.Minimum minimum =
                Minimiser.minimise(
                        loss, new double[loss.parameters()], TOLERANCE * largest, MAX_ITERATIONS);
        if (!minimum.reached()) {
            throw new ArithmeticException(
                    "logistic regression with C = %s did not converge: after %d steps the gradient is %.1e, expected %.1e; standardise the features, or choose a smaller C"
                            .formatted(
                                    inverseStrength,
                                    minimum.iterations(),
                                    minimum.largestGradient(),
                                    TOLERANCE * largest));
        }
        return loss.model(minimum.point());
    }
}
