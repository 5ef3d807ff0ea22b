package entropylens.translators;

import entropylens.kernels.WorkerPool;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Sums over rows h of a layer and H of the last one, in float64: what a translator from h to H is
/// calculated from. Rows are added in their order, whatever the threads.
final class Moments {
    private final int d;
    private final WorkerPool pool;
    private final double[] sum;
    private final double[] targetSum;

    /// `Σ h hᵀ`, its upper half; null where only means are needed.
    private final double @Nullable [][] own;

    /// `Σ h Hᵀ`.
    private final double @Nullable [][] cross;

    private long rows;

    /// @param second whether second moments are summed
    Moments(int d, boolean second, WorkerPool pool) {
        this.d = d;
        this.pool = pool;
        this.sum = new double[d];
        this.targetSum = new double[d];
        this.own = second ? new double[d][] : null;
        this.cross = second ? new double[d][d] : null;
        if (own != null) {
            Arrays.setAll(own, i -> new double[d - i]);
        }
    }

    int width() {
        return d;
    }

    /// Bytes that one takes.
    static long bytes(long d, boolean second) {
        return 8 * (2 * d + (second ? d * (d + 1) / 2 + d * d : 0));
    }

    /// @param h `count × d`
    /// @param target `count × d`
    void add(double[] h, double[] target, int count) {
        rows += count;
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < d; i++) {
                sum[i] += h[row * d + i];
                targetSum[i] += target[row * d + i];
            }
        }
        double[][] ofOwn = own;
        double[][] ofCross = cross;
        if (ofOwn != null && ofCross != null) {
            pool.run(
                    d,
                    i -> {
                        for (int row = 0; row < count; row++) {
                            double factor = h[row * d + i];
                            add(ofOwn[i], factor, h, row * d + i);
                            add(ofCross[i], factor, target, row * d);
                        }
                    });
        }
    }

    private static void add(double[] to, double factor, double[] of, int from) {
        for (int j = 0; j < to.length; j++) {
            to[j] += factor * of[from + j];
        }
    }

    /// `mean H − mean h`.
    double[] shift() {
        double[] shift = new double[d];
        Arrays.setAll(shift, i -> (targetSum[i] - sum[i]) / rows);
        return shift;
    }

    /// `H ≈ h + A h + b`.
    ///
    /// @param transposed A, `[input][output]`
    /// @param b intercept
    record Ridge(double[][] transposed, double[] b) {}

    /// The A and b with the smallest `Σ |h + A h + b − H|² + α |A|²`, where `α = λ n v` and v is
    /// the mean variance of the entries of h: so λ has no unit, and for a large one A is 0 and b
    /// the difference of the means. Uses up the moments.
    ///
    /// @return empty where the equations have no single solution
    @Nullable Ridge ridge(double lambda) {
        double[][] c = own;
        double[][] x = cross;
        if (c == null || x == null) {
            throw new IllegalStateException("second moments were not summed");
        }
        ofResidual(c, x);
        double[] shift = shift();
        centre(c, x, shift);
        double trace = 0;
        for (double[] row : c) {
            trace += row[0];
        }
        for (double[] row : c) {
            row[0] += lambda * trace / d;
        }
        if (Cholesky.factor(c, pool).isPresent()) {
            return null;
        }
        Cholesky.solve(c, x, pool);
        return new Ridge(x, intercept(x, shift));
    }

    /// `Σ h Hᵀ` becomes `Σ h (H − h)ᵀ`.
    private static void ofResidual(double[][] c, double[][] x) {
        for (int i = 0; i < c.length; i++) {
            x[i][i] -= c[i][0];
            for (int j = i + 1; j < c.length; j++) {
                x[i][j] -= c[i][j - i];
                x[j][i] -= c[i][j - i];
            }
        }
    }

    /// Sums become covariances.
    private void centre(double[][] c, double[][] x, double[] shift) {
        for (int i = 0; i < d; i++) {
            double mean = sum[i] / rows;
            for (int j = 0; j < d; j++) {
                x[i][j] = x[i][j] / rows - mean * shift[j];
            }
            for (int j = i; j < d; j++) {
                c[i][j - i] = c[i][j - i] / rows - mean * (sum[j] / rows);
            }
        }
    }

    /// `mean H − mean h − A mean h`.
    private double[] intercept(double[][] transposed, double[] shift) {
        double[] b = shift.clone();
        for (int i = 0; i < d; i++) {
            add(b, -sum[i] / rows, transposed[i], 0);
        }
        return b;
    }
}
