package entropylens.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.model.Progress;
import entropylens.result.Json;
import entropylens.result.ProfileJson;
import entropylens.result.ProfileResult;
import entropylens.result.TokenText;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// How fluent the page is. Figures are printed. Bounds are those of a machine that does much else;
/// `-Dfluency.strict=true` holds those of a quiet one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FluencyTest {
    private static final boolean STRICT = Boolean.getBoolean("fluency.strict");
    private static final int BLOCKS = 32;
    private static final int TOKENS = 200;

    /// Frames a second. Chromium draws 60 at most.
    private static final double FRAMES = STRICT ? 50 : 10;

    /// From Enter to the first token's column, in milliseconds.
    private static final double FIRST_TOKEN = STRICT ? 300 : 3000;

    /// What the server adds to a profile of 32 tokens, in milliseconds.
    private static final double OVERHEAD = STRICT ? 20 : 300;

    /// Moves something in every frame, for three seconds. `[frames a second, longest frame in ms]`.
    private static final String FRAMES_OF =
            """
            async (what) => {
              const scroller = [...document.querySelectorAll('.mapbox .scroller')].pop();
              const canvas = scroller.querySelector('canvas');
              const box = canvas.getBoundingClientRect();
              const times = [];
              for (let i = 0; i < 2 || times.at(-1) - times[0] < 3000; i++) {
                times.push(await new Promise(requestAnimationFrame));
                if (what === 'scroll') {
                  const far = scroller.scrollWidth - scroller.clientWidth;
                  scroller.scrollLeft = Math.abs(((i * 90) % (2 * far)) - far);
                } else {
                  const x = box.left + 60 + ((i * 61) % (box.width - 80));
                  const y = box.top + 30 + ((i * 17) % (box.height - 60));
                  canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: x, clientY: y, bubbles: true }));
                }
              }
              const gaps = times.slice(1).map((time, i) => time - times[i]);
              return [(1000 * gaps.length) / (times.at(-1) - times[0]), Math.max(...gaps)];
            }
            """;

    /// How long it takes from Enter until a text with its first column was drawn.
    private static final String WATCH =
            """
            () => {
              let pressed = 0;
              document.addEventListener('keydown', () => (pressed = performance.now()), { capture: true, once: true });
              const status = document.querySelector('#status');
              window.drawn = new Promise((resolve) => {
                const observer = new MutationObserver(() => {
                  if (/^\\d+ tokens …/.test(status.textContent)) {
                    observer.disconnect();
                    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - pressed)));
                  }
                });
                observer.observe(status, { childList: true, characterData: true, subtree: true });
              });
            }
            """;

    private Browser browser;
    private Served served;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        browser = Browser.open();
        Map<String, Path> models = new LinkedHashMap<>();
        models.put("tinytown-llama-8", Served.ZOO.resolve("tinytown-llama-8"));
        models.put("deep", DeepModel.in(folder, BLOCKS));
        served = Served.start(models);
        PlaywrightAssertions.setDefaultAssertionTimeout(Browser.PATIENCE);
    }

    @AfterAll
    void stop() {
        if (served != null) {
            served.close();
            browser.close();
        }
    }

    private static void print(String what, double figure, String unit, double bound) {
        System.out.printf(
                Locale.ROOT, "fluency: %-42s %7.1f %s (bound %.0f)%n", what, figure, unit, bound);
    }

    private static void print(String what, double figure, String unit) {
        System.out.printf(Locale.ROOT, "fluency: %-42s %7.1f %s%n", what, figure, unit);
    }

    private void open(Page page, String hash) {
        page.navigate(served.url("/" + hash));
        assertThat(page.locator("#facts")).containsText("blocks");
    }

    private static void enter(Page page, String prompt) {
        page.fill("#prompt", prompt);
        page.locator("#prompt").press("Enter");
    }

    private static void assertFrames(Page page, String what) {
        List<?> measured = (List<?>) page.evaluate(FRAMES_OF, what);
        double frames = ((Number) measured.get(0)).doubleValue();
        print(what + ", frames a second", frames, "/s", FRAMES);
        print(what + ", longest frame", ((Number) measured.get(1)).doubleValue(), "ms");
        assertThat(frames).as(what).isGreaterThanOrEqualTo(FRAMES);
    }

    @Test
    void aLargeMapIsFluent() {
        try (Tab tab = new Tab(browser)) {
            Page page = tab.page();
            open(page, "#model=deep&tokens=" + TOKENS);
            enter(page, "Write a poem about the baker.");
            // the random model may end its text, and then the map would be small
            assertThat(page.locator("#status"))
                    .hasText(Pattern.compile("^%d tokens[.;]".formatted(TOKENS)));
            assertThat((Integer) page.evaluate("document.querySelectorAll('*').length"))
                    .as("elements of the page: cells are drawn, not elements")
                    .isLessThan(TOKENS * BLOCKS / 2);
            assertFrames(page, "scroll");
            assertFrames(page, "hover");
        }
    }

    @Test
    void theFirstTokenComesAtOnce() {
        try (Tab tab = new Tab(browser)) {
            Page page = tab.page();
            open(page, "#tokens=12");
            double[] times = new double[5];
            for (int i = 0; i < times.length; i++) {
                page.evaluate(WATCH);
                enter(page, "Write a poem about the baker, number %d.".formatted(i));
                times[i] = ((Number) page.evaluate("window.drawn")).doubleValue();
                assertThat(page.locator("#status")).hasText(Pattern.compile("^12 tokens[.;]"));
            }
            print("first token after Enter, of the first text", times[0], "ms", FIRST_TOKEN);
            Arrays.sort(times);
            print("first token after Enter, median of 5", times[2], "ms", FIRST_TOKEN);
            assertThat(times[2]).isLessThan(FIRST_TOKEN);
        }
    }

    /// The same job with and without a server, in turn, in one process.
    @Test
    void theServerAddsLittle() {
        String prompt = "Write a poem about the baker.";
        String body = "{\"prompt\": \"" + prompt + "\", \"tokens\": 32, \"ignore_eos\": true}";
        Path model = Served.ZOO.resolve("tinytown-llama-8");
        try (EntropyLens lens = EntropyLens.open(model, LoadOptions.NONE, 1)) {
            double[] with = new double[15];
            double[] without = new double[15];
            for (int i = -5; i < with.length; i++) { // the first few warm up
                long begun = System.nanoTime();
                String served = this.served.post("profile", body).body();
                long between = System.nanoTime();
                String direct = document(lens, prompt);
                long ended = System.nanoTime();
                assertThat(withoutPath(served)).isEqualTo(withoutPath(direct));
                with[Math.max(0, i)] = (between - begun) / 1e6;
                without[Math.max(0, i)] = (ended - between) / 1e6;
            }
            Arrays.sort(with);
            Arrays.sort(without);
            // what else the machine does only adds
            double added = with[0] - without[0];
            print("32 tokens without a server, least of 15", without[0], "ms");
            print("32 tokens with it, least of 15", with[0], "ms");
            print("the server adds", added, "ms", OVERHEAD);
            assertThat(added).isLessThan(OVERHEAD);
        }
    }

    private static String withoutPath(String json) {
        return json.replaceFirst("\"path\":(null|\"[^\"]*\")", "");
    }

    /// What `profile --format json` prints.
    private static String document(EntropyLens lens, String prompt) {
        ProfileRequest request =
                lens.request(ask ->
                        ask.tokens(32)
                                .ignoringStops()
                                .topK(1)
                                .with(Statistic.LOGIT_STD, Statistic.H_NORM));
        List<TextProfile> texts =
                lens.profile(List.of(lens.encode(prompt)), request, 1, Progress.NONE);
        return Json.MAPPER.writeValueAsString(
                ProfileJson.document(
                        new ProfileResult(
                                lens.loaded(),
                                new TokenText(lens.tokenizer()),
                                request,
                                texts,
                                1,
                                false,
                                lens.threads(),
                                Optional.empty(),
                                Optional.empty())));
    }
}
