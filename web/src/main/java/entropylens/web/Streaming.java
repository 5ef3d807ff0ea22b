package entropylens.web;

import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/// An answer of server-sent events.
final class Streaming {
    /// Writes events.
    @FunctionalInterface
    interface Source {
        /// @throws IOException when nobody reads any more
        /// @throws CancellationException likewise
        void write(EventStream events) throws IOException;
    }

    private Streaming() {}

    /// Answers with the events of a source. What it throws before its first event is an answer of
    /// its own, with its status.
    static void answer(Context context, Source source) throws IOException {
        HttpServletResponse response = context.res();
        response.setStatus(200);
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        Outbox out =
                new Outbox(
                        response.getOutputStream(),
                        Caller.of(context)::hangUp,
                        Limits.UNREAD,
                        Duration.ofSeconds(Limits.READING));
        try (out) {
            source.write(new EventStream(out));
        } catch (IOException | CancellationException gone) {
            // nobody reads any more
        }
    }
}
