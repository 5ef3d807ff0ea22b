package entropylens.kernels;

import java.lang.foreign.MemorySegment;

/// A matrix of float weights where they lie on disk, mapped and never copied as a whole.
///
/// @param data the bytes, little-endian, from the first weight on
/// @param type how one weight is stored
/// @param outputs number of outputs (rows of W in `y = W x`)
/// @param inputs number of inputs
/// @param layout which of the two is contiguous
/// @param stride distance, in weights, between two neighbours in the dimension that is not
///   contiguous
public record DenseMatrix(
        MemorySegment data, WeightType type, int outputs, int inputs, Layout layout, int stride)
        implements Matrix {

    public DenseMatrix {
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

    @Override
    public DenseMatrix outputs(int from, int to) {
        if (from < 0 || from >= to || to > outputs) {
            throw new IllegalArgumentException(
                    "no outputs [%d, %d) in a matrix of %d".formatted(from, to, outputs));
        }
        return new DenseMatrix(
                data.asSlice(byteOffset(from, 0)), type, to - from, inputs, layout, stride);
    }

    @Override
    public String storedAs() {
        return type.name();
    }

    /// Offset in bytes of the weight that connects `input` to `output`.
    long byteOffset(int output, int input) {
        long index =
                layout == Layout.OUT_IN
                        ? (long) output * stride + input
                        : (long) input * stride + output;
        return index * type.bytes();
    }

    @Override
    public long bytes() {
        return (long) outputs * inputs * type.bytes();
    }
}
