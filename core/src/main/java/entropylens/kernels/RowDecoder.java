package entropylens.kernels;

/// Weights that are kept in few bits, decoded to float32 when they are needed. Safe to use from
/// several threads.
@FunctionalInterface
public interface RowDecoder {
    /// Writes the weights of one output, as many as the matrix has inputs. What is written is what
    /// the format's own reference gives in float32.
    void decode(int output, float[] to, int toOffset);

    /// How many neighbouring outputs are best decoded in one go: where one word of the file holds
    /// codes of several outputs, or their codes share a cache line.
    default int together() {
        return 1;
    }

    /// Writes the weights of the outputs `[from, to)`, one output after the other.
    ///
    /// @param inputs of the matrix
    default void decode(int from, int to, int inputs, float[] into, int offset) {
        for (int output = from; output < to; output++) {
            decode(output, into, offset + (output - from) * inputs);
        }
    }

    /// Products of the outputs `[from, to)` with one row of activations, where there is a faster
    /// way than to decode them first; they agree to rounding.
    ///
    /// @param x as many as the matrix has inputs
    /// @param y takes the products, from `at` on
    /// @return whether there is such a way; without, nothing is written
    default boolean multiply(int from, int to, float[] x, float[] y, int at) {
        return false;
    }
}
