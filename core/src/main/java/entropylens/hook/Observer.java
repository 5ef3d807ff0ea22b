package entropylens.hook;

/// Reads a row of the forward pass as it is born.
@FunctionalInterface
public interface Observer {
    /// @param point where the row was seen
    /// @param position its position in the session, from 0
    /// @param values holds the row at `[offset, offset + d_model)`; borrowed: valid until this
    ///   method returns, and not to be written to
    /// @param offset where the row starts
    void observe(HookPoint point, int position, float[] values, int offset);
}
