package entropylens.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import entropylens.EntropyLens;
import entropylens.checkpoint.CheckpointException;
import entropylens.family.LoadOptions;
import entropylens.lens.Unembed;
import entropylens.model.Progress;
import entropylens.translators.LensFit;
import entropylens.translators.LensWriter;
import entropylens.translators.Resumption;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A text beside another, and lenses.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompareTest {
    private static final String PROMPT = "Write a poem about the baker.";

    private Browser browser;
    private Served served;
    private Path lens;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        lens = folder.resolve("ridge.safetensors");
        fit(lens);
        served = Served.start(models(), new Shelf(List.of(lens.toString()), List.of()));
        browser = Browser.open();
        PlaywrightAssertions.setDefaultAssertionTimeout(Browser.PATIENCE);
    }

    private static void fit(Path file) throws IOException {
        try (EntropyLens model = EntropyLens.open(Served.LLAMA, LoadOptions.NONE, 1);
                Arena arena = Arena.ofShared();
                OutputStream out = Files.newOutputStream(file)) {
            LensFit fit =
                    new LensFit(model.model(), new LensFit.Settings(LensFit.Kind.RIDGE, 0.1, 0, 4));
            List<int[]> texts =
                    List.of(
                            model.encode("The baker sleeps."),
                            model.encode("Lily has a red ball."));
            SortedMap<String, String> facts = new TreeMap<>();
            facts.put("unembed_sha256", Unembed.of(model.model()).sha256());
            LensWriter.write(
                    fit.fit(texts, arena, Resumption.NONE, Progress.NONE).lens(), facts, out);
        }
    }

    private static Map<String, Path> models() {
        Map<String, Path> models = new LinkedHashMap<>();
        models.put("llama", Served.LLAMA);
        models.put("gpt2", Served.GPT2);
        return models;
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

    private Tab generate() {
        Tab tab = new Tab(browser);
        Page page = tab.page();
        page.navigate(served.url("/#tokens=8"));
        assertThat(page.locator("#facts")).containsText("blocks");
        page.fill("#prompt", PROMPT);
        page.locator("#prompt").press("Enter");
        assertThat(page.locator("#status")).hasText(Pattern.compile("^8 tokens[.;].*"));
        tab.settle();
        return tab;
    }

    /// The difference that the tip says, of a cell of the third map.
    private static double differenceAt(Page page, int column, int layer) {
        Locator map = page.locator("#against .mapbox canvas").nth(2);
        map.scrollIntoViewIfNeeded();
        Tab.hover(map, column, layer);
        String said = page.locator("#tip .difference").textContent();
        return Double.parseDouble(said.replaceAll("^.*: ", ""));
    }

    private static double at(JsonNode profile, int row, int layer) {
        return profile.get("entropy").get(row).get(layer).asDouble();
    }

    @Test
    void aLensIsComparedWithTheLogitLens() {
        JsonNode plain =
                served.json("profile", "{\"prompt\": \"%s\", \"tokens\": 8}".formatted(PROMPT));
        JsonNode through =
                served.json(
                        "profile",
                        "{\"prompt\": \"%s\", \"tokens\": 8, \"lens\": \"ridge.safetensors\"}"
                                .formatted(PROMPT));
        assertThat(through.get("lens").get("kind").asString()).isEqualTo("ridge");
        assertThat(through.get("lens").get("path").isNull()).isTrue();
        assertThat(through.get("generated_ids")).isEqualTo(plain.get("generated_ids"));
        try (Tab tab = generate()) {
            Page page = tab.page();
            page.selectOption("#against-kind", "lens");
            assertThat(page.locator("#against-which")).hasValue("ridge.safetensors");
            page.click("#against-go");
            assertThat(page.locator("#against-note"))
                    .hasText("8 of 8 positions of A read the same token in B.");
            assertThat(page.locator("#against .mapbox h3").nth(1)).hasText("B: ridge.safetensors");
            for (int layer = 0; layer < 3; layer++) {
                assertThat(differenceAt(page, 2, layer))
                        .isCloseTo(
                                at(plain, 2, layer) - at(through, 2, layer), Offset.offset(2e-3));
            }
            // where the model itself reads, every lens agrees
            assertThat(Math.abs(differenceAt(page, 2, 3))).isLessThan(1e-4);
            assertThat(page.url()).contains("against=lens").contains("other=ridge.safetensors");
            page.reload();
            assertThat(page.locator("#against .mapbox canvas").nth(2)).isVisible();
            page.setViewportSize(380, 800);
            tab.assertNothingIsCutOff();
        }
    }

    @Test
    void twoPromptsAreComparedWhereTheirTokensAreTheSame() {
        try (Tab tab = generate()) {
            Page page = tab.page();
            page.fill("#prompt", "The baker sleeps");
            page.click("#measure-prompt");
            assertThat(page.locator("#status")).containsText("positions measured");
            page.fill("#against-prompt", "The baker laughs");
            page.locator("#against-prompt").press("Enter");
            assertThat(page.locator("#against-note")).containsText("the tokens differ");
            assertThat(page.locator("#against-note"))
                    .hasText(Pattern.compile("^\\d+ of \\d+ positions of A read .*"));
            JsonNode one = prompt("The baker sleeps");
            JsonNode two = prompt("The baker laughs");
            // up to there both read the same text
            assertThat(differenceAt(page, 1, 1)).isCloseTo(0, Offset.offset(1e-9));
            assertThat(at(one, 1, 1)).isEqualTo(at(two, 1, 1));
            // what stands later in the other text is found there
            page.fill("#against-prompt", "The baker laughs. The baker sleeps");
            page.locator("#against-prompt").press("Enter");
            JsonNode later = prompt("The baker laughs. The baker sleeps");
            int last = one.get("entropy").size() - 1;
            int lastLater = later.get("entropy").size() - 1;
            assertThat(page.locator("#against-note"))
                    .containsText("%1$d of %1$d positions of A".formatted(last + 1));
            assertThat(page.locator("#against-note")).containsText("at another position");
            assertThat(differenceAt(page, last, 1))
                    .isCloseTo(at(one, last, 1) - at(later, lastLater, 1), Offset.offset(2e-3));
        }
    }

    private JsonNode prompt(String text) {
        return served.json(
                "profile", "{\"prompt\": \"%s\", \"positions\": \"prompt\"}".formatted(text));
    }

    @Test
    void anotherModelReadsTheSameText() {
        JsonNode plain =
                served.json("profile", "{\"prompt\": \"%s\", \"tokens\": 8}".formatted(PROMPT));
        String ids =
                plain.get("prompt_ids").toString().replace("]", ",")
                        + plain.get("generated_ids").toString().substring(1);
        JsonNode other =
                served.json(
                        "profile",
                        "{\"model\": \"gpt2\", \"token_ids\": %s, \"positions\": \"prompt\"}"
                                .formatted(ids));
        int first = plain.get("prompt_ids").size() - 1;
        try (Tab tab = generate()) {
            Page page = tab.page();
            page.selectOption("#against-kind", "model");
            page.click("#against-go");
            assertThat(page.locator("#against-note")).containsText("8 of 8 positions");
            assertThat(differenceAt(page, 3, 2))
                    .isCloseTo(at(plain, 3, 2) - at(other, first + 3, 2), Offset.offset(2e-3));
            // another text puts the comparison away
            page.fill("#prompt", "The cat");
            page.click("#generate");
            assertThat(page.locator("#status")).hasText(Pattern.compile("^\\d+ tokens[.;].*"));
            assertThat(page.locator("#against .mapbox canvas").nth(2)).isVisible();
        }
    }

    @Test
    void onlyLensesThatWereNamedAtTheStartAreThere() {
        JsonNode models = Served.parseJson(served.get("/api/v1/models").body()).get("models");
        assertThat(models.get(0).get("lenses").toString()).isEqualTo("[\"ridge.safetensors\"]");
        assertThat(models.get(1).get("lenses")).isEmpty();
        for (String name : List.of(lens.toString(), "../ridge.safetensors", "tuned:/etc", "x")) {
            var refused =
                    served.post(
                            "profile",
                            "{\"prompt\": \"a\", \"lens\": \"%s\"}"
                                    .formatted(name.replace("\\", "/")));
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.body()).contains("there are logit, ridge.safetensors");
        }
        var embedding =
                served.post(
                        "profile",
                        "{\"prompt\": \"a\", \"lens\": \"ridge.safetensors\", \"at\": [\"attn_out\"]}");
        assertThat(embedding.statusCode()).isEqualTo(422);
        assertThat(embedding.body()).doesNotContain(lens.getParent().toString());
    }

    @Test
    void aLensThatFitsNoModelOrIsDamagedStopsTheStart(@TempDir Path folder) throws IOException {
        Path damaged = Files.write(folder.resolve("damaged.safetensors"), new byte[] {1, 2, 3});
        for (String word :
                List.of(damaged.toString(), folder.resolve("no.safetensors").toString())) {
            assertThatThrownBy(() ->
                            Served.start(models(), new Shelf(List.of(word), List.of())).close())
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("--lens " + word);
        }
        assertThatThrownBy(() ->
                        Served.start(
                                        Map.of("gpt2", Served.GPT2),
                                        new Shelf(List.of(lens.toString()), List.of()))
                                .close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("ridge.safetensors");
    }
}
