package entropylens.study.skip;

import entropylens.study.statistics.Bootstrap;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Resampling;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudySettings;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Bootstrap samples that are drawn once, so that all that is said about the same rows is said
/// about the same samples of them.
///
/// @param rows how many there are
/// @param samples indices of rows
record Resamples(int rows, int[][] samples) {
    /// As many as the settings say, from their seed.
    static Resamples of(int rows, Resampling resampling, StudySettings settings) {
        SplittableRandom random = new SplittableRandom(settings.seed());
        return new Resamples(
                rows,
                Stream.generate(() -> resampling.draw(random))
                        .limit(settings.draws())
                        .toArray(int[][]::new));
    }

    Interval interval(ToDoubleFunction<int[]> statistic) {
        return Bootstrap.interval(rows, samples, statistic, Intervals.LEVEL);
    }

    /// The sum of some values by the sum of their weights.
    Interval ratio(double[] values, double[] weights) {
        return interval(chosen -> ratio(values, weights, chosen));
    }

    /// The same of chosen rows.
    static double ratio(double[] values, double[] weights, int[] chosen) {
        double sum = 0;
        double weight = 0;
        for (int row : chosen) {
            sum += values[row];
            weight += weights[row];
        }
        return sum / weight;
    }

    /// Figures of all rows.
    double[] whole(Function<int[], double[]> figures) {
        return figures.apply(IntStream.range(0, rows).toArray());
    }

    /// Figures of the first samples: `[sample][figure]`.
    double[][] some(int most, Function<int[], double[]> figures) {
        return Arrays.stream(samples).limit(most).map(figures).toArray(double[][]::new);
    }
}
