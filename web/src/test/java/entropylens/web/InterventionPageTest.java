package entropylens.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Half-blocks, what is done to them, the loss that it costs, and what lies beside the profile; in
/// a browser, with the numbers of `profile`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterventionPageTest {
    private static final String PROMPT = "Write a poem about the baker.";
    private static final String ASKED = "\"prompt\": \"" + PROMPT + "\"";
    private static final Path PARALLEL =
            Path.of("../core/src/test/resources/goldens/gpt-neox-parallel");
    private static final Pattern EIGHT = Pattern.compile("^8 tokens[.;]");

    private Browser browser;
    private Served served;
    private Tab tab;
    private Page page;

    @BeforeAll
    void openBrowser() {
        browser = Browser.open();
        Map<String, Path> models = new LinkedHashMap<>();
        models.put("llama", Served.LLAMA);
        models.put("gpt2", Served.GPT2);
        models.put("parallel", PARALLEL);
        served = Served.start(models);
        PlaywrightAssertions.setDefaultAssertionTimeout(Browser.PATIENCE);
    }

    @AfterAll
    void closeBrowser() {
        if (browser != null) {
            browser.close();
            served.close();
        }
    }

    @BeforeEach
    void openPage() {
        tab = new Tab(browser);
        page = tab.page();
    }

    @AfterEach
    void nothingWasComplainedOf() {
        tab.close();
    }

    private void generate(String hash) {
        page.navigate(served.url("/#tokens=8" + hash));
        assertThat(page.locator("#facts")).containsText("blocks");
        page.fill("#prompt", PROMPT);
        page.click("#generate");
        assertThat(page.locator("#status")).hasText(EIGHT);
        tab.settle();
    }

    private JsonNode savedJson() throws IOException {
        Path file = page.waitForDownload(() -> page.click("#save-json")).path();
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    private void assertSame(JsonNode found, JsonNode expected) {
        for (String key : found.propertyNames()) {
            assertThat(Tab.plain(found.get(key))).as(key).isEqualTo(Tab.plain(expected.get(key)));
        }
    }

    @Test
    void halfBlocksAreRowsWithTheNumbersOfTheirPoints() throws IOException {
        generate("");
        page.check("#halves");
        assertThat(page.locator("#command")).containsText("--at resid_mid,resid_post --embedding");
        tab.settle();
        assertThat(page.locator("#profile circle")).hasCount(9);
        JsonNode found = savedJson();
        JsonNode expected =
                served.json(
                        "profile",
                        "{%s, \"tokens\": 8, \"at\": [\"resid_mid\", \"resid_post\"], \"embedding\": true, \"top_k\": 10, \"top_p_set\": [0.9], \"stats\": [\"kl\", \"next\"]}"
                                .formatted(ASKED));
        for (String point : List.of("resid_mid", "resid_post")) {
            assertSame(found.get("points").get(point), expected.get("points").get(point));
        }
        assertThat(found.at("/points/resid_mid/entropy")).hasSize(8);
        String csv = Files.readString(page.waitForDownload(() -> page.click("#save-csv")).path());
        assertThat(csv.lines()).hasSize(1 + 8 * 9);
        assertThat(csv).startsWith("sample,token,window,position,next_id,point,layer,depth");
        Locator map = page.locator("#maps canvas").last();
        map.focus();
        map.press("Home");
        map.press("PageDown");
        map.press("ArrowUp");
        assertThat(map).hasAttribute("aria-label", Pattern.compile("layer 1, after attention"));
        assertThat(page.locator("#tip .moves")).containsText("since the embedding");
        map.press("Enter");
        assertThat(page.locator("#cell h3")).containsText("layer 1, after attention");
        page.locator("#cell button.word").nth(7).click();
        assertThat(page.locator("#cell .ranks circle.rank-dot:not(.beyond)")).hasCount(9);
    }

    @Test
    void aModelWithoutHalvesSaysSo() {
        page.navigate(served.url("/#model=parallel"));
        assertThat(page.locator("#halves")).isDisabled();
        assertThat(page.locator("#halves-why"))
                .hasText(
                        "attention and MLP of its blocks read the same stream: nothing lies between them");
        page.selectOption("#model", "llama");
        assertThat(page.locator("#halves")).isEnabled();
        assertThat(page.locator("#halves-why")).hasText("");
    }

    @Test
    void aHalfIsSkippedAndAnotherScaledBesideTheIntactModel() throws IOException {
        generate("");
        page.click("#factors summary");
        page.click("#attention-switches button:nth-child(2)");
        assertThat(page.locator("#attention-switches [aria-pressed=true]")).hasText("2");
        page.fill("#factor-block", "3");
        page.fill("#factor-mlp", "0.5");
        page.locator("#factor-mlp").blur();
        assertThat(page.locator("#mlp-switches .scaled")).hasText("3×");
        page.check("#compare");
        page.check("#same");
        page.click("#generate");
        assertThat(page.locator("#status")).hasText(EIGHT);
        assertThat(page.locator(".strip h3").last())
                .hasText("Block 2 without attention; block 3 with MLP × 0.5");
        assertThat(page.locator(".mapbox:visible")).hasCount(2);
        assertThat(page.locator("#command")).containsText("--scale-blocks 2:0:1,3:1:0.5");
        assertThat(page.url()).contains("scale=2%3A0%3A1%2C3%3A1%3A0.5");
        page.check("#difference");
        assertThat(page.locator("#legend .words")).containsText("higher than intact");
        JsonNode found = savedJson();
        JsonNode expected =
                served.json(
                        "profile",
                        "{\"token_ids\": %s, \"positions\": \"prompt\", \"scale_blocks\": [\"2:0:1\", \"3:1:0.5\"]}"
                                .formatted(ids(found)));
        assertThat(Tab.plain(found.get("scale_blocks")))
                .isEqualTo(Tab.plain(expected.get("scale_blocks")));
        // they read the same tokens, but here one by one
        int prompt = found.get("prompt_ids").size();
        for (int row = 0; row < 7; row++) {
            for (int layer = 0; layer < 4; layer++) {
                assertThat(found.get("entropy").get(row).get(layer).asDouble())
                        .isCloseTo(
                                expected.get("entropy").get(prompt - 1 + row).get(layer).asDouble(),
                                within(ROUNDING));
            }
        }
    }

    /// Worst seen: 3.9e-6 nats, of rows that go through the model alone beside rows that go
    /// together; times 5.
    private static final double ROUNDING = 2e-5;

    private static String ids(JsonNode text) {
        return "[%s, %s]"
                .formatted(inside(text.get("prompt_ids")), inside(text.get("generated_ids")));
    }

    private static String inside(JsonNode list) {
        return list.toString().replaceAll("[\\[\\]]", "");
    }

    @Test
    void theLossOfAGivenTextStandsBesideIt() {
        generate("&skip=2&compare=1");
        assertThat(page.locator("#loss-shown")).containsText("without block 2");
        String own = "Lily has a red ball.";
        page.fill("#loss-text", own);
        page.click("#measure-loss");
        String asked = "{\"prompt\": \"%s\", \"positions\": \"prompt\", \"stats\": [\"next\"]%s}";
        double intact = loss(served.json("profile", asked.formatted(own, "")));
        double skipped =
                loss(served.json("profile", asked.formatted(own, ", \"skip_blocks\": [2]")));
        assertThat(page.locator("#loss-shown b").first()).hasText("%.3f".formatted(intact));
        assertThat(page.locator("#loss-shown b").last()).hasText("%.3f".formatted(skipped));
        assertThat(page.url()).contains("lossText=Lily");
    }

    private static double loss(JsonNode profile) {
        double sum = 0;
        int rows = profile.get("next_probability").size() - 1;
        for (int row = 0; row < rows; row++) {
            sum -= Math.log(profile.get("next_probability").get(row).get(3).floatValue());
        }
        return sum / rows;
    }

    @Test
    void randomBlocksAboutAsDeepStandInForChosenOnes() {
        generate("");
        page.click("[data-preset=as-deep]");
        assertThat(page.locator("#status")).containsText("Skip some blocks first");
        page.click("[data-preset=largest]");
        assertThat(page.locator("#status")).hasText(EIGHT);
        String chosen = page.locator("#switches [aria-pressed=true]").textContent();
        page.click("[data-preset=as-deep]");
        assertThat(page.locator("#status")).hasText(EIGHT);
        tab.settle();
        assertThat(page.locator("#switches [aria-pressed=true]")).hasCount(1);
        assertThat(page.locator("#switches [aria-pressed=true]").textContent())
                .isNotEqualTo(chosen)
                .isNotEqualTo("1");
    }

    private double[] overlay(String kind) {
        Locator line = page.locator("#profile path.other." + kind).first();
        return Arrays.stream(line.getAttribute("data-means").split(","))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static void assertMeans(double[] found, JsonNode entropy, int from, int to) {
        for (int layer = 0; layer < found.length; layer++) {
            double sum = 0;
            for (int row = from; row < to; row++) {
                sum += entropy.get(row).get(layer).asDouble();
            }
            assertThat(found[layer]).isCloseTo(sum / (to - from), within(1e-12));
        }
    }

    @Test
    void theUntrainedTwinLiesBesideTheProfile() throws IOException {
        generate("");
        page.selectOption("#overlay", "untrained");
        assertThat(page.locator("#profile .key")).hasText("untrained twin (seed 1)");
        assertThat(page.locator("#profile .key svg").boundingBox().height).isLessThan(12);
        JsonNode text = savedJson();
        JsonNode expected =
                served.json(
                        "profile",
                        "{\"token_ids\": %s, \"positions\": \"prompt\", \"untrained\": 1}"
                                .formatted(ids(text)));
        int first = text.get("prompt_ids").size() - 1;
        assertMeans(overlay("twin"), expected.get("entropy"), first, first + 8);
        String link = page.url();
        assertThat(link).contains("overlay=untrained");
        Locator map = page.locator("#maps canvas").last();
        map.focus();
        map.press("Home");
        map.press("ArrowRight");
        map.press("Shift+ArrowRight");
        assertThat(page.locator("#profile figcaption")).containsText("over 2 of 8 tokens");
        assertMeans(overlay("twin"), expected.get("entropy"), first + 1, first + 3);
        page.selectOption("#overlay", "");
        assertThat(page.locator("#profile path.other")).hasCount(0);
    }

    @Test
    void anotherModelLiesBesideTheProfileByDepth() throws IOException {
        generate("&skip=3&compare=1");
        page.selectOption("#overlay", "gpt2");
        assertThat(page.locator("#profile .key").last()).containsText("gpt2");
        assertThat(page.locator("#profile .key").first()).hasText("intact model");
        JsonNode text = savedJson();
        int first = text.get("prompt_ids").size() - 1;
        JsonNode expected =
                served.json(
                        "profile",
                        "{\"model\": \"gpt2\", \"token_ids\": %s, \"positions\": \"prompt\"}"
                                .formatted(ids(text)));
        assertMeans(overlay("model"), expected.get("entropy"), first, first + 8);
    }

    @Test
    void nothingIsCutOffOnANarrowScreen() {
        page.setViewportSize(380, 800);
        generate("&halves=1&scale=2:0:1&compare=1&overlay=untrained");
        assertThat(page.locator("#loss-shown")).containsText("nats each");
        tab.assertNothingIsCutOff();
    }
}
