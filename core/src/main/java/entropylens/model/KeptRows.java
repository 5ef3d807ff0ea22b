package entropylens.model;

/// Rows of the stream that are kept where they were computed, to be read out many at a time:
/// `[slot][d_model]`.
public interface KeptRows extends AutoCloseable {
    /// The first `count` rows, on the heap. Of rows on a device, a copy.
    float[] floats(int count);

    /// Gives their memory back.
    @Override
    default void close() {}
}
