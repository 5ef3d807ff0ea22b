package entropylens.kernels;

/// Weights that are kept in few bits, decoded to float32 when they are needed. Safe to use from
/// several threads.
@FunctionalInterface
public interface RowDecoder {
    /// Writes the weights of one output, as many as the matrix has inputs. What is written is what
    /// the format's own reference gives in float32.
    void decode(int output, float[] to, int toOffset);
}
