package entropylens.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// A text over time, and its segments.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlayTest {
    private static final String PROMPT = "Write a poem about the baker.";
    private static final String FIGURE = "#play figure svg";

    private Browser browser;
    private Served served;

    @BeforeAll
    void open() {
        browser = Browser.open();
        served = Served.start(Map.of("llama", Served.LLAMA));
        PlaywrightAssertions.setDefaultAssertionTimeout(Browser.PATIENCE);
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
            served.close();
        }
    }

    private Tab open(String hash) {
        Tab tab = new Tab(browser);
        tab.page().navigate(served.url("/#" + hash));
        assertThat(tab.page().locator("#facts")).containsText("blocks");
        return tab;
    }

    private Tab generate() {
        Tab tab = open("tokens=12");
        tab.page().fill("#prompt", PROMPT);
        tab.page().locator("#prompt").press("Enter");
        assertThat(tab.page().locator("#status")).hasText(Pattern.compile("^12 tokens[.;].*"));
        tab.settle();
        return tab;
    }

    /// What a drawing says in words.
    private static double[] values(Locator drawing) {
        String label = drawing.getAttribute("aria-label").replaceAll("^.*layer: ", "");
        return Arrays.stream(label.replace('−', '-').split(", "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static void assertEqual(double[] shown, JsonNode expected) {
        assertThat(shown).hasSize(expected.size());
        for (int layer = 0; layer < shown.length; layer++) {
            double value = expected.get(layer).asDouble();
            // four significant digits, or three as a power
            assertThat(shown[layer])
                    .isCloseTo(value, org.assertj.core.data.Offset.offset(6e-3 * value + 1e-12));
        }
    }

    private JsonNode entropy() {
        return served.json("profile", "{\"prompt\": \"%s\", \"tokens\": 12}".formatted(PROMPT))
                .get("entropy");
    }

    @Test
    void everyTokenHasTheNumbersOfTheProfileForwardsAndBack() {
        JsonNode entropy = entropy();
        try (Tab tab = generate()) {
            Page page = tab.page();
            assertThat(page.locator("#play .where")).containsText("Token 12 of 12");
            page.click("#play [aria-label='First token']");
            assertThat(page.locator("#play .where")).containsText("Token 1 of 12");
            assertEqual(values(page.locator(FIGURE)), entropy.get(0));
            page.click("#play [aria-label='One token on']");
            page.click("#play [aria-label='One token on']");
            assertEqual(values(page.locator(FIGURE)), entropy.get(2));
            page.click("#play [aria-label='One token back']");
            assertThat(page.url()).contains("frame=1");
            page.locator("#play input[type=range]").focus();
            page.keyboard().press("End");
            page.keyboard().press("ArrowLeft");
            assertThat(page.locator("#play .where")).containsText("Token 11 of 12");
            assertEqual(values(page.locator(FIGURE)), entropy.get(10));
        }
    }

    @Test
    void itPlaysToTheEndAndPauses() {
        try (Tab tab = generate()) {
            Page page = tab.page();
            double height = page.locator("#play").boundingBox().height;
            // at the third token, which a pointer may come too late for
            page.evaluate(
                    """
                    () => {
                      const where = document.querySelector('#play .where');
                      const seen = new MutationObserver(() => {
                        if (where.textContent.startsWith('Token 3 ')) {
                          seen.disconnect();
                          document.querySelector('#play [aria-label=Pause]').click();
                        }
                      });
                      seen.observe(where, { childList: true });
                    }\
                    """);
            page.click("#play [aria-label=Play]");
            assertThat(page.locator("#play .where")).containsText("Token 3 of 12");
            String where = page.locator("#play .where").textContent();
            page.waitForTimeout(800);
            assertThat(page.locator("#play .where")).hasText(where);
            page.click("#play [aria-label=Play]");
            assertThat(page.locator("#play .where")).containsText("Token 12 of 12");
            assertThat(page.locator("#play [aria-label=Play]")).isVisible();
            assertThat(page.locator("#play").boundingBox().height).isEqualTo(height);
        }
    }

    @Test
    void sentencesHaveTheirMeansBesideEachOther() {
        String prompt = "The baker sleeps. Finn has 3.5 pies!\nOld Tom laughs";
        JsonNode entropy =
                served.json(
                                "profile",
                                "{\"prompt\": \"%s\", \"positions\": \"prompt\"}"
                                        .formatted(prompt.replace("\n", "\\n")))
                        .get("entropy");
        try (Tab tab = open("")) {
            Page page = tab.page();
            page.fill("#prompt", prompt);
            page.click("#measure-prompt");
            assertThat(page.locator("#status")).containsText("positions measured");
            tab.settle();
            page.selectOption("#play select", "sentence");
            assertThat(page.locator(".card")).hasCount(3);
            assertThat(page.locator(".card .word").nth(1)).containsText("Finn has 3.5 pies!");
            int at = 0;
            int last = 0;
            for (int card = 0; card < 3; card++) {
                Locator one = page.locator(".card").nth(card);
                String words = one.locator("strong").textContent();
                int tokens =
                        Integer.parseInt(words.replaceAll("Sentence \\d, (\\d+) tokens?", "$1"));
                assertMean(values(one.locator("svg")), entropy, at, at + tokens);
                at += tokens;
                last = tokens;
            }
            assertThat(at).isEqualTo(entropy.size());
            page.locator(".card").nth(2).click();
            assertThat(page.locator(".card").nth(2)).hasAttribute("aria-pressed", "true");
            assertThat(page.locator("#profile figcaption"))
                    .containsText("over %d of %d tokens".formatted(last, entropy.size()));
            page.setViewportSize(380, 800);
            tab.assertNothingIsCutOff();
        }
    }

    private static void assertMean(double[] shown, JsonNode entropy, int from, int to) {
        for (int layer = 0; layer < shown.length; layer++) {
            double sum = 0;
            for (int row = from; row < to; row++) {
                sum += entropy.get(row).get(layer).asDouble();
            }
            double mean = sum / (to - from);
            assertThat(shown[layer])
                    .isCloseTo(mean, org.assertj.core.data.Offset.offset(6e-3 * mean));
        }
    }

    @Test
    void stepsOfReasoningAreTakenApart() {
        try (Tab tab = open("segments=step")) {
            Page page = tab.page();
            page.fill("#prompt", "Who? <think>First this.\n\nThen that.</think> The baker.");
            page.click("#measure-prompt");
            assertThat(page.locator("#status")).containsText("positions measured");
            tab.settle();
            List<String> names = new ArrayList<>();
            page.locator(".card strong")
                    .allTextContents()
                    .forEach(name -> names.add(name.replaceAll(",.*", "")));
            assertThat(names).containsExactly("Before", "Step 1", "Step 2", "Answer");
            assertThat(page.locator(".card .word").nth(2)).containsText("Then that");
            page.fill("#prompt", "The baker sleeps.");
            page.click("#measure-prompt");
            assertThat(page.locator(".cards")).containsText("does not think");
        }
    }
}
