package entropylens.kernels;

import org.jspecify.annotations.Nullable;

/// Products on the processor that Java runs on.
///
/// Rows are computed in register tiles ([Kernels#tile]), in an order that depends neither on the
/// number of rows, nor on threads, nor on the width of the vectors: the same row gives the same
/// bits in any batch. A single row of a text that runs [Phase#ALONE], against an
/// [Matrix.Layout#OUT_IN] matrix, is bound by memory and takes [Kernels#rowDots], which agrees to
/// rounding.
public final class CpuBackend implements Backend {
    private final Kernels kernels;
    private final WorkerPool pool;

    public CpuBackend(Kernels kernels, WorkerPool pool) {
        this.kernels = kernels;
        this.pool = pool;
    }

    @Override
    public String name() {
        return kernels.name();
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
        ComposedProducts.apply(
                projection,
                x,
                rows,
                out,
                (linear, from, count, to) -> apply(linear, from, count, phase, to));
    }

    private void apply(Linear linear, float[] x, int rows, Phase phase, float[] out) {
        float[] bias = linear.bias();
        switch (linear.matrix()) {
            case DenseMatrix inOut when inOut.layout() == Matrix.Layout.IN_OUT -> {
                if (rows == 1) {
                    columnSums(inOut, x, out);
                    addBias(out, bias);
                } else {
                    OutputTiles tiles = new OutputTiles(kernels, inOut, x, rows);
                    pool.run(tiles.panels(), panel -> tiles.compute(panel, bias, out));
                }
            }
            case Matrix outIn -> {
                if (rows == 1 && phase == Phase.ALONE) {
                    rowDots(outIn, x, out);
                    addBias(out, bias);
                } else {
                    CpuPanels panels = panels(outIn, x, rows);
                    pool.run(panels.panels(), panel -> panels.scatter(panel, bias, out));
                }
            }
        }
    }

    @Override
    public CpuPanels panels(Matrix matrix, float[] x, int rows) {
        return new CpuPanels(kernels, pool, matrix, x, rows);
    }

    @Override
    public void read(Matrix table, int row, float[] to, int toOffset) {
        kernels.read(table, row, 0, 1, table.inputs(), to, toOffset);
    }

    /// One row, in an order of its own.
    private void rowDots(Matrix weights, float[] x, float[] out) {
        // a multiple of 64 outputs each, a few per thread so that a slow thread is helped out
        int tasks = Math.clamp(weights.outputs() / 64, 1, 4 * pool.threads());
        share(
                weights.outputs(),
                tasks,
                (from, to) -> kernels.rowDots(weights, x, 0, out, 0, from, to));
    }

    /// One row, in the order of the tiles.
    private void columnSums(DenseMatrix weights, float[] x, float[] out) {
        // neighbours in memory are outputs here: wide pieces read whole pages
        int tasks = Math.clamp(weights.outputs() / 256, 1, pool.threads());
        share(
                weights.outputs(),
                tasks,
                (from, to) -> kernels.columnSums(weights, x, 0, out, 0, from, to));
    }

    private interface Piece {
        void compute(int from, int to);
    }

    private void share(int outputs, int tasks, Piece piece) {
        int share = roundUp((outputs + tasks - 1) / tasks, 16);
        pool.run(
                (outputs + share - 1) / share,
                task -> piece.compute(task * share, Math.min((task + 1) * share, outputs)));
    }

    private static void addBias(float[] out, float @Nullable [] bias) {
        for (int o = 0; bias != null && o < bias.length; o++) {
            out[o] += bias[o];
        }
    }

    static void add(float[] from, int fromOffset, float[] to, int toOffset, int count) {
        for (int i = 0; i < count; i++) {
            to[toOffset + i] += from[fromOffset + i];
        }
    }

    static int roundUp(int n, int multiple) {
        return (n + multiple - 1) / multiple * multiple;
    }
}
