package entropylens.kernels;

/// A backend with everything of its own: sums in float64 from the last input to the first, panels
/// of seven outputs, tiles of five rows. What a native library or a GPU might do, and slow.
public final class ForeignBackend implements Backend {
    private final Kernels kernels = Kernels.scalar();
    private final WorkerPool pool = new WorkerPool(1);

    @Override
    public String name() {
        return "foreign";
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public WorkerPool pool() {
        return pool;
    }

    @Override
    public void apply(Projection projection, float[] x, int rows, Phase phase, float[] out) {
        if (projection instanceof Scaled scaled) {
            apply(scaled, x, rows, phase, out);
            return;
        }
        Linear linear = (Linear) projection;
        float[] bias = linear.bias();
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < linear.outputs(); o++) {
                float product = product(linear.matrix(), x, r, o);
                out[r * linear.outputs() + o] = bias == null ? product : product + bias[o];
            }
        }
    }

    private void apply(Scaled scaled, float[] x, int rows, Phase phase, float[] out) {
        float[] taken = x.clone();
        for (int i = 0; i < taken.length; i++) {
            taken[i] *= scaled.before();
        }
        apply(scaled.inner(), taken, rows, phase, out);
        for (int i = 0; i < rows * scaled.outputs(); i++) {
            out[i] *= scaled.after()[i % scaled.outputs()];
        }
    }

    private static float product(Matrix matrix, float[] x, int row, int output) {
        float[] weights = new float[matrix.inputs()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = ScalarKernels.weight((DenseMatrix) matrix, output, i);
        }
        double sum = 0;
        for (int i = matrix.inputs() - 1; i >= 0; i--) {
            sum += (double) x[row * matrix.inputs() + i] * weights[i];
        }
        return (float) sum;
    }

    @Override
    public void read(Matrix table, int row, float[] to, int toOffset) {
        kernels.read(table, row, 0, 1, table.inputs(), to, toOffset);
    }

    @Override
    public PanelProducts panels(Matrix matrix, float[] x, int rows) {
        RowTiles tiles = new RowTiles(rows, 1, 5);
        return new PanelProducts() {
            @Override
            public RowTiles tiles() {
                return tiles;
            }

            @Override
            public int panels() {
                return (matrix.outputs() + 6) / 7;
            }

            @Override
            public int firstOutput(int panel) {
                return 7 * panel;
            }

            @Override
            public int outputs(int panel) {
                return Math.min(7, matrix.outputs() - firstOutput(panel));
            }

            @Override
            public float[] compute(int panel) {
                int outputs = outputs(panel);
                float[] products = new float[outputs * tiles.paddedRows()];
                for (int row = 0; row < rows; row++) {
                    int tile = tiles.tileOf(row);
                    int at = tiles.offset(tile, outputs) + row - tiles.firstRow(tile);
                    for (int o = 0; o < outputs; o++) {
                        products[at + o * tiles.stride(tile)] = exact(row, 7 * panel + o);
                    }
                }
                return products;
            }

            @Override
            public float exact(int row, int output) {
                return product(matrix, x, row, output);
            }
        };
    }
}
