package entropylens.study.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Intervals of the means of several columns that hold together: all of them at once, in a share
/// `level` of samples, hold their true means, whatever the columns have to do with each other.
///
/// Half their width is a factor times the column's own standard error; the factor is the quantile
/// of the largest deviation of any column, in its standard errors, over bootstrap samples of rows
/// (the max-t method; Westfall and Young 1993, Romano and Wolf 2005). Each sample is measured in
/// its own standard errors, so that few rows make the factor larger.
public final class SimultaneousIntervals {
    private SimultaneousIntervals() {}

    /// @param rows `[row][column]`, at least two rows
    /// @param draws number of bootstrap samples
    public static Interval[] ofMeans(double[][] rows, int draws, long seed, double level) {
        Require.atLeast(2, rows.length, "rows to resample");
        Require.atLeast(1, draws, "number of bootstrap samples");
        Require.level(level);
        int columns = rows[0].length;
        double[][] own = meansAndErrors(rows);
        SplittableRandom random = new SplittableRandom(seed);
        double[] largest = new double[draws];
        double[][] sample = new double[rows.length][];
        for (int draw = 0; draw < draws; draw++) {
            for (int i = 0; i < sample.length; i++) {
                sample[i] = rows[random.nextInt(rows.length)];
            }
            double[][] drawn = meansAndErrors(sample);
            for (int column = 0; column < columns; column++) {
                double error = drawn[1][column];
                if (error > 0) {
                    double t = Math.abs(drawn[0][column] - own[0][column]) / error;
                    largest[draw] = Math.max(largest[draw], t);
                }
            }
        }
        double factor = Quantiles.linear(largest, level);
        Interval[] intervals = new Interval[columns];
        Arrays.setAll(
                intervals,
                column ->
                        new Interval(
                                own[0][column],
                                own[0][column] - factor * own[1][column],
                                own[0][column] + factor * own[1][column],
                                level));
        return intervals;
    }

    /// Means of the columns, and their standard errors.
    private static double[][] meansAndErrors(double[][] rows) {
        int columns = rows[0].length;
        double[] means = new double[columns];
        double[] errors = new double[columns];
        for (double[] row : rows) {
            for (int column = 0; column < columns; column++) {
                means[column] += row[column] / rows.length;
            }
        }
        for (double[] row : rows) {
            for (int column = 0; column < columns; column++) {
                errors[column] += Math.pow(row[column] - means[column], 2);
            }
        }
        for (int column = 0; column < columns; column++) {
            errors[column] = Math.sqrt(errors[column] / (rows.length - 1.0) / rows.length);
        }
        return new double[][] {means, errors};
    }
}
