package entropylens.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A hub that has the model `org/golden`; its weights are on another host, as at huggingface.co.
final class GoldenHub implements AutoCloseable {
    static final String COMMIT = "89abcdef0123456789abcdef0123456789abcdef";

    private final Path model;
    private final HttpServer hub;
    private final HttpServer storage;
    final List<String> tokensAtHub = new CopyOnWriteArrayList<>();
    final List<String> tokensAtStorage = new CopyOnWriteArrayList<>();

    GoldenHub(Path model) {
        this.model = model;
        this.hub = server();
        this.storage = server();
        hub.createContext("/api/models/org/golden/revision/main", this::list);
        hub.createContext("/org/golden/resolve/" + COMMIT + "/", this::resolve);
        hub.createContext("/", exchange -> answer(exchange, 404, new byte[0]));
        storage.createContext("/", this::store);
        hub.start();
        storage.start();
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// The environment of a user with a token.
    Map<String, String> environment(Path cache, String token) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HF_ENDPOINT", address(hub));
        environment.put("HF_HUB_CACHE", cache.toString());
        environment.put("HF_TOKEN", token);
        return environment;
    }

    private void list(HttpExchange exchange) throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            String siblings =
                    files.map(file -> "{\"rfilename\": \"" + file.getFileName() + "\"}")
                            .collect(Collectors.joining(", "));
            String json = "{\"sha\": \"%s\", \"siblings\": [%s]}".formatted(COMMIT, siblings);
            remember(exchange, tokensAtHub);
            answer(exchange, 200, json.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void resolve(HttpExchange exchange) throws IOException {
        remember(exchange, tokensAtHub);
        String name = name(exchange);
        byte[] content = Files.readAllBytes(model.resolve(name));
        exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
        if (name.endsWith(".safetensors")) {
            var headers = exchange.getResponseHeaders();
            headers.set("X-Linked-Etag", "\"" + hash("SHA-256", content) + "\"");
            headers.set("X-Linked-Size", String.valueOf(content.length));
            headers.set("Location", address(storage) + "/" + name + "?Signature=secret");
            answer(exchange, 302, new byte[0]);
        } else {
            byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
            byte[] blob = new byte[head.length + content.length];
            System.arraycopy(head, 0, blob, 0, head.length);
            System.arraycopy(content, 0, blob, head.length, content.length);
            exchange.getResponseHeaders().set("ETag", "\"" + hash("SHA-1", blob) + "\"");
            answer(exchange, 200, content);
        }
    }

    private void store(HttpExchange exchange) throws IOException {
        remember(exchange, tokensAtStorage);
        answer(exchange, 200, Files.readAllBytes(model.resolve(name(exchange))));
    }

    private static void remember(HttpExchange exchange, List<String> tokens) {
        tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    }

    private static String name(HttpExchange exchange) {
        return Path.of(exchange.getRequestURI().getPath()).getFileName().toString();
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
                exchange.sendResponseHeaders(status, -1);
            } else {
                exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
    }
}
