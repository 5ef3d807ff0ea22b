package entropylens.web;

import entropylens.family.LoadOptions;
import entropylens.kernels.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An explorer that runs, and a client of it.
final class Served implements AutoCloseable {
    static final Path ZOO = Path.of("../zoo/models");
    static final Path LLAMA = ZOO.resolve("tinytown-llama-4");
    static final Path GPT2 = ZOO.resolve("tinytown-gpt2-4");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Explorer explorer;

    private Served(Explorer explorer) {
        this.explorer = explorer;
    }

    /// Of the first two models of the zoo.
    static Served start() {
        Map<String, Path> models = new LinkedHashMap<>();
        models.put("llama", LLAMA);
        models.put("gpt2", GPT2);
        return start(models);
    }

    static Served start(Map<String, Path> models) {
        return start(ExplorerSettings.local(), models);
    }

    static Served start(Map<String, Path> models, Shelf shelf) {
        return new Served(
                Explorer.start(
                        ExplorerSettings.local(), models, LoadOptions.NONE, 1, Device.CPU, shelf));
    }

    static Served start(ExplorerSettings settings, Map<String, Path> models) {
        return new Served(Explorer.start(settings, models, LoadOptions.NONE, 1, Device.CPU));
    }

    Explorer explorer() {
        return explorer;
    }

    int port() {
        return explorer.port();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url(path)));
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send(request(path).build());
    }

    HttpResponse<String> post(String what, String body) {
        return send(
                request("/api/v1/" + what)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    static JsonNode parseJson(String text) {
        return JsonMapper.shared().readTree(text);
    }

    JsonNode json(String what, String body) {
        HttpResponse<String> response = post(what, body);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return JsonMapper.shared().readTree(response.body());
    }

    /// An event of a stream.
    record Event(String name, JsonNode data) {}

    List<Event> events(String body) {
        return parse(post("generate", body).body());
    }

    static List<Event> parse(String stream) {
        List<Event> events = new ArrayList<>();
        for (String block : stream.split("\n\n")) {
            if (block.startsWith("event: ")) {
                String[] lines = block.split("\ndata: ", 2);
                events.add(
                        new Event(
                                lines[0].substring("event: ".length()),
                                JsonMapper.shared().readTree(lines[1])));
            }
        }
        return events;
    }

    @Override
    public void close() {
        explorer.close();
    }
}
