package entropylens.study.classify;

import entropylens.study.statistics.Draws;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Quantiles;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Percentile bootstrap over groups: as many groups as there are, drawn with replacement, each with
/// all its rows. What was learnt is not learnt again: the interval is that of testing, given the
/// folds.
final class GroupBootstrap {
    private static final int MAX_REDRAWS = 1000;

    /// That are looked at together, by all processors.
    private static final int SAMPLES = 64;

    private final int[] groupOfRow;
    private final int groups;
    private final int draws;
    private final double level;
    private final long seed;

    GroupBootstrap(int[] groups, int draws, double level, long seed) {
        int[] names = Arrays.stream(groups).distinct().sorted().toArray();
        this.groupOfRow =
                Arrays.stream(groups).map(group -> Arrays.binarySearch(names, group)).toArray();
        this.groups = names.length;
        this.draws = draws;
        this.level = level;
        this.seed = seed;
    }

    /// The interval of a statistic of rows by how often each counts. Samples in which the statistic
    /// is NaN (a class was not drawn) are drawn again.
    ///
    /// @param statistic called by several threads
    Interval interval(ToDoubleFunction<int[]> statistic) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[draws];
        long fingerprint = 0;
        int found = 0;
        int again = 0;
        while (found < draws) {
            int[][] samples =
                    IntStream.range(0, SAMPLES)
                            .mapToObj(_ -> weights(random))
                            .toArray(int[][]::new);
            double[] ofSamples = Arrays.stream(samples).parallel().mapToDouble(statistic).toArray();
            for (int sample = 0; sample < SAMPLES && found < draws; sample++) {
                if (!Double.isNaN(ofSamples[sample])) {
                    values[found++] = ofSamples[sample];
                    fingerprint = Draws.fingerprint(fingerprint, samples[sample]);
                    again = 0;
                } else if (again++ == MAX_REDRAWS) {
                    throw new IllegalArgumentException(
                            "a statistic of %d groups exists in none of %d samples of them; a class is too rare"
                                    .formatted(groups, MAX_REDRAWS));
                }
            }
        }
        int[] once = new int[groupOfRow.length];
        Arrays.fill(once, 1);
        return new Interval(
                statistic.applyAsDouble(once),
                Quantiles.linear(values, (1 - level) / 2),
                Quantiles.linear(values, (1 + level) / 2),
                level,
                new Draws(fingerprint, values));
    }

    private int[] weights(SplittableRandom random) {
        int[] drawn = new int[groups];
        for (int i = 0; i < groups; i++) {
            drawn[random.nextInt(groups)]++;
        }
        return Arrays.stream(groupOfRow).map(group -> drawn[group]).toArray();
    }
}
