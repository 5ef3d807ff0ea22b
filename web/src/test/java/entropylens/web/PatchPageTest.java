package entropylens.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.Position;
import java.io.IOException;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A cell of one text is put into another, in a browser; the numbers are those of `profile
/// --patch`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PatchPageTest {
    private static final String FROM = "Lily has a red ball.";
    private static final String TO = "Tom has a blue hat.";
    private static final Pattern DONE = Pattern.compile("cells could change");

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
        models.put("chat", TownChat.in(folder));
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

    private void measureBoth(String hash) {
        page.navigate(served.url("/" + hash));
        assertThat(page.locator("#facts")).containsText("blocks");
        page.click("#patch > summary");
        page.fill("#patch-from", FROM);
        page.fill("#patch-to", TO);
        page.click("#patch-start");
        assertThat(page.locator("#patch-status")).containsText("Take a cell");
    }

    private Locator map(int index) {
        Locator map = page.locator("#patch-maps canvas").nth(index);
        map.scrollIntoViewIfNeeded();
        return map;
    }

    /// The middle of a cell on the screen; row 0 is the embedding, the lowest of five.
    private static double[] middle(Locator map, int column, int row) {
        BoundingBox box = map.boundingBox();
        Position cell = Tab.cell(map, column, row);
        return new double[] {box.x + cell.x, box.y + cell.y};
    }

    private void drag(int column, int row, int onto) {
        double[] start = middle(map(0), column, row);
        double[] end = middle(map(1), onto, 1);
        page.mouse().move(start[0], start[1]);
        page.mouse().down();
        page.mouse().move(end[0], end[1], new Mouse.MoveOptions().setSteps(8));
        assertThat(page.locator("#carried")).isVisible();
        page.mouse().up();
        assertThat(page.locator("#carried")).isHidden();
    }

    private JsonNode profile(String more) {
        return served.json(
                "profile",
                "{\"prompt\": \"%s\", \"positions\": \"prompt\", \"embedding\": true, \"top_k\": 10%s}"
                        .formatted(TO, more));
    }

    private static String patch(String word, String at) {
        return ", \"patch\": [\"%s\"], \"patch_at\": \"%s\", \"patch_from\": \"%s\""
                .formatted(word, at, FROM);
    }

    /// What is said of a patch, from the profiles with and without it.
    private static void assertTold(
            Locator status, int could, JsonNode before, JsonNode after, int position, int row) {
        int did = 0;
        int tops = 0;
        for (int at = 0; at < before.get("entropy").size(); at++) {
            for (int layer = 0; layer < 5; layer++) {
                boolean same =
                        before.get("entropy")
                                .get(at)
                                .get(layer)
                                .equals(after.get("entropy").get(at).get(layer));
                boolean reached = at == position ? layer >= row : at > position && layer > row;
                assertThat(same || reached).as("only what could change did").isTrue();
                did += same ? 0 : 1;
                JsonNode top = before.get("top_ids").get(at).get(layer).get(0);
                tops += top.equals(after.get("top_ids").get(at).get(layer).get(0)) ? 0 : 1;
            }
        }
        assertThat(did).isPositive();
        assertThat(status)
                .containsText(
                        "%d cells could change, %d did; the top token is another in %d."
                                .formatted(could, did, tops));
        assertThat(status).containsText(next(before) + " → ");
        assertThat(status).containsText(next(after) + ".");
    }

    private static String next(JsonNode profile) {
        JsonNode last = profile.get("top_probabilities").get(profile.get("entropy").size() - 1);
        return "%.1f %%".formatted(100 * last.get(4).get(0).floatValue());
    }

    @Test
    void aCellIsDraggedOntoAnotherText() {
        measureBoth("");
        drag(3, 2, 2);
        assertThat(page.locator("#patch-status")).hasText(DONE);
        JsonNode before = profile("");
        int positions = before.get("entropy").size();
        assertTold(
                page.locator("#patch-status"),
                3 + (positions - 3) * 2,
                before,
                profile(patch("2:2=3", "resid_post")),
                2,
                2);
        assertThat(page.locator("#patch-command"))
                .containsText(
                        "profile --model llama --positions prompt --embedding --patch 2:2=3 --patch-at resid_post --patch-from 'Lily has a red ball.'");
        assertThat(page.locator("#patch-own-legend .words")).containsText("grey: cannot change");
        double[] cell = middle(map(2), 2, 3);
        page.mouse().move(cell[0], cell[1]);
        JsonNode patched = profile(patch("2:2=3", "resid_post"));
        assertThat(page.locator("#tip .stats"))
                .containsText(shown(patched.get("entropy").get(2).get(3).asDouble()));
        page.click("#patch-undo");
        assertThat(page.locator("#patch-status")).containsText("Take a cell");
        assertThat(page.locator("#patch-command")).isHidden();
    }

    private static String shown(double value) {
        return new java.math.BigDecimal(value).round(new java.math.MathContext(4)).toPlainString();
    }

    /// Half-blocks too, and the embedding, which is what block 1 reads.
    @Test
    void aCellIsChosenAndPutByKeys() {
        measureBoth("");
        page.check("#patch-halves");
        assertThat(page.locator("#patch-status")).containsText("Take a cell");
        map(0).focus();
        map(0).press("Home");
        map(0).press("PageDown");
        map(0).press("ArrowUp");
        map(0).press("ArrowUp");
        map(0).press("ArrowUp");
        map(0).press("ArrowRight");
        map(0).press("Enter");
        assertThat(page.locator("#patch-status"))
                .containsText("Taken: layer 2, after attention at position 1");
        map(1).focus();
        map(1).press("Home");
        map(1).press("ArrowRight");
        map(1).press("ArrowRight");
        map(1).press("Enter");
        assertThat(page.locator("#patch-status")).hasText(DONE);
        assertThat(page.locator("#patch-command"))
                .containsText(
                        "--at resid_mid,resid_post --embedding --patch 2:2=1 --patch-at resid_mid");
        page.uncheck("#patch-halves");
        assertThat(page.locator("#patch-status")).containsText("Take a cell");
        double[] embedding = middle(map(0), 4, 0);
        page.mouse().click(embedding[0], embedding[1]);
        assertThat(page.locator("#patch-status"))
                .containsText("Taken: the embedding at position 4");
        double[] target = middle(map(1), 4, 3);
        page.mouse().click(target[0], target[1]);
        assertThat(page.locator("#patch-status")).hasText(DONE);
        JsonNode before = profile("");
        assertTold(
                page.locator("#patch-status"),
                5 + (before.get("entropy").size() - 5) * 4,
                before,
                profile(patch("1:4", "resid_pre")),
                4,
                0);
        map(0).focus();
        map(0).press("Enter");
        map(0).press("Escape");
        double[] other = middle(map(1), 3, 3);
        page.mouse().click(other[0], other[1]);
        assertThat(page.locator("#patch-status")).hasText("Take a cell of the first text first.");
    }

    @Test
    void aLinkShowsTheSamePatches() {
        measureBoth("");
        drag(3, 2, 2);
        assertThat(page.locator("#patch-status")).hasText(DONE);
        drag(5, 3, 4);
        assertThat(page.locator("#patch-command")).containsText("--patch 2:2=3,3:4=5");
        String told = page.locator("#patch-status").textContent();
        String url = page.url();
        assertThat(url).contains("patch=2%3A2%3D3%2C3%3A4%3D5");
        page.navigate("about:blank");
        page.navigate(url);
        assertThat(page.locator("#patch-status")).hasText(told);
        assertThat(page.locator("#patch-from")).hasValue(FROM);
    }

    /// Both are messages; then the model goes on from the patched one, and from it as it was.
    @Test
    void messagesOfAChatArePatchedAndTheTextGoesOn() {
        measureBoth("#model=chat&chat=1&tokens=6");
        assertThat(page.locator("#patch-chat")).isVisible();
        drag(3, 2, 2);
        assertThat(page.locator("#patch-status")).hasText(DONE);
        String chat =
                "{\"model\": \"chat\", \"chat\": true, \"prompt\": \"%s\"%s".formatted(TO, "%s}");
        JsonNode before =
                served.json(
                        "profile", chat.formatted(", \"positions\": \"prompt\", \"top_k\": 10"));
        assertThat(page.locator("#patch-status")).containsText("→");
        assertThat(page.locator("#patch-maps canvas").nth(2))
                .hasAttribute(
                        "aria-label",
                        Pattern.compile("of " + before.get("entropy").size() + " positions"));
        page.click("#patch-go-on");
        assertThat(page.locator("#status")).hasText("6 tokens.");
        tab.settle();
        assertThat(page.locator("#texts h3"))
                .hasText(new String[] {"Without the patch", "Patched: layer 2 at position 2"});
        String patch = patch("2:2=3", "resid_post");
        assertThat(words(1)).isEqualTo(tokens(chat.formatted(", \"tokens\": 6" + patch)));
        assertThat(words(0)).isEqualTo(tokens(chat.formatted(", \"tokens\": 6")));
        assertThat(page.locator("#command"))
                .hasText(
                        "./entropy-lens profile --model chat --tokens 6 --patch 2:2=3 --patch-at resid_post --patch-from '%s' --top-p-set 0.9 --top-k 10 --stats kl,next --chat '%s'"
                                .formatted(FROM, TO));
        page.uncheck("#chat");
        assertThat(page.locator("#patch-status")).containsText("measure both again");
    }

    /// The tokens of a text on the page.
    private Object words(int text) {
        return page.locator("#texts .strip")
                .nth(text)
                .locator(".token")
                .evaluateAll("all => all.map((one) => one.textContent)");
    }

    /// Those that the server generates.
    private List<String> tokens(String body) {
        String ids = served.json("profile", body).get("generated_ids").toString();
        return served
                .json("tokenise", "{\"token_ids\": " + ids + "}")
                .get("tokens")
                .values()
                .stream()
                .map(JsonNode::asString)
                .toList();
    }

    @Test
    void textsOfAHostileModelArePatchedAndNothingIsCutOff() {
        page.setViewportSize(380, 800);
        page.navigate(served.url("/#model=hostile"));
        assertThat(page.locator("#facts")).containsText("blocks");
        page.click("#patch > summary");
        page.fill("#patch-from", "abcd");
        page.fill("#patch-to", "efgh");
        page.click("#patch-start");
        assertThat(page.locator("#patch-status")).containsText("Take a cell");
        map(0).focus();
        map(0).press("Enter");
        map(1).focus();
        map(1).press("Enter");
        assertThat(page.locator("#patch-status")).hasText(DONE);
        tab.assertNothingIsCutOff();
        assertThat(page.title()).isEqualTo("entropy-lens explorer");
        assertThat(page.locator("#patch script, #patch img")).hasCount(0);
    }
}
