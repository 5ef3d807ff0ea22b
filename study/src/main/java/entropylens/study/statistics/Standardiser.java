package entropylens.study.statistics;

import java.util.Arrays;

/// Brings features to mean 0 and standard deviation 1 over the rows it was fitted on; a feature
/// that is constant there is only centred. As scikit-learn's `StandardScaler`: population standard
/// deviation (n, not n - 1), and "constant" up to the rounding of a variance.
///
/// @param means of the features
/// @param scales what a centred feature is divided by: its standard deviation, or 1
public record Standardiser(double[] means, double[] scales) {
    private static final double EPSILON = Math.ulp(1.0);

    public static Standardiser fit(double[][] features) {
        Require.matrix(features, "features to standardise");
        int columns = features[0].length;
        double[] means = new double[columns];
        double[] scales = new double[columns];
        for (int column = 0; column < columns; column++) {
            int c = column;
            double[] values = Arrays.stream(features).mapToDouble(row -> row[c]).toArray();
            double mean = Arrays.stream(values).sum() / values.length;
            means[c] = mean;
            scales[c] = scale(values, mean);
        }
        return new Standardiser(means, scales);
    }

    private static double scale(double[] values, double mean) {
        int n = values.length;
        double variance =
                Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum() / n;
        double rounding = n * EPSILON * variance + Math.pow(n * mean * EPSILON, 2);
        return variance <= rounding ? 1 : Math.sqrt(variance);
    }

    /// The same rows, standardised.
    ///
    /// @throws IllegalArgumentException when rows have another number of features than those fitted
    public double[][] apply(double[][] features) {
        Require.columns(features, means.length, "features to standardise");
        double[][] standardised = new double[features.length][means.length];
        for (int row = 0; row < features.length; row++) {
            for (int c = 0; c < means.length; c++) {
                standardised[row][c] = (features[row][c] - means[c]) / scales[c];
            }
        }
        return standardised;
    }
}
