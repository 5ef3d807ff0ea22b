package entropylens.kernels;

import java.lang.foreign.MemorySegment;

/// A weight matrix, `outputs × inputs`, where it lies on disk.
public sealed interface Matrix permits DenseMatrix, CodedMatrix {
    /// Which dimension is contiguous in memory. [#OUT_IN] keeps the inputs of one output together
    /// (`torch.nn.Linear`), [#IN_OUT] the outputs of one input (GPT-2's `Conv1D`).
    enum Layout {
        OUT_IN,
        IN_OUT
    }

    /// Number of outputs: rows of W in `y = W x`.
    int outputs();

    /// Number of inputs.
    int inputs();

    /// How it is stored.
    Layout layout();

    /// How one weight is stored, in the words of the format: `BF16`, `Q4_K`.
    String storedAs();

    /// Bytes of the weights themselves.
    long bytes();

    /// The outputs `[from, to)` as a matrix of their own, sharing the memory: fused projections are
    /// cut so.
    Matrix outputs(int from, int to);

    /// A matrix of floats without gaps.
    static DenseMatrix dense(
            MemorySegment data, WeightType type, int outputs, int inputs, Layout layout) {
        return new DenseMatrix(
                data, type, outputs, inputs, layout, layout == Layout.OUT_IN ? inputs : outputs);
    }
}
