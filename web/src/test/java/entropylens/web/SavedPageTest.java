package entropylens.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import entropylens.Ask;
import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Statistic;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import entropylens.model.Progress;
import entropylens.model.Sampling;
import entropylens.result.Json;
import entropylens.result.ProfileJson;
import entropylens.result.ProfileResult;
import entropylens.result.TokenText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One result in a file, opened from the disk.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SavedPageTest {
    private static final int[] PROMPT = {1, 5, 9, 40};

    @TempDir static Path folder;

    private Browser browser;

    @BeforeAll
    void openBrowser() {
        browser = Browser.open();
        PlaywrightAssertions.setDefaultAssertionTimeout(Browser.PATIENCE);
    }

    @AfterAll
    void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    private static ProfileResult result(Path model, int samples, UnaryOperator<Ask> ask) {
        try (EntropyLens lens = EntropyLens.open(model, LoadOptions.NONE, 1)) {
            ProfileRequest request = lens.request(ask);
            List<TextProfile> texts =
                    lens.profile(Collections.nCopies(samples, PROMPT), request, 16, Progress.NONE);
            return new ProfileResult(
                    lens.loaded(),
                    new TokenText(lens.tokenizer()),
                    request,
                    texts,
                    1,
                    false,
                    1,
                    Optional.empty(),
                    Optional.empty());
        }
    }

    private static String html(ProfileResult result, String... command) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SavedPage.write(result, List.of(command), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private Tab open(String html) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "saved", ".html"), html);
        Tab tab = new Tab(browser);
        tab.page().navigate(file.toUri().toString());
        assertThat(tab.page().locator("#made")).containsText("no server");
        return tab;
    }

    private static UnaryOperator<Ask> all(int tokens) {
        return ask ->
                ask.tokens(tokens)
                        .topK(5)
                        .with(Statistic.topPSize(0.6), Statistic.KL_TO_LAST, Statistic.NEXT_RANK);
    }

    @Test
    void aFileShowsTheNumbersOfTheProfileWithoutAServer() throws IOException {
        ProfileResult result = result(Served.LLAMA, 1, all(9));
        try (Tab tab = open(html(result, "profile", "--tokens", "9", "it's"))) {
            Page page = tab.page();
            assertThat(page.locator(".strip .token")).hasCount(9);
            assertThat(page.locator("#command"))
                    .hasText("./entropy-lens profile --tokens 9 'it'\\''s'");
            Locator map = page.locator("#maps canvas").last();
            Tab.click(map, 2, 2);
            float entropy = (float) result.texts().getFirst().profile().entropy()[2][2];
            Locator stats = page.locator("#cell .stats div");
            String shown =
                    (String)
                            page.evaluate(
                                    "value => Math.abs(value) >= 1e-3 ? value.toPrecision(4) : value.toExponential(2)",
                                    (double) entropy);
            assertThat(stats.filter(new Locator.FilterOptions().setHasText("entropy")).first())
                    .containsText(shown);
            assertThat(page.locator("#cell .ranks circle")).hasCount(4);
            page.locator("#cell button.word").nth(4).click();
            assertThat(page.locator("#cell .ranks figcaption")).containsText("Rank of");
            // what was not measured is not offered, what has no colours of its own is
            List<String> offered = page.locator("#measure option").allTextContents();
            assertThat(offered).contains("top p size 0.6", "KL to the last layer");
            assertThat(offered).doesNotContain("Top-p set (0.9)");
            page.selectOption("#measure", "top_p_size_0.6");
            assertThat(page.locator("#legend .ticks span")).hasCount(3);
            Path json = page.waitForDownload(() -> page.click("#save-json")).path();
            JsonNode kept = JsonMapper.shared().readTree(Files.readString(json));
            String printed =
                    Json.MAPPER.writeValueAsString(WithoutPlaces.of(ProfileJson.document(result)));
            assertThat(Tab.plain(kept)).isEqualTo(Tab.plain(JsonMapper.shared().readTree(printed)));
            assertThat(kept.get("entropy").get(2).get(2).floatValue()).isEqualTo(entropy);
            String csv =
                    Files.readString(page.waitForDownload(() -> page.click("#save-csv")).path());
            assertThat(csv.split("\r\n")).hasSize(1 + 9 * 4);
            page.setViewportSize(380, 800);
            tab.assertNothingIsCutOff();
        }
    }

    @Test
    void everySampleAndPointIsThere() throws IOException {
        ProfileResult result =
                result(
                        Served.LLAMA,
                        2,
                        ask ->
                                ask.tokens(4)
                                        .topK(1)
                                        .sampling(new Sampling(1, 1, 3))
                                        .at(StreamPoint.ATTN_OUT, StreamPoint.RESID_POST));
        try (Tab tab = open(html(result, "profile"))) {
            Page page = tab.page();
            assertThat(page.locator("#which option"))
                    .hasText(
                            new String[] {
                                "sample 1, attn_out",
                                "sample 1, resid_post",
                                "sample 2, attn_out",
                                "sample 2, resid_post"
                            });
            String first = page.locator("#profile svg").getAttribute("aria-label");
            page.selectOption("#which", "3");
            assertThat(page.locator("#profile svg")).not().hasAttribute("aria-label", first);
            page.reload();
            assertThat(page.locator("#which")).hasValue("3");
        }
    }

    @Test
    void halvesOfBlocksStandInOneMap() throws IOException {
        ProfileResult result =
                result(
                        Served.LLAMA,
                        1,
                        ask ->
                                ask.tokens(4)
                                        .topK(1)
                                        .at(StreamPoint.RESID_MID, StreamPoint.RESID_POST));
        try (Tab tab = open(html(result, "profile"))) {
            assertThat(tab.page().locator("#which-field")).isHidden();
            assertThat(tab.page().locator("#profile circle")).hasCount(8);
        }
    }

    @Test
    void aPromptIsThereAtEveryPosition() throws IOException {
        try (Tab tab =
                open(html(result(Served.GPT2, 1, ask -> ask.promptOnly().topK(1)), "profile"))) {
            assertThat(tab.page().locator(".strip .token")).hasCount(PROMPT.length);
            assertThat(tab.page().locator("#profile figcaption")).containsText("of 4 tokens");
        }
    }

    /// Neither a token nor a word of the command line ends an element or acts on its neighbours.
    @Test
    void aHostileTokenDoesNotBreakOut() throws IOException {
        Path model = HostileModel.in(Files.createDirectory(folder.resolve("models")));
        String marks = "a" + "\u0301".repeat(10_000);
        String html =
                html(
                        result(model, 1, all(12)),
                        "profile",
                        "</script><script>document.title = 'broken'</script>",
                        "<!--<script>",
                        "\u202e\u2066override",
                        marks);
        assertThat(html).as("10,000 marks").doesNotContain("\u0301");
        assertThat(html.chars()).noneMatch(c -> c >= 0x202a && c <= 0x2069);
        try (Tab tab = open(html)) {
            Page page = tab.page();
            assertThat(page.title()).isEqualTo("Entropy profile: hostile");
            assertThat(page.locator("script")).hasCount(2);
            assertThat(page.locator("#texts script, #texts img, #command script")).hasCount(0);
            assertThat(page.locator(".strip .token")).hasCount(12);
            tab.assertNothingIsCutOff();
            // the policy holds: a script that is added does not run, nothing is fetched
            page.evaluate(
                    """
                    () => {
                      const script = document.createElement('script');
                      script.textContent = "document.title = 'broken'";
                      document.body.append(script);
                    }\
                    """);
            assertThat(page.title()).isEqualTo("Entropy profile: hostile");
            assertThat(tab.complaints()).allMatch(said -> said.contains("Content Security Policy"));
            assertThat(tab.complaints()).isNotEmpty();
            tab.complaints().clear();
        }
    }

    @Test
    void noPlaceOfThisMachineIsInside() throws IOException {
        String html = html(result(Served.LLAMA, 1, all(2)), "profile");
        assertThat(html)
                .doesNotContain(Served.LLAMA.toAbsolutePath().normalize().toString())
                .doesNotContain("../zoo")
                .doesNotContain("http://127")
                .doesNotContainPattern("(src|href)=\"(?!data:)");
    }
}
