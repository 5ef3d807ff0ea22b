package entropylens;

import java.util.List;

/// Told of a reply while it is written. Whoever wants no more of it throws a
/// [java.util.concurrent.CancellationException].
@FunctionalInterface
public interface ReplyListener {
    /// Tells nobody.
    ReplyListener NONE = (_, _) -> {};

    /// Some text is final: no stop begins in it.
    ///
    /// @param text that follows what was told before; may be empty
    /// @param tokens whose text begins in it
    void written(String text, List<ReplyToken> tokens);
}
