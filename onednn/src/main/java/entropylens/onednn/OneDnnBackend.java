package entropylens.onednn;

import entropylens.kernels.Backend;
import entropylens.kernels.ComposedProducts;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.PanelProducts;
import entropylens.kernels.Phase;
import entropylens.kernels.Precision;
import entropylens.kernels.Projection;
import entropylens.kernels.WorkerPool;

/// Products on the processor with instructions that no Java code reaches: both sides are rounded to
/// bfloat16, and their products are summed in float32, rows in tiles of up to 64.
///
/// Two kinds of product stay with [CpuBackend], unrounded: a single row of a text that runs
/// [Phase#ALONE], which is bound by memory; and those with a matrix that is stored
/// [Matrix.Layout#IN_OUT], which would have to be transposed panel by panel: for 16 rows that took
/// longer than the whole product does there.
final class OneDnnBackend implements Backend {
    private final OneDnn library;
    private final WorkerPool pool;
    private final Kernels kernels = Kernels.best();
    private final CpuBackend vector;
    private final Desks desks;

    OneDnnBackend(OneDnn library, WorkerPool pool) {
        this.library = library;
        this.pool = pool;
        this.vector = new CpuBackend(kernels, pool);
        this.desks = new Desks(library, kernels);
    }

    /// `vector/16 onednn/3.11.0 bfloat16`: what computes all else, and the products.
    @Override
    public String name() {
        return "%s onednn/%s %s".formatted(kernels.name(), library.version(), precision().word());
    }

    @Override
    public Precision precision() {
        return Precision.BFLOAT16;
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
        if (rows == 1 && phase == Phase.ALONE) {
            vector.apply(projection, x, rows, phase, out);
        } else {
            ComposedProducts.apply(projection, x, rows, out, this::product);
        }
    }

    private void product(Linear linear, float[] x, int rows, float[] out) {
        if (linear.matrix().layout() == Matrix.Layout.IN_OUT) {
            vector.apply(linear, x, rows, Phase.TOGETHER, out);
            return;
        }
        OneDnnPanels panels = new OneDnnPanels(desks, pool, linear.matrix(), x, rows);
        pool.run(panels.panels(), panel -> panels.scatter(panel, linear.bias(), out));
        panels.release();
    }

    @Override
    public PanelProducts panels(Matrix matrix, float[] x, int rows) {
        return new OneDnnPanels(desks, pool, matrix, x, rows);
    }

    @Override
    public void read(Matrix table, int row, float[] to, int toOffset) {
        kernels.read(table, row, 0, 1, table.inputs(), to, toOffset);
    }

    /// Frees oneDNN's primitives; the library stays open.
    @Override
    public void close() {
        desks.close();
    }
}
