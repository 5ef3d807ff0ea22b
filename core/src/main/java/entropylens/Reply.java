package entropylens;

import java.util.List;

/// A text that a model wrote after a prompt.
///
/// @param text without the stop that ended it
/// @param tokens those with a part in the text, as they were written
/// @param ended why it is not longer
/// @param generated tokens in all: an end token and those of a stop included
public record Reply(String text, List<ReplyToken> tokens, Ended ended, int generated) {
    /// Why a text ends.
    public enum Ended {
        /// The model ended it.
        END_TOKEN,
        /// One of the stops that were asked for follows.
        STOP,
        /// It has as many tokens as were asked for.
        TOKENS
    }

    public Reply {
        tokens = List.copyOf(tokens);
    }
}
