package entropylens.web;

import org.jspecify.annotations.Nullable;

/// What a client takes.
final class Accepted {
    private Accepted() {}

    /// @param accept what the client says; where it says nothing, it takes anything
    /// @throws ApiException when it does not take server-sent events
    static void requireEvents(@Nullable String accept) {
        if (accept != null && !accept.matches(".*(text/event-stream|text/\\*|\\*/\\*).*")) {
            throw ApiException.wrong(
                    "the answer is text/event-stream, but the header Accept is '%s'", accept);
        }
    }
}
