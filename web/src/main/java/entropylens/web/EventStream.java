package entropylens.web;

import entropylens.result.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Server-sent events: each is sent as soon as it is written.
final class EventStream {
    private final OutputStream out;
    private boolean begun;

    EventStream(OutputStream out) {
        this.out = out;
    }

    /// Whether anything was sent: a failure before that has a status of its own.
    boolean hasBegun() {
        return begun;
    }

    /// @param data one object of JSON, which is one line
    /// @throws IOException when nobody reads any more
    void send(String event, Object data) throws IOException {
        write("event: " + event + "\ndata: " + Json.MAPPER.writeValueAsString(data) + "\n\n");
    }

    /// An event that has no name.
    ///
    /// @throws IOException when nobody reads any more
    void send(Object data) throws IOException {
        write("data: " + Json.MAPPER.writeValueAsString(data) + "\n\n");
    }

    /// What a stream of OpenAI's API ends with.
    ///
    /// @throws IOException when nobody reads any more
    void end() throws IOException {
        write("data: [DONE]\n\n");
    }

    /// Says nothing, but finds out whether somebody is there.
    void comment(String words) throws IOException {
        write(": " + words + "\n\n");
    }

    private void write(String text) throws IOException {
        begun = true;
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
