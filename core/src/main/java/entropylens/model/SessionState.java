package entropylens.model;

/// What a session remembers of its tokens, kept where the forward pass is computed.
public interface SessionState extends AutoCloseable {
    /// Takes over what another session of the same model remembers of its first tokens.
    ///
    /// @param tokens fewer than it has only where [#knowsEarlierPositions]
    void continueFrom(SessionState other, int tokens);

    /// Whether an earlier position can be gone back to.
    boolean knowsEarlierPositions();

    /// Gives its memory back at once; what is never closed is given back some time after nobody
    /// refers to it any more.
    @Override
    default void close() {}
}
