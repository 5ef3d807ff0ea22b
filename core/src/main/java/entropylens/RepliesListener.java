package entropylens;

import java.util.List;

/// Told of several replies while they are written beside each other. Whoever wants no more of them
/// throws a [java.util.concurrent.CancellationException].
@FunctionalInterface
public interface RepliesListener {
    /// Some text of a reply is final, as in [ReplyListener#written].
    ///
    /// @param reply its index
    /// @param text that follows what was told of it before; may be empty
    /// @param tokens whose text begins in it
    void written(int reply, String text, List<ReplyToken> tokens);

    /// A reply has ended; others may go on.
    default void ended(int reply, Reply whole) {}
}
