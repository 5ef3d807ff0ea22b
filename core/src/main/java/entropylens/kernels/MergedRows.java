package entropylens.kernels;

/// The rows of `W + s · B A`, some at a time.
final class MergedRows {
    /// Outputs that one task reads: of a matrix that is stored input by input, as many lie together
    /// in memory.
    private static final int TOGETHER = 64;

    private final Kernels kernels = Kernels.scalar();
    private final Matrix weights;
    private final LowRank update;
    private final int inputs;
    private final int rank;
    private final float[] down;

    MergedRows(Matrix weights, LowRank update) {
        this.weights = weights;
        this.update = update;
        this.inputs = weights.inputs();
        this.rank = update.down().outputs();
        this.down = rows(update.down(), 0, rank);
    }

    double[] norms(WorkerPool pool) {
        int outputs = weights.outputs();
        double[] norms = new double[outputs];
        pool.run(
                (outputs + TOGETHER - 1) / TOGETHER,
                task -> {
                    int from = task * TOGETHER;
                    norms(from, Math.min(outputs, from + TOGETHER), norms);
                });
        return norms;
    }

    private void norms(int from, int to, double[] norms) {
        float[] base = rows(weights, from, to);
        float[] up = rows(update.up(), from, to);
        double[] row = new double[inputs];
        for (int o = 0; o < to - from; o++) {
            merged(base, up, o, row);
            double sum = 0;
            for (double weight : row) {
                sum += weight * weight;
            }
            norms[from + o] = Math.sqrt(sum);
        }
    }

    private void merged(float[] base, float[] up, int output, double[] row) {
        for (int i = 0; i < inputs; i++) {
            row[i] = base[output * inputs + i];
        }
        for (int k = 0; k < rank; k++) {
            double factor = (double) update.scale() * up[output * rank + k];
            for (int i = 0; i < inputs; i++) {
                row[i] += factor * down[k * inputs + i];
            }
        }
    }

    /// Outputs `[from, to)` of a matrix, one after the other.
    private float[] rows(Matrix matrix, int from, int to) {
        int count = to - from;
        int width = matrix.inputs();
        float[] rows = new float[Math.multiplyExact(count, width)];
        if (matrix.layout() == Matrix.Layout.OUT_IN) {
            kernels.read(matrix, from, 0, count, width, rows, 0);
            return rows;
        }
        float[] columns = new float[rows.length];
        kernels.read(matrix, from, 0, width, count, columns, 0);
        for (int i = 0; i < width; i++) {
            for (int o = 0; o < count; o++) {
                rows[o * width + i] = columns[i * count + o];
            }
        }
        return rows;
    }
}
