package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.hook.Intervention;
import entropylens.hook.ScaledBlock;
import entropylens.lens.PatchSource;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import entropylens.model.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What the blocks do, rows of another text, half-blocks and untrained twins: the numbers of the
/// same calls without a server.
class InterventionApiTest {
    private static final int[] IDS = {0, 40, 41, 42, 43, 44};
    private static final String PROMPT = "\"token_ids\": [0, 40, 41, 42, 43, 44]";
    private static final int[] OTHER = {0, 50, 51, 52, 53};
    private static final String OTHERS = "[0, 50, 51, 52, 53]";

    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.start();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static ProfileRequest request(Positions positions) {
        return new ProfileRequest(
                positions, ReadoutRequest.ENTROPY.with(List.of(Statistic.LOGIT_STD)));
    }

    private static TextProfile expected(
            Path model, LoadOptions options, ProfileRequest request, List<PatchSource> sources) {
        try (EntropyLens lens = EntropyLens.open(model, options, 1)) {
            ProfileRequest patched =
                    request.patched(PatchSource.take(lens.model(), OTHER, sources));
            return lens.profile(List.of(IDS), patched, 16, Progress.NONE).getFirst();
        }
    }

    private static ProfileRequest with(Intervention intervention, Positions positions) {
        ProfileRequest request = request(positions);
        return new ProfileRequest(positions, intervention, false, request.readout());
    }

    private static void assertEntropy(JsonNode table, TextProfile expected) {
        double[][] entropy = expected.table(Statistic.ENTROPY);
        assertThat(table).hasSize(entropy.length);
        for (int row = 0; row < entropy.length; row++) {
            for (int layer = 0; layer < entropy[row].length; layer++) {
                assertThat(table.get(row).get(layer).floatValue())
                        .as("row %d, layer %d", row, layer)
                        .isEqualTo((float) entropy[row][layer]);
            }
        }
    }

    @Test
    void halvesOfBlocksAreSkippedAndScaled() {
        Intervention blocks =
                Intervention.skip(3)
                        .scaled(List.of(ScaledBlock.parse("1:0:1"), ScaledBlock.parse("2:1:-0.5")));
        TextProfile expected =
                expected(Served.LLAMA, LoadOptions.NONE, with(blocks, Positions.PROMPT), List.of());
        JsonNode json =
                served.json(
                        "profile",
                        "{%s, \"positions\": \"prompt\", \"skip_blocks\": [4], \"scale_blocks\": [\"1:0:1\", \"2:1:-0.5\"]}"
                                .formatted(PROMPT));
        assertEntropy(json.get("entropy"), expected);
        assertThat(json.get("skip_blocks").toString()).isEqualTo("[4]");
        assertThat(json.get("scale_blocks").toString())
                .isEqualTo(
                        "[{\"block\":1,\"attention\":0.0,\"mlp\":1.0},{\"block\":2,\"attention\":1.0,\"mlp\":-0.5}]");
    }

    @Test
    void rowsOfAnotherTextTakeTheirPlace() {
        List<PatchSource> sources =
                List.of(
                        PatchSource.parse("2:3=1", StreamPoint.RESID_MID),
                        PatchSource.parse("3:4", StreamPoint.RESID_MID));
        TextProfile expected =
                expected(Served.LLAMA, LoadOptions.NONE, request(Positions.PROMPT), sources);
        String patch =
                "\"patch\": [\"2:3=1\", \"3:4\"], \"patch_at\": \"resid_mid\", \"patch_from_ids\": "
                        + OTHERS;
        JsonNode json =
                served.json(
                        "profile", "{%s, %s, \"positions\": \"prompt\"}".formatted(PROMPT, patch));
        assertEntropy(json.get("entropy"), expected);
        assertThat(json.at("/patched/from_ids").toString().replace(",", ", ")).isEqualTo(OTHERS);
        assertThat(json.at("/patched/rows/0").toString())
                .isEqualTo("{\"at\":\"resid_mid\",\"layer\":2,\"position\":3,\"from_position\":1}");
        List<Served.Event> events =
                served.events("{%s, %s, \"tokens\": 2}".formatted(PROMPT, patch));
        TextProfile generated =
                expected(
                        Served.LLAMA,
                        LoadOptions.NONE,
                        request(Positions.greedy(2, Set.of())),
                        sources);
        assertThat(events.get(1).data().get("id").asInt()).isEqualTo(generated.generatedIds()[0]);
    }

