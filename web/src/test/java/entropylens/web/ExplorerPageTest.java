package entropylens.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.BoundingBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The page in a real browser. Skipped where there is none: see [Browser].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplorerPageTest {
    private static final String PROMPT = "Write a poem about the baker.";
    private static final Pattern TWELVE = Pattern.compile("^12 tokens[.;]");

    private Browser browser;
    private Served served;
    private Tab tab;
    private Page page;

    @BeforeAll
    void openBrowser(@TempDir Path folder) throws IOException {
        browser = Browser.open();
        Map<String, Path> models = new LinkedHashMap<>();
        models.put("llama", Served.LLAMA);
        models.put("hostile", HostileModel.in(folder));
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
    void nothingWasComplainedOfOrAskedForElsewhere() {
        tab.close();
    }

    private void open(String hash) {
        page.navigate(served.url("/" + hash));
        assertThat(page.locator("#facts")).containsText("blocks");
    }

    /// Twelve tokens after the prompt.
    private void generate() {
        open("#tokens=12");
        page.fill("#prompt", PROMPT);
        page.locator("#prompt").press("Enter");
        assertDone(TWELVE);
    }

    /// The status says so, and what it says is drawn.
    private void assertDone(Pattern status) {
        assertThat(page.locator("#status")).hasText(status);
        tab.settle();
    }

    /// The map of the text; that of the intact model stands before it.
    private Locator map() {
        return page.locator("#maps canvas").last();
    }

    /// A cell, counted from the left and from the lowest layer.
    private void pointAt(int column, int layer, boolean click) {
        map().evaluate("canvas => canvas.parentElement.parentElement.scrollTo(0, 0)");
        if (click) {
            Tab.click(map(), column, layer);
        } else {
            Tab.hover(map(), column, layer);
        }
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @Test
    void aCellShowsItsTokensUnderThePointerAndKeepsThemWhenClicked() {
        generate();
        pointAt(2, 2, false);
        assertThat(page.locator("#tip")).isVisible();
        assertThat(page.locator("#tip tr")).hasCount(5);
        assertThat(page.locator("#tip")).containsText("kl to last");
        pointAt(2, 2, true);
        assertThat(page.locator("#cell h3")).containsText("layer 3");
        assertThat(page.locator("#cell tr")).hasCount(10);
        assertThat(page.locator("#cell .moves")).containsText("since layer 2");
        assertThat(page.locator("#cell .ranks circle")).hasCount(4);
        page.mouse().move(5, 5);
        assertThat(page.locator("#tip")).isHidden();
        assertThat(page.url()).contains("pin=2%2C2");
    }

    @Test
    void theRankOfAnyTokenIsFollowedThroughAllLayers() {
        generate();
        pointAt(3, 1, true);
        Locator word = page.locator("#cell button.word").nth(9);
        word.click();
        assertThat(page.locator("#cell .ranks circle.rank-dot:not(.beyond)")).hasCount(4);
        assertThat(page.locator("#cell .ranks figcaption")).not().containsText("open");
        String ranks = page.locator("#cell .ranks svg").getAttribute("aria-label");
        assertThat(ranks).matches("(?s)Rank of .* by layer: \\d+, 10, \\d+, \\d+");
    }

    @Test
    void everyMeasureHasItsColoursAndItsLegend() {
        generate();
        page.mouse().move(5, 5);
        List<String> seen = new ArrayList<>();
        List<Locator> options = page.locator("#measure option").all();
        assertThat(options).hasSize(9);
        for (Locator option : options) {
            page.selectOption("#measure", option.getAttribute("value"));
            seen.add(Tab.pixels(map()));
            assertThat(page.locator("#legend .ticks span")).hasCount(3);
        }
        assertThat(seen).doesNotHaveDuplicates();
        page.selectOption("#measure", "delta");
        assertThat(page.locator("#legend .words")).hasText("pruningexpansion");
    }

    @Test
    void theArrowKeysMoveTheCellAndEnterPinsIt() {
        generate();
        pointAt(1, 0, true);
        map().focus();
        map().press("ArrowUp");
        map().press("ArrowRight");
        map().press("Enter");
        assertThat(page.locator("#cell h3")).containsText("layer 2");
        assertThat(page.url()).contains("pin=2%2C1");
        map().press("Shift+ArrowRight");
        map().press("Shift+ArrowRight");
        assertThat(page.locator("#profile figcaption")).containsText("over 3 of 12 tokens");
        map().press("Escape");
        assertThat(page.locator("#profile figcaption")).containsText("over 12 of 12 tokens");
    }

    /// What has the focus keeps it when it is drawn anew.
    @Test
    void everythingIsReachedWithoutAPointer() {
        generate();
        page.locator("#switches button").nth(1).focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("#switches button").nth(1)).isFocused();
        page.keyboard().press("Space");
        assertThat(page.locator("#switches [aria-pressed=true]")).hasCount(0);
        assertThat(page.locator(".strip .token[tabindex='0']")).hasCount(1);
        page.locator(".strip .token[tabindex='0']").focus();
        page.keyboard().press("ArrowRight");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Enter");
        assertThat(page.locator(".editor input")).isFocused();
        assertThat(page.url()).contains("pin=2%2C3");
        page.locator("#cell button.word").nth(4).focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("#cell button.word").nth(4)).isFocused();
    }

    @Test
    void tokensThatAreBrushedMakeTheProfile() {
        generate();
        String before = page.locator("#profile svg").getAttribute("aria-label");
        assertThat(page.locator("#profile line.expand, #profile line.prune")).hasCount(3);
        map().evaluate("canvas => canvas.parentElement.parentElement.scrollTo(0, 0)");
        BoundingBox box = map().boundingBox();
        page.mouse().move(box.x + 34 + 70, box.y + 8);
        page.mouse().down();
        page.mouse().move(box.x + 34 + 3.5 * 58, box.y + 8);
        page.mouse().up();
        assertThat(page.locator("#profile figcaption")).containsText("over 3 of 12 tokens");
        assertThat(page.locator("#profile svg")).not().hasAttribute("aria-label", before);
        assertThat(page.url()).contains("brush=1%2C3");
    }

    @Test
    void aTextIsStoppedAndGoesOnFromAnEditedToken() {
        open("#tokens=200");
        page.fill("#prompt", PROMPT);
        // as soon as six tokens are there: a text of a small model ends before a pointer has moved
        page.evaluate(
                """
                () => {
                  const status = document.getElementById('status');
                  const seen = new MutationObserver(() => {
                    if (parseInt(status.textContent) >= 6) {
                      seen.disconnect();
                      document.getElementById('stop').click();
                    }
                  });
                  seen.observe(status, { childList: true });
                }\
                """);
        page.click("#generate");
        assertDone(Pattern.compile("^Stopped\\.$"));
        assertThat(page.locator(".strip .token").nth(5)).isVisible();
        List<String> before = page.locator(".strip .token").allTextContents();
        assertThat(before.size()).isBetween(6, 199);
        page.fill("#tokens", "10");
        page.locator("#tokens").blur();
        page.locator(".strip .token").nth(3).click();
        page.fill(".editor input", " garden");
        page.locator(".editor input").press("Enter");
        assertThat(page.locator("#stop")).isDisabled();
        assertDone(Pattern.compile("^10 tokens[.;]")); // as the field says now
        List<String> after = page.locator(".strip .token").allTextContents();
        assertThat(after.subList(0, 3)).isEqualTo(before.subList(0, 3));
        assertThat(String.join("", page.locator(".strip .token.edited").allTextContents()))
                .isEqualTo(" garden");
        assertThat(page.locator("#command")).containsText("--token-ids 0,");
        assertThat(page.locator("#command-note")).containsText("agree to rounding");
    }

    @Test
    void blocksAreSkippedBesideTheIntactModel() {
        generate();
        page.check("#compare");
        page.click("#switches button:nth-child(2)");
        assertThat(page.locator("#switches [aria-pressed=true]")).hasText("2");
        page.click("#generate");
        assertThat(page.locator(".strip")).hasCount(2);
        assertDone(TWELVE);
        assertThat(page.locator(".mapbox:visible")).hasCount(2);
        assertThat(page.locator(".strip h3").last()).hasText("Without block 2");
        assertThat(page.locator(".strip .token.other").first()).isVisible();
        page.mouse().move(5, 5);
        String values = Tab.pixels(map());
        page.check("#difference");
        assertThat(Tab.pixels(map())).isNotEqualTo(values);
        assertThat(page.locator("#legend .words")).containsText("higher than intact");
        page.check("#same");
        page.click("#generate");
        assertDone(TWELVE);
        List<String> intact = page.locator(".strip").first().locator(".token").allTextContents();
        assertThat(page.locator(".strip").last().locator(".token").allTextContents())
                .isEqualTo(intact);
    }

    @Test
    void presetsChooseTheBlocksThatChangeEntropyMost() {
        generate();
        JsonNode profile =
                served.json("profile", "{\"prompt\": \"%s\", \"tokens\": 12}".formatted(PROMPT));
        double[] delta =
                profile.get("delta").get(0).values().stream()
                        .mapToDouble(JsonNode::asDouble)
                        .toArray();
        int largest = 0;
        int lowest = 0;
        for (int i = 1; i < delta.length; i++) {
            largest = delta[i] > delta[largest] ? i : largest;
            lowest = delta[i] < delta[lowest] ? i : lowest;
        }
        page.click("[data-preset=largest]");
        assertThat(page.locator("#switches [aria-pressed=true]")).hasText("" + (largest + 2));
        assertDone(TWELVE);
        page.click("[data-preset=lowest]");
        assertThat(page.locator("#switches [aria-pressed=true]")).hasText("" + (lowest + 2));
        assertDone(TWELVE);
        page.fill("#preset-count", "2");
        page.click("[data-preset=random]");
        assertThat(page.locator("#switches [aria-pressed=true]")).hasCount(2);
        page.click("[data-preset=none]");
        assertThat(page.locator("#switches [aria-pressed=true]")).hasCount(0);
    }

    @Test
    void aLinkShowsTheSame() {
        generate();
        page.selectOption("#measure", "kl_to_last");
        pointAt(4, 1, true);
        List<String> tokens = page.locator(".strip .token").allTextContents();
        String cell = page.locator("#cell").innerText();
        String url = page.url();
        page.navigate("about:blank");
        page.navigate(url);
        assertDone(TWELVE);
        assertThat(page.locator("#measure")).hasValue("kl_to_last");
        assertThat(page.locator("#cell h3")).containsText("layer 2");
        assertThat(page.locator(".strip .token").allTextContents()).isEqualTo(tokens);
        assertThat(page.locator("#cell").innerText()).isEqualTo(cell);
    }

    @Test
    void whatIsSeenIsKeptAsPictureTableAndJson() throws IOException {
        generate();
        Path png = page.waitForDownload(() -> page.click("#save-png")).path();
        assertThat(Files.readAllBytes(png)).startsWith(0x89, 'P', 'N', 'G');
        String csv = Files.readString(page.waitForDownload(() -> page.click("#save-csv")).path());
        String found =
                Files.readString(page.waitForDownload(() -> page.click("#save-json")).path());
        JsonNode profile =
                served.json(
                        "profile",
                        "{\"prompt\": \"%s\", \"tokens\": 12, \"top_k\": 10, \"top_p_set\": [0.9], \"stats\": [\"kl\", \"next\"]}"
                                .formatted(PROMPT));
        for (String key : json(found).propertyNames()) {
            assertThat(Tab.plain(json(found).get(key)))
                    .as(key)
                    .isEqualTo(Tab.plain(profile.get(key)));
        }
        assertThat(json(found).has("entropy")).isTrue();
        String[] lines = csv.split("\r\n");
        assertThat(lines).hasSize(1 + 12 * 4);
        assertThat(lines[0])
                .startsWith("sample,token,window,position,next_id,layer,depth,entropy,")
                .endsWith("top_10_id,top_10_probability");
        assertThat(page.locator("#command"))
                .hasText(
                        "./entropy-lens profile --model llama --tokens 12 --top-p-set 0.9 --top-k 10 --stats kl,next 'Write a poem about the baker.'");
    }

    @Test
    void aPromptIsMeasuredAtEveryPosition() {
        open("");
        page.fill("#prompt", "Who's the baker of $HOME?");
        page.click("#measure-prompt");
        assertDone(Pattern.compile("^\\d+ positions measured"));
        assertThat(page.locator(".strip .token").nth(5)).isVisible();
        int positions = page.locator(".strip .token").count();
        assertThat(positions).isGreaterThan(5);
        assertThat(page.locator("#command"))
                .containsText(
                        "--positions prompt --top-p-set 0.9 --top-k 10 --stats kl,next 'Who'\\''s the baker of $HOME?'");
        pointAt(0, 1, true);
        assertThat(page.locator("#cell h3")).containsText("Position 1");
    }

    /// It is text, wherever it stands; what is not seen is shown as an escape.
    @Test
    void aHostileTokenIsText() {
        open("#model=hostile&tokens=20");
        page.fill("#prompt", "abc");
        page.click("#generate");
        assertDone(Pattern.compile("^\\d+ tokens[.;]"));
        String text = page.locator("#texts").innerText();
        assertThat(text).doesNotContain("\u202e").doesNotContain("\u001b").doesNotContain("\u200b");
        for (int column = 0; column < 3; column++) {
            pointAt(column, 1, true);
            assertThat(page.locator("#cell h3")).containsText("layer 2");
            assertThat(page.locator("#cell tr")).hasCount(10);
        }
        assertThat(page.title()).isEqualTo("entropy-lens explorer");
        assertThat(page.locator("#texts script, #texts img, #cell script, #cell img, #tip script"))
                .hasCount(0);
        assertThat(page.locator("#cell").innerText() + text)
                .as("some of them were there")
                .containsPattern("<script>|<img|\\\\u202E|long");
        tab.assertNothingIsCutOff();
    }

    @Test
    void aChatIsWrittenWithTheModelsTemplate() {
        open("#model=llama");
        assertThat(page.locator("#chat")).isDisabled();
        page.selectOption("#model", "hostile");
        page.check("#chat");
        page.fill("#system", "be");
        page.fill("#prompt", "hi");
        page.fill("#tokens", "3");
        page.click("#generate");
        assertDone(Pattern.compile("^\\d tokens[.;]"));
        assertThat(page.locator(".strip .given")).hasText("sbeuhi");
        assertThat(page.locator("#command")).containsText("--chat --system be hi");
    }

    /// It stands behind the # of the address for a moment only, and goes with every request.
    @Test
    void aTokenInTheAddressLetsThePageIn() {
        String token = "a-word-of-24-characters-";
        try (Served guarded =
                Served.start(
                        new ExplorerSettings("127.0.0.1", 0, Optional.of(token)),
                        Map.of("m", Served.LLAMA))) {
            page.navigate(guarded.explorer().address());
            assertThat(page.locator("#facts")).containsText("4 blocks");
            assertThat(page.url()).doesNotContain(token);
            page.fill("#prompt", "The");
            page.fill("#tokens", "2");
            page.click("#generate");
            assertDone(Pattern.compile("^2 tokens[.;]"));
            assertThat(tab.requests()).noneMatch(url -> url.contains(token));
            page.evaluate("sessionStorage.clear()");
            page.reload();
            assertThat(page.locator("#status")).containsText("Authorization");
            // the browser notes the status itself
            assertThat(tab.complaints()).allMatch(said -> said.contains("401"));
            tab.complaints().clear();
        }
    }

    @Test
    void aRefusalIsSaidOnThePage() {
        open("#tokens=1000");
        page.fill("#prompt", PROMPT);
        page.click("#generate");
        assertThat(page.locator("#status")).containsText("exceed the model's context of 256");
        assertThat(page.locator("#status.wrong")).isVisible();
        // the browser notes the status itself
        assertThat(tab.complaints()).allMatch(said -> said.contains("422"));
        tab.complaints().clear();
    }

    @Test
    void nothingIsCutOffOnANarrowScreenAndNothingJumpsWhileTokensArrive() {
        page.setViewportSize(380, 800);
        open("#tokens=12");
        double before = page.locator("#save").boundingBox().y;
        page.fill("#prompt", PROMPT);
        page.click("#generate");
        assertDone(TWELVE);
        tab.assertNothingIsCutOff();
        assertThat(page.locator("#save").boundingBox().y)
                .as("on a narrow screen nothing moves from before the first token to the last")
                .isEqualTo(before);
        page.setViewportSize(1300, 1000);
        open("#tokens=60");
        page.fill("#prompt", PROMPT);
        double map = page.locator("#map").boundingBox().y;
        page.click("#generate");
        assertThat(page.locator(".strip .token").nth(2)).isVisible();
        assertThat(page.locator("#map").boundingBox().y).isEqualTo(map);
        double save = page.locator("#save").boundingBox().y;
        assertDone(Pattern.compile("^\\d+ tokens[.;]"));
        assertThat(page.locator("#save").boundingBox().y).isEqualTo(save);
    }

    /// What is drawn depends on what is in view, not on the size of the text.
    @Test
    void aLargeMapDrawsWhatIsInViewAlone() {
        open("");
        Object drawn =
                page.evaluate(
                        """
                        async () => {
                          const { Heatmap } = await import('./heatmap.js');
                          const { paint } = await import('./paint.js');
                          const { measureNamed, scaleOf } = await import('./measures.js');
                          const layers = Array.from({ length: 80 }, (_, i) => i + 1);
                          const token = { id: 1, token: 'word' };
                          const column = at => ({ position: at, input: token, next: token,
                            values: { entropy: layers.map(l => (l * at) % 7) },
                            topIds: layers.map(() => [1]), topTokens: layers.map(() => ['word']),
                            topProbabilities: layers.map(() => [0.5]) });
                          const rows = layers.map((layer, at) => ({ point: 'resid_post', layer, depth: layer / 80, at }));
                          const text = { layers, rows, changes: new Map(), columns: Array.from({ length: 200 }, (_, i) => column(i)) };
                          const map = new Heatmap('', { hover() {}, leave() {}, pin() {}, brush() {}, scroll() {} });
                          document.body.append(map.element);
                          const measure = measureNamed('entropy');
                          map.show(text, measure, scaleOf(measure, [text]));
                          let cells = 0;
                          const real = document.createElement('canvas').getContext('2d');
                          const context = new Proxy(real, {
                            get: (of, name) => name === 'fillRect' ? () => cells++ : typeof of[name] === 'function' ? of[name].bind(of) : of[name],
                            set: (of, name, value) => (of[name] = value, true),
                          });
                          paint(context, map, { left: 3000, top: 500, ...map.view });
                          const start = performance.now();
                          for (let i = 0; i < 10; i++) paint(context, map, { left: 100 * i, top: 30 * i, ...map.view });
                          return { cells: cells / 11, milliseconds: (performance.now() - start) / 10, height: map.element.getBoundingClientRect().height };
                        }\
                        """);
        Map<?, ?> found = (Map<?, ?>) drawn;
        assertThat(((Number) found.get("cells")).doubleValue()).isBetween(100.0, 1800.0);
        assertThat(((Number) found.get("height")).doubleValue()).isLessThan(700);
    }
}
