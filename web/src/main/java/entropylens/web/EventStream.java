package entropylens.web;

import entropylens.result.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Server-sent events: each is sent as soon as it is written.
final class EventStream {
    private final OutputStream out;

    EventStream(OutputStream out) {
        this.out = out;
    }

    /// @param data one object of JSON, which is one line
    /// @throws IOException when nobody reads any more
    void send(String event, Object data) throws IOException {
        write("event: " + event + "\ndata: " + Json.MAPPER.writeValueAsString(data) + "\n\n");
    }

    /// Says nothing, but finds out whether somebody is there.
    void comment(String words) throws IOException {
        write(": " + words + "\n\n");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
