package entropylens.study.statistics;

import java.util.Arrays;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.stat.projection.PCA;

/// The directions in which rows vary most.
///
/// The sign of a component is chosen so that its largest loading (by magnitude) is positive, as in
/// scikit-learn 1.5 and later.
///
/// @param components `[count][features]`, orthonormal, by falling variance
/// @param means of the features
/// @param variances along each component (n - 1)
/// @param shares of all variance
public record PrincipalComponents(
        double[][] components, double[] means, double[] variances, double[] shares) {
    /// The first components of these rows.
    ///
    /// @param count how many components, at most the number of features and of rows
    /// @throws IllegalArgumentException when all rows are equal
    public static PrincipalComponents fit(double[][] rows, int count) {
        Require.matrix(rows, "rows to project");
        Require.that(
                count >= 1 && count <= Math.min(rows.length, rows[0].length) && rows.length > 1,
                "%d principal components of %d rows with %d values; there are no more than either",
                count,
                rows.length,
                rows[0].length);
        PCA pca = new PCA(count, false, true).fit(rows);
        double[] means = pca.getCenter();
        double total = totalVariance(rows, means);
        Require.that(total > 0, "all %d rows are equal; there is nothing to map", rows.length);
        double[][] components = transposed(pca.getComponents());
        Arrays.stream(components).forEach(PrincipalComponents::turn);
        double[] variances = Arrays.copyOf(pca.getVariance(), count);
        return new PrincipalComponents(
                components,
                means,
                variances,
                Arrays.stream(variances).map(variance -> variance / total).toArray());
    }

    private static double[][] transposed(double[][] matrix) {
        return new Array2DRowRealMatrix(matrix, false).transpose().getData();
    }

    private static double totalVariance(double[][] rows, double[] means) {
        double sum = 0;
        for (double[] row : rows) {
            sum += Distances.squared(row, means);
        }
        return sum / (rows.length - 1);
    }

    private static void turn(double[] component) {
        double largest = 0;
        for (double loading : component) {
            largest = Math.abs(loading) > Math.abs(largest) ? loading : largest;
        }
        if (largest < 0) {
            for (int i = 0; i < component.length; i++) {
                component[i] = -component[i];
            }
        }
    }

    /// Coordinates `[rows][count]`.
    public double[][] project(double[][] rows) {
        Require.columns(rows, means.length, "rows to project");
        double[][] projected = new double[rows.length][components.length];
        for (int r = 0; r < rows.length; r++) {
            for (int c = 0; c < components.length; c++) {
                double sum = 0;
                for (int i = 0; i < means.length; i++) {
                    sum += (rows[r][i] - means[i]) * components[c][i];
                }
                projected[r][c] = sum;
            }
        }
        return projected;
    }
}