    /// Whole texts and texts token by token alike, each point by its name.
    @Test
    void everyPointHasItsTables() {
        List<StreamPoint> points = List.of(StreamPoint.RESID_MID, StreamPoint.RESID_POST);
        ProfileRequest request =
                new ProfileRequest(
                        Positions.greedy(3, Set.of()),
                        Intervention.NONE,
                        true,
                        request(Positions.PROMPT).readout(),
                        points);
        TextProfile expected = expected(Served.GPT2, LoadOptions.NONE, request, List.of());
        String asked =
                "{\"model\": \"gpt2\", %s, \"tokens\": 3, \"ignore_eos\": true, \"embedding\": true, \"at\": [\"resid_mid\", \"resid_post\"]}"
                        .formatted(PROMPT);
        JsonNode json = served.json("profile", asked);
        List<Served.Event> events = served.events(asked);
        JsonNode start = events.getFirst().data().get("points");
        assertThat(start.at("/resid_mid/layer").toString()).isEqualTo("[1,2,3,4]");
        assertThat(start.at("/resid_post/layer").toString()).isEqualTo("[0,1,2,3,4]");
        for (StreamPoint point : points) {
            JsonNode table = json.get("points").get(point.word()).get("entropy");
            assertEntropy(table, expected.at(point));
            for (int row = 0; row < 3; row++) {
                JsonNode streamed = events.get(1 + row).data().get("points").get(point.word());
                assertThat(streamed.get("entropy").get(0)).isEqualTo(table.get(row));
                assertThat(streamed.get("top_tokens")).hasSize(1);
            }
        }
    }

    @Test
    void anUntrainedTwinIsTheSameArchitectureWithFreshWeights() {
        TextProfile expected =
                expected(
                        Served.LLAMA,
                        LoadOptions.NONE.untrained(7),
                        request(Positions.PROMPT),
                        List.of());
        JsonNode json =
                served.json(
                        "profile",
                        "{%s, \"positions\": \"prompt\", \"untrained\": 7}".formatted(PROMPT));
        assertEntropy(json.get("entropy"), expected);
        assertThat(json.at("/model/untrained_seed").asInt()).isEqualTo(7);
        assertThat(json.at("/model/path").isNull()).isTrue();
    }

    @Test
    void thereIsRoomForFewTwins() {
        try (Served few = Served.start()) {
            String asked = "{%s, \"positions\": \"prompt\", \"untrained\": %d}";
            for (int seed = 0; seed < Limits.TWINS; seed++) {
                assertThat(few.post("profile", asked.formatted(PROMPT, seed)).statusCode())
                        .isEqualTo(200);
            }
            assertThat(few.post("profile", asked.formatted(PROMPT, 0)).statusCode()).isEqualTo(200);
            assertThat(few.post("profile", asked.formatted(PROMPT, Limits.TWINS)).body())
                    .contains("there is room for 4 of 2,048 MiB");
        }
    }

    @Test
    void modelsSayWhichPointsTheirBlocksHave() {
        JsonNode json =
                tools.jackson.databind.json.JsonMapper.shared()
                        .readTree(served.get("/api/v1/models").body());
        assertThat(json.at("/models/0/points").toString())
                .isEqualTo("[\"resid_pre\",\"attn_out\",\"resid_mid\",\"mlp_out\",\"resid_post\"]");
    }
}
