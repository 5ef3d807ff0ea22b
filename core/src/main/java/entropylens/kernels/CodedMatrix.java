package entropylens.kernels;

/// A quantised matrix: its weights stay as small in memory as on disk, and one output's weights at
/// a time are decoded.
///
/// @param storedAs in the words of the format: `Q4_K`
/// @param decoder of the whole matrix that this one is, or is cut from
/// @param first output of that matrix that is output 0 here
/// @param outputs number of outputs
/// @param inputs number of inputs
/// @param bytesPerOutput what one output takes, scales and the like included
public record CodedMatrix(
        String storedAs,
        RowDecoder decoder,
        int first,
        int outputs,
        int inputs,
        double bytesPerOutput)
        implements Matrix {
    public CodedMatrix {
        if (outputs < 1 || inputs < 1 || first < 0) {
            throw new IllegalArgumentException(
                    "no matrix has %d outputs from %d on, and %d inputs"
                            .formatted(outputs, first, inputs));
        }
    }

    @Override
    public Layout layout() {
        return Layout.OUT_IN;
    }

    @Override
    public long bytes() {
        return Math.round(outputs * bytesPerOutput);
    }

    @Override
    public CodedMatrix outputs(int from, int to) {
        if (from < 0 || from >= to || to > outputs) {
            throw new IllegalArgumentException(
                    "no outputs [%d, %d) in a matrix of %d".formatted(from, to, outputs));
        }
        return new CodedMatrix(storedAs, decoder, first + from, to - from, inputs, bytesPerOutput);
    }

    /// Decodes the weights of some outputs, one after the other.
    void decode(int from, int to, float[] into, int offset) {
        decoder.decode(first + from, first + to, inputs, into, offset);
    }

    /// See [RowDecoder#multiply].
    boolean multiply(int from, int to, float[] x, float[] y, int at) {
        return decoder.multiply(first + from, first + to, x, y, at);
    }
}
