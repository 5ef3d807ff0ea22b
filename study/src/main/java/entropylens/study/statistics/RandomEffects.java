package entropylens.study.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;

/// The mean of an effect that differs from model to model, from an estimate of each and its
/// variance: a random-effects meta-analysis. Variance between models by DerSimonian and Laird
/// (1986), interval by Hartung and Knapp (2001) with Student's t, never narrower than the variances
/// say.
///
/// @param estimates one of each model
/// @param variances of the estimates
public record RandomEffects(double[] estimates, double[] variances) {
    public RandomEffects {
        Require.finite(estimates, 2, "estimates of random effects");
        if (variances.length != estimates.length) {
            throw new IllegalArgumentException(
                    "%d estimates but %d variances".formatted(estimates.length, variances.length));
        }
    }

    /// The mean, its interval over models.
    public Interval interval(double level) {
        Require.level(level);
        double[] weights = weights();
        double mean = mean(weights);
        double freedom = estimates.length - 1.0;
        double scale = Math.max(1, squares(weights, mean) / freedom);
        double half =
                Math.sqrt(scale / Arrays.stream(weights).sum())
                        * new TDistribution(freedom).inverseCumulativeProbability((1 + level) / 2);
        return new Interval(mean, mean - half, mean + half, level);
    }

    /// One by the variance of each estimate, the variance between models included.
    public double[] weights() {
        double[] fixed = Arrays.stream(variances).map(v -> 1 / v).toArray();
        double sum = Arrays.stream(fixed).sum();
        double freedom = estimates.length - 1.0;
        double scale = sum - Arrays.stream(fixed).map(w -> w * w).sum() / sum;
        double between = Math.max(0, (squares(fixed, mean(fixed)) - freedom) / scale);
        return Arrays.stream(variances).map(v -> 1 / (v + between)).toArray();
    }

    private double mean(double[] weights) {
        return IntStream.range(0, weights.length).mapToDouble(i -> weights[i] * estimates[i]).sum()
                / Arrays.stream(weights).sum();
    }

    private double squares(double[] weights, double mean) {
        return IntStream.range(0, weights.length)
                .mapToDouble(i -> weights[i] * (estimates[i] - mean) * (estimates[i] - mean))
                .sum();
    }
}
