package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.zoo.Zoo;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ExploreCommandTest {
    /// `entropy-lens explore`, until it is closed.
    private static final class Explore implements AutoCloseable {
        private final StringWriter err = new StringWriter();
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final Future<Integer> code;

        Explore(String... options) {
            List<String> args = new ArrayList<>(List.of("explore", "--port", "0"));
            args.addAll(List.of(options));
            code =
                    thread.submit(() ->
                            Main.run(
                                    new PrintWriter(new StringWriter()),
                                    new PrintWriter(err, true),
                                    args.toArray(String[]::new)));
        }

        /// Where it says that it is.
        String address() throws InterruptedException {
            while (!err.toString().contains("Ctrl-C") && !code.isDone()) {
                Thread.sleep(20);
            }
            assertThat(err.toString()).contains("the explorer is at http://");
            return err.toString().replaceAll("(?s).*at (http://[^/]*/).*", "$1");
        }

        @Override
        public void close() {
            thread.shutdownNow();
            thread.close();
        }
    }

    private static JsonNode post(String url, String body) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build();
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return JsonMapper.shared().readTree(response.body());
        }
    }

    private static JsonNode withoutPath(JsonNode profile) {
        ((ObjectNode) profile.get("model")).remove("path");
        return profile;
    }

    /// All of the document, not only its numbers.
    @Test
    void theApiGivesWhatProfilePrints() throws Exception {
        String prompt = "Write a poem about the baker.";
        try (Explore explore = new Explore()) {
            String url = explore.address() + "api/v1/profile";
            JsonNode served =
                    post(
                            url,
                            "{\"prompt\": \"%s\", \"tokens\": 9, \"temperature\": 0.8, \"seed\": 3, \"top_p\": 0.95, \"samples\": 2, \"skip_blocks\": [3], \"embedding\": true, \"alpha\": [0.5, \"inf\"], \"top_p_set\": [0.9], \"top_k\": 4, \"stats\": [\"kl\", \"next\"]}"
                                    .formatted(prompt));
            JsonNode printed =
                    Cli.json(
                            Zoo.defaultModel(),
                            "--tokens 9 --temperature 0.8 --seed 3 --top-p 0.95 --samples 2 --skip-blocks 3 --embedding --alpha 0.5,inf --top-p-set 0.9 --top-k 4 --stats kl,next",
                            prompt);
            assertThat(withoutPath(served)).isEqualTo(withoutPath(printed));
            JsonNode read =
                    post(url, "{\"prompt\": \"%s\", \"positions\": \"prompt\"}".formatted(prompt));
            assertThat(withoutPath(read))
                    .isEqualTo(
                            withoutPath(
                                    Cli.json(Zoo.defaultModel(), "--positions prompt", prompt)));
        }
    }

    @Test
    void modelsHaveTheNamesThatTheyWereGiven() throws Exception {
        try (Explore explore =
                new Explore("--model", "tinytown-gpt2-4", "--model", "tinytown-llama-4")) {
            String body = "{\"model\": \"tinytown-llama-4\", \"token_ids\": [5]}";
            JsonNode tokens = post(explore.address() + "api/v1/tokenise", body);
            assertThat(tokens.get("ids").get(0).asInt()).isEqualTo(5);
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeItStarts() {
        Cli open = Cli.run("explore", "--host", "0.0.0.0");
        assertThat(open.code()).isEqualTo(2);
        assertThat(open.err()).contains("lets other machines in").contains("--token");
        Cli noLens = Cli.run("explore", "--lens", "gpt2.bin");
        assertThat(noLens.code()).isEqualTo(2);
        assertThat(noLens.err()).contains("--lens: 'gpt2.bin' is no lens");
        Cli missing = Cli.run("explore", "--port", "0", "--lens", "none.safetensors");
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("--lens none.safetensors");
        Cli noRun = Cli.run("explore", "--port", "0", "--run", "src");
        assertThat(noRun.code()).isEqualTo(1);
        assertThat(noRun.err()).contains("src: is not the directory of a run");
        Cli twice = Cli.run("explore", "--model", "tinytown-gpt2-4", "--model", "tinytown-gpt2-4");
        assertThat(twice.code()).isEqualTo(2);
        assertThat(twice.err()).contains("--model names tinytown-gpt2-4 twice");
    }

    @Test
    void aPortThatIsTakenIsSaid() throws Exception {
        try (Explore first = new Explore()) {
            String port = URI.create(first.address()).getPort() + "";
            Cli second = Cli.run("explore", "--port", port);
            assertThat(second.code()).isEqualTo(1);
            assertThat(second.err()).contains("cannot listen on 127.0.0.1, port " + port);
            assertThat(second.err()).contains("--port");
        }
    }
}
