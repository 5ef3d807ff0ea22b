package entropylens.lens;

import entropylens.kernels.Backend;
import java.util.Optional;
import java.util.SplittableRandom;

/// Rotates rows at random within a mean m and a covariance `Uᵀ U`: `h → m + Uᵀ R (Uᵀ)⁻¹ (h − m)`,
/// with R drawn evenly from all rotations and reflections. Rows of that mean and covariance keep
/// both; what their directions mean is lost. Rows of a normal distribution become others of the
/// same distribution. In float64.
///
/// R is a product of Householder reflections of normal vectors (Stewart 1980), drawn anew wherever
/// it is applied, since it would take as much room as a matrix.
///
/// @param mean m
/// @param factor U, its rows from the diagonal on: `[i][j - i]`
/// @param seed of R
/// @param then what the rotated rows are looked at through
public record RandomRotation(double[] mean, double[][] factor, long seed, Optional<Translator> then)
        implements Translator {
    @Override
    public int dModel() {
        return mean.length;
    }

    @Override
    public void apply(Backend backend, float[] rows, int count, float[] out) {
        int d = mean.length;
        double[][] values = new double[count][d];
        backend.pool().run(count, row -> whiten(rows, row * d, values[row]));
        rotate(values);
        float[] rotated = then.isPresent() ? new float[count * d] : out;
        backend.pool().run(count, row -> colour(values[row], rotated, row * d));
        then.ifPresent(translator -> translator.apply(backend, rotated, count, out));
    }

    private void whiten(float[] rows, int from, double[] into) {
        int d = into.length;
        for (int i = 0; i < d; i++) {
            into[i] = rows[from + i] - mean[i];
        }
        for (int k = 0; k < d; k++) {
            into[k] /= factor[k][0];
            for (int i = k + 1; i < d; i++) {
                into[i] -= factor[k][i - k] * into[k];
            }
        }
    }

    private void colour(double[] values, float[] out, int to) {
        int d = values.length;
        double[] sums = mean.clone();
        for (int k = 0; k < d; k++) {
            for (int j = k; j < d; j++) {
                sums[j] += factor[k][j - k] * values[k];
            }
        }
        for (int i = 0; i < d; i++) {
            out[to + i] = (float) sums[i];
        }
    }

    /// Reflections of the last 1, 2, … d entries, with the signs that make R even (Mezzadri 2007).
    private void rotate(double[][] rows) {
        SplittableRandom random = new SplittableRandom(seed);
        int d = mean.length;
        for (int size = 1; size <= d; size++) {
            double[] u = new double[size];
            double squares = 0;
            for (int i = 0; i < size; i++) {
                u[i] = random.nextGaussian();
                squares += u[i] * u[i];
            }
            double sign = u[0] < 0 ? -1 : 1;
            double norm = Math.sqrt(squares);
            u[0] += sign * norm;
            // of u after its first entry has grown: |u|² = 2 |x| (|x| + |x_0|)
            double half = norm * Math.abs(u[0]);
            for (double[] row : rows) {
                reflect(row, d - size, u, half, -sign);
            }
        }
    }

    private static void reflect(double[] row, int from, double[] u, double half, double sign) {
        double product = 0;
        for (int i = 0; i < u.length; i++) {
            product += u[i] * row[from + i];
        }
        double factor = half == 0 ? 0 : product / half;
        for (int i = 0; i < u.length; i++) {
            row[from + i] = sign * (row[from + i] - factor * u[i]);
        }
    }
}
