package entropylens.translators;

import entropylens.kernels.WorkerPool;
import java.util.OptionalInt;

/// `C = Uᵀ U` of a symmetric, positive definite matrix in float64, and systems solved with it. The
/// core has no library of linear algebra, and what it needs of one is this page; rows are updated
/// in blocks, which stay in the cache, on all threads. The order of every sum is fixed.
///
/// A matrix is held as its upper half: row i from the diagonal on, `[i][j - i]`.
final class Cholesky {
    private static final int BLOCK = 32;
    private static final int COLUMNS = 64;

    private Cholesky() {}

    /// Puts U in the place of C.
    ///
    /// @return the first row that shows that C is not positive definite; C is spoilt then
    static OptionalInt factor(double[][] c, WorkerPool pool) {
        int d = c.length;
        for (int first = 0; first < d; first += BLOCK) {
            int from = first;
            int to = Math.min(d, first + BLOCK);
            for (int k = from; k < to; k++) {
                double pivot = c[k][0];
                if (!(pivot > 0) || Double.isInfinite(pivot)) {
                    return OptionalInt.of(k);
                }
                divide(c[k], Math.sqrt(pivot));
                for (int i = k + 1; i < to; i++) {
                    subtract(c[i], c[k], i - k);
                }
            }
            pool.run(
                    d - to,
                    row -> {
                        for (int k = from; k < to; k++) {
                            subtract(c[to + row], c[k], to + row - k);
                        }
                    });
        }
        return OptionalInt.empty();
    }

    private static void divide(double[] row, double by) {
        for (int j = 0; j < row.length; j++) {
            row[j] /= by;
        }
    }

    /// Row i less what row k, above it, has in common with it.
    ///
    /// @param at how far the diagonal of row i is from that of row k
    private static void subtract(double[] row, double[] above, int at) {
        double factor = above[at];
        for (int j = 0; j < row.length; j++) {
            row[j] -= factor * above[at + j];
        }
    }

    /// Puts the solution of `C X = B` in the place of B.
    ///
    /// @param u what [#factor] made of C
    /// @param b `[row][column]`, with as many rows as C
    static void solve(double[][] u, double[][] b, WorkerPool pool) {
        int columns = b[0].length;
        pool.run(
                (columns + COLUMNS - 1) / COLUMNS,
                part -> {
                    int from = part * COLUMNS;
                    solve(u, b, from, Math.min(columns, from + COLUMNS));
                });
    }

    private static void solve(double[][] u, double[][] b, int from, int to) {
        int d = u.length;
        for (int k = 0; k < d; k++) {
            for (int j = from; j < to; j++) {
                b[k][j] /= u[k][0];
            }
            for (int i = k + 1; i < d; i++) {
                subtract(b[i], b[k], u[k][i - k], from, to);
            }
        }
        for (int k = d - 1; k >= 0; k--) {
            for (int i = k + 1; i < d; i++) {
                subtract(b[k], b[i], u[k][i - k], from, to);
            }
            for (int j = from; j < to; j++) {
                b[k][j] /= u[k][0];
            }
        }
    }

    private static void subtract(double[] row, double[] other, double factor, int from, int to) {
        for (int j = from; j < to; j++) {
            row[j] -= factor * other[j];
        }
    }
}
