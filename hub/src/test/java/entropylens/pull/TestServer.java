package entropylens.pull;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A web server on sockets of this process, which can do what a library's server is too well
/// behaved for: lie about lengths, cut a connection in the middle of a body, fall silent.
final class TestServer implements AutoCloseable {

    /// @param headers by names in small letters
    record Request(String method, String target, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /// @param sent bytes of the body after which the connection is cut; all of it and kept open if
    ///   negative
    /// @param silent whether the connection stays open, but says nothing more
    record Reply(int status, Map<String, String> headers, byte[] body, int sent, boolean silent) {

        static Reply of(int status, String body) {
            return new Reply(status, Map.of(), body.getBytes(StandardCharsets.UTF_8), -1, false);
        }

        static Reply of(byte[] body) {
            return new Reply(200, Map.of(), body, -1, false);
        }

        Reply with(String name, String value) {
            var all = new LinkedHashMap<>(headers);
            all.put(name, value);
            return new Reply(status, all, body, sent, silent);
        }

        Reply cutAfter(int bytes) {
            return new Reply(status, headers, body, bytes, silent);
        }

        Reply silentAfter(int bytes) {
            return new Reply(status, headers, body, bytes, true);
        }
    }

    private final ServerSocket socket;
    private final Function<Request, Reply> handler;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    TestServer(Function<Request, Reply> handler) throws IOException {
        this.handler = handler;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    List<Request> requests() {
        return requests;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection;
                InputStream in = new BufferedInputStream(connection.getInputStream());
                OutputStream out = new BufferedOutputStream(connection.getOutputStream())) {
            Request request = read(in);
            while (request != null) {
                requests.add(request);
                Reply reply = handler.apply(request);
                write(out, request, reply);
                if (reply.silent()) {
                    in.read(); // until the other side gives up
                }
                if (reply.sent() >= 0) {
                    Thread.sleep(50); // the other side reads, and then meets the end
                    return;
                }
                request = read(in);
            }
        } catch (IOException | InterruptedException e) {
            // the other side is gone
        }
    }

    private static Request read(InputStream in) throws IOException {
        String line = line(in);
        if (line.isEmpty()) {
            return null;
        }
        String[] words = line.split(" ");
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        return new Request(words[0], words[1], headers);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void write(OutputStream out, Request request, Reply reply) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " Said\r\n");
        reply.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        if (reply.headers().keySet().stream().noneMatch("Content-Length"::equalsIgnoreCase)) {
            head.append("Content-Length: " + reply.body().length + "\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!request.method().equals("HEAD")) {
            int sent = reply.sent() < 0 ? reply.body().length : reply.sent();
            out.write(reply.body(), 0, Math.min(sent, reply.body().length));
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
