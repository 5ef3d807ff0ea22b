package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.model.Sampling;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ApiTest {
    private static final String STORY = "\"prompt\": \"Write a poem about the baker.\"";
    private static final String ALL =
            STORY
                    + ", \"tokens\": 6, \"temperature\": 0.7, \"seed\": 5, \"top_k\": 3, \"stats\": [\"kl\", \"next\"], \"top_p_set\": [0.9]";

    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.start();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    /// Of the same calls without a server.
    private static TextProfile expected() {
        try (EntropyLens lens = EntropyLens.open(Served.LLAMA, LoadOptions.NONE, 1)) {
            return lens.profile(
                    "Write a poem about the baker.",
                    ask ->
                            ask.tokens(6)
                                    .sampling(new Sampling(0.7, 1, 5))
                                    .topK(3)
                                    .with(
                                            Statistic.topPSize(0.9),
                                            Statistic.LOGIT_STD,
                                            Statistic.H_NORM,
                                            Statistic.KL_TO_LAST,
                                            Statistic.NEXT_PROBABILITY,
                                            Statistic.NEXT_RANK));
        }
    }

    private static int[] ints(JsonNode list) {
        return list.values().stream().mapToInt(JsonNode::asInt).toArray();
    }

    private static void assertRow(JsonNode json, int at, TextProfile expected, int row) {
        for (Statistic statistic : expected.readouts().request().statistics()) {
            double[] values = expected.table(statistic)[row];
            for (int layer = 0; layer < values.length; layer++) {
                float found = json.get(statistic.name()).get(at).get(layer).floatValue();
                assertThat(found).as("%s %d", statistic, layer).isEqualTo((float) values[layer]);
            }
        }
        for (int layer = 0; layer < expected.layers(); layer++) {
            assertThat(ints(json.get("top_ids").get(at).get(layer)))
                    .isEqualTo(expected.topIds()[row][layer]);
        }
    }

    @Test
    void modelsAreListed() {
        JsonNode models =
                tools.jackson.databind.json.JsonMapper.shared()
                        .readTree(served.get("/api/v1/models").body())
                        .get("models");
        assertThat(models).hasSize(2);
        assertThat(models.get(0).get("name").asString()).isEqualTo("llama");
        assertThat(models.get(0).get("layers").asInt()).isEqualTo(4);
        assertThat(models.get(0).get("vocab").asInt()).isEqualTo(1024);
        assertThat(models.get(0).get("has_chat_template").asBoolean()).isFalse();
        assertThat(models.get(1).get("family").asString()).isEqualTo("gpt2");
    }

    @Test
    void textBecomesTokensAndBack() {
        JsonNode tokens = served.json("tokenise", "{\"prompt\": \"the baker\"}");
        int[] ids = ints(tokens.get("ids"));
        assertThat(tokens.get("tokens")).hasSize(ids.length);
        assertThat(tokens.get("text").asString()).isEqualTo("the baker");
        JsonNode back =
                served.json("tokenise", "{\"token_ids\": " + tokens.get("ids").toString() + "}");
        assertThat(back).isEqualTo(tokens);
        int[] bare =
                ints(
                        served.json("tokenise", "{\"prompt\": \"the baker\", \"bare\": true}")
                                .get("ids"));
        assertThat(bare).isEqualTo(java.util.Arrays.copyOfRange(ids, 1, ids.length));
    }

    @Test
    void aProfileHasTheBitsThatItHasWithoutAServer() {
        TextProfile expected = expected();
        JsonNode json = served.json("profile", "{" + ALL + "}");
        assertThat(ints(json.get("generated_ids"))).isEqualTo(expected.generatedIds());
        assertThat(ints(json.get("prompt_ids"))).isEqualTo(expected.promptIds());
        for (int row = 0; row < expected.positions(); row++) {
            assertRow(json, row, expected, row);
        }
        assertThat(json.get("model").get("path").isNull()).isTrue();
    }

    @Test
    void aTextThatArrivesTokenByTokenHasTheseBitsToo() {
        TextProfile expected = expected();
        List<Served.Event> events = served.events("{" + ALL + "}");
        assertThat(events).hasSize(1 + expected.positions() + 1);
        JsonNode start = events.getFirst().data();
        assertThat(ints(start.get("prompt_ids"))).isEqualTo(expected.promptIds());
        assertThat(ints(start.get("layer"))).containsExactly(1, 2, 3, 4);
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < expected.positions(); row++) {
            Served.Event event = events.get(1 + row);
            assertThat(event.name()).isEqualTo("token");
            assertThat(event.data().get("id").asInt()).isEqualTo(expected.generatedIds()[row]);
            text.append(event.data().get("text").asString());
            assertRow(event.data(), 0, expected, row);
        }
        JsonNode end = events.getLast().data();
        assertThat(ints(end.get("generated_ids"))).isEqualTo(expected.generatedIds());
        assertThat(text + end.get("text").asString())
                .isEqualTo(served.json("profile", "{" + ALL + "}").get("text").asString());
    }

    @Test
    void aTextGoesOnFromWhatWasGeneratedAsItDid() {
        TextProfile expected = expected();
        int[] ids = expected.generatedIds();
        String given = ", \"given_ids\": [%d, %d]".formatted(ids[0], ids[1]);
        List<Served.Event> events =
                served.events("{" + ALL.replace("\"tokens\": 6", "\"tokens\": 4") + given + "}");
        assertThat(events).hasSize(1 + 4 + 1);
        for (int row = 2; row < 6; row++) {
            assertRow(events.get(row - 1).data(), 0, expected, row);
        }
        assertThat(ints(events.getFirst().data().get("given_ids"))).containsExactly(ids[0], ids[1]);
        List<Served.Event> more =
                served.events(
                        "{"
                                + ALL.replace("\"tokens\": 6", "\"tokens\": 4")
                                + given
                                + ", \"given_known\": 1}");
        assertThat(more).hasSize(1 + 5 + 1);
        assertThat(more.get(1).data().get("id").asInt()).isEqualTo(ids[1]);
        assertRow(more.get(1).data(), 0, expected, 1);
    }

    @Test
    void everyPositionOfAPromptIsMeasured() {
        JsonNode json =
                served.json(
                        "profile",
                        "{\"model\": \"gpt2\", \"positions\": \"prompt\", \"stats\": [\"next\"], "
                                + STORY
                                + "}");
        int length = json.get("prompt_ids").size();
        assertThat(json.get("entropy")).hasSize(length);
        assertThat(json.get("next_rank").get(length - 1).isNull()).isTrue();
        assertThat(json.get("generated_ids")).isEmpty();
    }

    @Test
    void skippedBlocksChangeTheText() {
        String skipping = "{" + STORY + ", \"tokens\": 8, \"skip_blocks\": [2, 3]}";
        JsonNode json = served.json("profile", skipping);
        assertThat(ints(json.get("skip_blocks"))).containsExactly(2, 3);
        JsonNode intact = served.json("profile", "{" + STORY + ", \"tokens\": 8}");
        assertThat(json.get("entropy")).isNotEqualTo(intact.get("entropy"));
        // a skipped block writes what it reads
        JsonNode first = json.get("entropy").get(0);
        assertThat(first.get(1)).isEqualTo(first.get(0)).isEqualTo(first.get(2));
        assertThat(first.get(3)).isNotEqualTo(first.get(0));
    }

    @Test
    void whoeverClosesTheConnectionStopsTheWork() throws Exception {
        int[] prompt = IntStream.range(3, 40).toArray();
        String body =
                "{\"token_ids\": %s, \"tokens\": 200, \"ignore_eos\": true}"
                        .formatted(java.util.Arrays.toString(prompt));
        try (Socket socket = new Socket("127.0.0.1", served.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST /api/v1/generate HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                                    .formatted(body.length(), body))
                            .getBytes(StandardCharsets.UTF_8));
            out.flush();
            InputStream in = socket.getInputStream();
            StringBuilder read = new StringBuilder();
            while (!read.toString().contains("event: token")) {
                read.append((char) in.read());
            }
            assertThat(served.explorer().turns().taken()).isTrue();
            assertThat(read.toString()).doesNotContain("event: end");
        }
        for (int i = 0; served.explorer().turns().taken() && i < 600; i++) {
            Thread.sleep(50);
        }
        assertThat(served.explorer().turns().taken()).isFalse();
    }
}
