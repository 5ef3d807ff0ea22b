package entropylens.study.skip;

import java.util.Arrays;

/// How figures of several samples of the texts or questions are spread.
final class Spread {
    private Spread() {}

    /// Of those that are numbers; 0 of fewer than two.
    static double variance(double[] values) {
        double[] numbers = Arrays.stream(values).filter(Double::isFinite).toArray();
        double mean = Arrays.stream(numbers).average().orElse(0);
        double squares = Arrays.stream(numbers).map(v -> (v - mean) * (v - mean)).sum();
        return numbers.length < 2 ? 0 : squares / (numbers.length - 1);
    }
}
