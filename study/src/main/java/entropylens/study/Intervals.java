package entropylens.study;

import entropylens.study.statistics.Bootstrap;
import entropylens.study.statistics.Interval;
import java.util.stream.IntStream;

/// Bootstrap intervals over texts, at the level of all reports.
final class Intervals {
    static final double LEVEL = 0.95;

    private Intervals() {}

    /// The mean of each layer of rows `[text][layer]`.
    static Interval[] ofMeans(double[][] rows, StudySettings settings) {
        return IntStream.range(0, rows[0].length)
                .mapToObj(l ->
                        Bootstrap.interval(
                                rows.length,
                                chosen -> meanOf(rows, l, chosen),
                                settings.draws(),
                                settings.seed(),
                                LEVEL))
                .toArray(Interval[]::new);
    }

    private static double meanOf(double[][] rows, int layer, int[] chosen) {
        double sum = 0;
        for (int row : chosen) {
            sum += rows[row][layer];
        }
        return sum / chosen.length;
    }

    static double[] estimates(Interval[] intervals) {
        return java.util.Arrays.stream(intervals).mapToDouble(Interval::estimate).toArray();
    }

    static double[] lows(Interval[] intervals) {
        return java.util.Arrays.stream(intervals).mapToDouble(Interval::low).toArray();
    }

    static double[] highs(Interval[] intervals) {
        return java.util.Arrays.stream(intervals).mapToDouble(Interval::high).toArray();
    }
}
