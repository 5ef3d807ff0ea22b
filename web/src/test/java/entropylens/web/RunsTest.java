package entropylens.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import entropylens.EntropyLens;
import entropylens.data.DataException;
import entropylens.data.Manifest;
import entropylens.data.ProfileRows;
import entropylens.data.Store;
import entropylens.data.TextRow;
import entropylens.data.UnitRows;
import entropylens.family.LoadOptions;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A run's conditions and texts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunsTest {
    private static final String PART =
            "\"run\": \"kept\", \"study\": \"tasks\", \"model\": \"llama\", \"lens\": \"logit\", \"point\": \"resid_post\"";
    private static final String HOSTILE = "<img src=x onerror=\"document.title='broken'\">\u202e";

    private final Map<String, TextProfile> profiles = new LinkedHashMap<>();
    private Path run;
    private Browser browser;
    private Served served;

    @BeforeAll
    void open(@TempDir Path folder) {
        run = folder.resolve("kept");
        write(run);
        served = Served.start(Map.of("llama", Served.LLAMA), new Shelf(List.of(), List.of(run)));
        browser = Browser.open();
        PlaywrightAssertions.setDefaultAssertionTimeout(Browser.PATIENCE);
    }

    private void write(Path directory) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("The baker sleeps.", "poem");
        labels.put("The baker laughs and", "poem");
        labels.put("Lily has a red ball.", HOSTILE);
        Manifest manifest = Manifest.of(Map.of("models", Map.of("llama", Map.of())), Map.of());
        ReadoutRequest asked = ReadoutRequest.ENTROPY.with(Statistic.KL_TO_LAST).withTopK(3);
        try (EntropyLens lens = EntropyLens.open(Served.LLAMA, LoadOptions.NONE, 1);
                Store store = Store.open(directory, manifest, asked, false)) {
            UnitRows rows = new UnitRows();
            labels.forEach((prompt, label) -> {
                String id = "t" + (profiles.size() + 1);
                TextProfile profile =
                        lens.profile(
                                prompt, ask -> ask.tokens(5).topK(3).with(Statistic.KL_TO_LAST));
                profiles.put(id, profile);
                rows.add(
                        new TextRow(
                                "tasks",
                                "llama",
                                id,
                                null,
                                label,
                                null,
                                null,
                                prompt,
                                profile.promptIds(),
                                profile.generatedIds(),
                                "text " + HOSTILE,
                                null,
                                null));
                rows.add(new ProfileRows("tasks", "llama", id, false, profile));
            });
            store.commit("one", rows);
            store.exportParquet();
        }
    }

    @AfterAll
    void close() {
        if (served != null) {
            served.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    /// The mean over all tokens of some texts.
    private double mean(int layer, String... ids) {
        return Arrays.stream(ids)
                .map(profiles::get)
                .flatMapToDouble(profile ->
                        Arrays.stream(profile.profile().entropy()).mapToDouble(row -> row[layer]))
                .average()
                .orElseThrow();
    }

    @Test
    void theApiHasTheNumbersOfTheProfiles() {
        JsonNode list = Served.parseJson(served.get("/api/v1/runs").body()).get("runs").get(0);
        assertThat(list.get("name").asString()).isEqualTo("kept");
        assertThat(list.get("parts").get(0).get("texts").asInt()).isEqualTo(3);
        assertThat(list.get("parts").get(0).get("by").toString()).isEqualTo("[\"label\"]");
        JsonNode groups =
                served.json("runs/groups", "{%s, \"by\": \"label\"}".formatted(PART)).get("groups");
        assertThat(groups).hasSize(2);
        JsonNode poem = groups.get(1);
        assertThat(poem.get("value").asString()).isEqualTo("poem");
        for (int layer = 0; layer < 4; layer++) {
            assertThat(poem.get("mean").get(layer).asDouble())
                    .isCloseTo(mean(layer, "t1", "t2"), Offset.offset(1e-6));
        }
        JsonNode text = served.json("runs/text", "{%s, \"text_id\": \"t2\"}".formatted(PART));
        double[][] entropy = profiles.get("t2").profile().entropy();
        for (int row = 0; row < entropy.length; row++) {
            for (int layer = 0; layer < 4; layer++) {
                assertThat(text.get("entropy").get(row).get(layer).floatValue())
                        .isEqualTo((float) entropy[row][layer]);
            }
        }
        assertThat(text.get("top_tokens").get(0).get(3)).hasSize(3);
    }

    @Test
    void noPathAndNoOtherRunIsReached() {
        for (String name : List.of(run.toString(), "../kept", "other")) {
            var refused =
                    served.post(
                            "runs/text",
                            "{%s, \"text_id\": \"t1\"}"
                                    .formatted(PART.replace("kept", name.replace("\\", "/"))));
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.body()).contains("there are: kept");
        }
        var wrong = served.post("runs/groups", "{%s, \"by\": \"run; --\"}".formatted(PART));
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).doesNotContain(run.getParent().toString());
    }

    @Test
    void fromAMeanProfileToTheTextsBehindItAndIntoTheMap() {
        try (Tab tab = new Tab(browser)) {
            Page page = tab.page();
            page.navigate(served.url("/"));
            assertThat(page.locator("#runs .card")).hasCount(2);
            Locator card = page.locator("#runs .card[data-value=poem]");
            assertThat(card).containsText("2 texts, 10 tokens");
            String label = card.locator("svg").getAttribute("aria-label");
            double first = Double.parseDouble(label.replaceAll("^.*layer: ([^,]*),.*", "$1"));
            assertThat(first).isCloseTo(mean(0, "t1", "t2"), Offset.offset(1e-3));
            card.locator(".pick").click();
            assertThat(page.locator("#runs .row")).hasCount(2);
            assertThat(page.locator("#runs .row").first()).containsText("The baker sleeps.");
            page.locator("#runs [data-text=t1] button").first().click();
            assertThat(page.locator("#status")).hasText("kept, t1: 5 tokens.");
            assertThat(page.locator(".strip .token")).hasCount(5);
            assertThat(page.locator("#command")).containsText("query --run kept");
            assertThat(page.locator("#python"))
                    .containsText("read_parquet(\"kept/profiles.parquet\")");
            page.locator("#runs [data-text=t2] button").nth(1).click();
            assertThat(page.locator("#against-note")).containsText("of 5 positions of A");
            assertThat(page.locator("#against .mapbox h3").nth(1)).hasText("B: kept, t2");
            Tab.click(page.locator("#maps .mapbox canvas").last(), 2, 3);
            assertThat(page.locator("#cell tr")).hasCount(3);
            assertThat(page.locator("#cell")).containsText("kl to last");
            page.setViewportSize(380, 800);
            tab.assertNothingIsCutOff();
        }
    }

    @Test
    void whatARunSaysIsText() {
        try (Tab tab = new Tab(browser)) {
            Page page = tab.page();
            page.navigate(served.url("/"));
            page.locator("#runs .pick").first().click();
            assertThat(page.locator("#runs .row")).hasCount(1);
            assertThat(page.locator("#runs")).containsText("<img src=x");
            assertThat(page.locator("#runs img")).hasCount(0);
            assertThat(page.title()).isEqualTo("entropy-lens explorer");
            assertThat(page.locator("#runs").innerText()).doesNotContain("\u202e");
        }
    }

    @Test
    void aDirectoryWithoutARunStopsTheStart(@TempDir Path empty) {
        assertThatThrownBy(() ->
                        Served.start(
                                        Map.of("llama", Served.LLAMA),
                                        new Shelf(List.of(), List.of(empty)))
                                .close())
                .isInstanceOf(DataException.class)
                .hasMessageContaining(empty.toString());
    }

    /// While one is answered, eight wait; the ninth is told to come again.
    @Test
    void questionsWaitTheirTurn() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        try (Turns.Taken _ = served.explorer().questions().take(Turns.Patience.QUIET)) {
            for (int i = 0; i <= Limits.WAITING; i++) {
                asked.add(
                        CompletableFuture.supplyAsync(
                                () -> served.get("/api/v1/runs"), Thread::startVirtualThread));
            }
            Object first = CompletableFuture.anyOf(asked.toArray(CompletableFuture[]::new)).join();
            assertThat(((HttpResponse<?>) first).statusCode()).isEqualTo(503);
        }
        List<Integer> statuses =
                asked.stream().map(CompletableFuture::join).map(HttpResponse::statusCode).toList();
        assertThat(statuses).containsOnlyOnce(503).contains(200).hasSize(Limits.WAITING + 1);
    }
}
