package entropylens.study.statistics;

/// Distances between all pairs of rows: `[rows][rows]`, symmetric, 0 on the diagonal.
public final class Distances {
    private Distances() {}

    /// Root of the summed squared differences.
    public static double[][] euclidean(double[][] rows) {
        return scaled(rows, 1);
    }

    /// Root of the *mean* squared difference, in the unit of the values: it does not grow with the
    /// number of columns.
    public static double[][] rootMeanSquare(double[][] rows) {
        Require.matrix(rows, "rows to compare");
        return scaled(rows, rows[0].length);
    }

    private static double[][] scaled(double[][] rows, double divisor) {
        Require.matrix(rows, "rows to compare");
        double[][] distances = new double[rows.length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < i; j++) {
                distances[i][j] = Math.sqrt(squared(rows[i], rows[j]) / divisor);
                distances[j][i] = distances[i][j];
            }
        }
        return distances;
    }

    static double squared(double[] a, double[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            double difference = a[c] - b[c];
            sum += difference * difference;
        }
        return sum;
    }
}
