package entropylens.kernels;

import java.util.Optional;

/// What computes: it owns products of activations with weights, the readout's products among them,
/// with its own tiles and its own order of sums. The definitions of what is computed belong to
/// others; the bits belong to the backend, and every result names it.
public interface Backend extends AutoCloseable {
    /// A name for results.
    String name();

    /// What both sides of its products are rounded to.
    default Precision precision() {
        return Precision.FLOAT32;
    }

    /// What whoever runs a model should know of how it is computed, in one sentence.
    default Optional<String> note() {
        return Optional.empty();
    }

    /// Arithmetic on plain arrays: attention, activations, statistics of logits.
    Kernels kernels();

    /// The threads that compute.
    WorkerPool pool();

    /// `out[r] = W x[r] + bias` for all rows r.
    ///
    /// @param x `rows × inputs`
    /// @param phase decides the order of the sums; in [Phase#TOGETHER] the bits of a row depend on
    ///   that row alone
    /// @param out `rows × outputs`, overwritten
    void apply(Projection projection, float[] x, int rows, Phase phase, float[] out);

    /// Row `row` of a table that is stored [Matrix.Layout#OUT_IN], widened to float32: the weights
    /// of one output. Exact.
    void read(Matrix table, int row, float[] to, int toOffset);

    /// The products of rows with all outputs of a matrix, panel by panel: what the readout
    /// consumes.
    ///
    /// @param x `rows × inputs`, not changed as long as the products are used
    PanelProducts panels(Matrix matrix, float[] x, int rows);

    /// Gives back what it holds beside the heap.
    @Override
    default void close() {}

    /// The processor that Java runs on, with its fastest kernels.
    static Backend cpu(WorkerPool pool) {
        return new CpuBackend(Kernels.best(), pool);
    }
}
