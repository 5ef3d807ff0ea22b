package entropylens.kernels;

import java.lang.foreign.MemorySegment;

/// A weight matrix where it lies on disk: `outputs × inputs`, mapped and never copied as a whole.
///
/// Checkpoints store a projection in one of two ways. [Layout#OUT_IN] keeps the inputs of one
/// output together (`torch.nn.Linear`), [Layout#IN_OUT] the outputs of one input (GPT-2's
/// `Conv1D`).
///
/// @param data the bytes, little-endian, from the first weight on
/// @param type how one weight is stored
/// @param outputs number of outputs (rows of W in `y = W x`)
/// @param inputs number of inputs
/// @param layout which of the two is contiguous
/// @param stride distance, in weights, between two neighbours in the dimension that is not
///   contiguous
public record Matrix(
        MemorySegment data, WeightType type, int outputs, int inputs, Layout layout, int stride) {

    /// Which dimension is contiguous in memory.
    public enum Layout {
        OUT_IN,
        IN_OUT
    }

    public Matrix {
        int contiguous = layout == Layout.OUT_IN ? inputs : outputs;
        int strided = layout == Layout.OUT_IN ? outputs : inputs;
        long needed = ((long) (strided - 1) * stride + contiguous) * type.bytes();
        if (outputs < 1 || inputs < 1 || stride < contiguous || data.byteSize() < needed) {
            throw new IllegalArgumentException(
                    "a %d x %d %s matrix (%s, stride %d) needs %,d bytes, but has %,d"
                            .formatted(
                                    outputs,
                                    inputs,
                                    type,
                                    layout,
                                    stride,
                                    needed,
                                    data.byteSize()));
        }
    }

    /// A dense matrix: the stride is the contiguous dimension.
    public static Matrix dense(
            MemorySegment data, WeightType type, int outputs, int inputs, Layout layout) {
        return new Matrix(
                data, type, outputs, inputs, layout, layout == Layout.OUT_IN ? inputs : outputs);
    }

    /// The outputs `[from, to)` as a matrix of their own, sharing the memory: fused projections are
    /// cut so.
    public Matrix outputs(int from, int to) {
        if (from < 0 || from >= to || to > outputs) {
            throw new IllegalArgumentException(
                    "no outputs [%d, %d) in a matrix of %d".formatted(from, to, outputs));
        }
        return new Matrix(
                data.asSlice(byteOffset(from, 0)), type, to - from, inputs, layout, stride);
    }

    /// Offset in bytes of the weight that connects `input` to `output`.
    long byteOffset(int output, int input) {
        long index =
                layout == Layout.OUT_IN
                        ? (long) output * stride + input
                        : (long) input * stride + output;
        return index * type.bytes();
    }

    /// Bytes of the weights themselves.
    public long bytes() {
        return (long) outputs * inputs * type.bytes();
    }
}
