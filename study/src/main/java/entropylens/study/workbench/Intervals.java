package entropylens.study.workbench;

import entropylens.study.report.Chart;
import entropylens.study.statistics.Bootstrap;
import entropylens.study.statistics.Interval;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Bootstrap intervals over texts, at the level of all reports.
public final class Intervals {
    /// The share of draws that lie inside.
    public static final double LEVEL = 0.95;

    private Intervals() {}

    /// The mean of each layer of rows `[text][layer]`.
    public static Interval[] ofMeans(double[][] rows, StudySettings settings) {
        return IntStream.range(0, rows[0].length)
                .mapToObj(l ->
                        Bootstrap.interval(
                                        rows.length,
                                        chosen -> meanOf(rows, l, chosen),
                                        settings.draws(),
                                        settings.seed(),
                                        LEVEL)
                                .withoutDraws())
                .toArray(Interval[]::new);
    }

    private static double meanOf(double[][] rows, int layer, int[] chosen) {
        double sum = 0;
        for (int row : chosen) {
            sum += rows[row][layer];
        }
        return sum / chosen.length;
    }

    /// The estimates as a line, or as bars, with their intervals.
    ///
    /// @param group what is drawn in one colour
    public static Chart.Series series(String name, String group, double[] x, Interval[] values) {
        return Chart.Series.of(name, group, x, estimates(values))
                .with(
                        Arrays.stream(values).mapToDouble(Interval::low).toArray(),
                        Arrays.stream(values).mapToDouble(Interval::high).toArray());
    }

    /// Bars over the categories of a chart, in their order.
    public static Chart.Series bars(String name, String group, Interval[] values) {
        return series(
                name, group, IntStream.range(0, values.length).asDoubleStream().toArray(), values);
    }

    /// As tables show it: `0.512 (0.498 to 0.527)`.
    public static String shown(Interval interval) {
        return "%.3f (%.3f to %.3f)"
                .formatted(interval.estimate(), interval.low(), interval.high());
    }

    /// The figures without their intervals.
    public static double[] estimates(Interval[] intervals) {
        return Arrays.stream(intervals).mapToDouble(Interval::estimate).toArray();
    }
}
