package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A page in the browser. When it is closed, nothing may have been complained of, and nothing asked
/// for elsewhere.
final class Tab implements AutoCloseable {
    private final List<String> complaints = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final BrowserContext context;
    private final Page page;

    Tab(Browser browser) {
        this(browser, new NewContextOptions());
    }

    Tab(Browser browser, NewContextOptions options) {
        context = browser.chromium().newContext(options);
        context.setDefaultTimeout(Browser.PATIENCE);
        page = context.newPage();
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
        page.onDialog(dialog -> complaints.add("dialog " + dialog.message()));
        page.onRequest(request -> requests.add(request.url()));
        page.setViewportSize(1300, 1000);
    }

    Page page() {
        return page;
    }

    /// Addresses that were asked for, so far.
    List<String> requests() {
        return requests;
    }

    /// What the browser said of it, so far.
    List<String> complaints() {
        return complaints;
    }

    /// 1 and 1.0 are the same number.
    static @Nullable Object plain(JsonNode json) {
        if (json.isArray()) {
            return json.values().stream().map(Tab::plain).toList();
        }
        if (json.isObject()) {
            Map<String, @Nullable Object> plain = new LinkedHashMap<>();
            json.properties().forEach(entry -> plain.put(entry.getKey(), plain(entry.getValue())));
            return plain;
        }
        return json.isNumber() ? (Object) json.asDouble() : json.toString();
    }

    /// Waits until all is drawn that the page knows: what its status says may be a frame ahead.
    void settle() {
        PlaywrightAssertions.assertThat(page.locator("#map")).hasAttribute("aria-busy", "false");
    }

    /// The middle of a cell of a map, in the map; counted from the left of what is in view and from
    /// the lowest layer.
    static Position cell(Locator map, int column, int layer) {
        BoundingBox box = map.boundingBox();
        return new Position(34 + (column + 0.5) * 58, box.height - 20 - (layer + 0.5) * 34);
    }

    static void click(Locator map, int column, int layer) {
        map.click(new Locator.ClickOptions().setPosition(cell(map, column, layer)));
    }

    static void hover(Locator map, int column, int layer) {
        map.hover(new Locator.HoverOptions().setPosition(cell(map, column, layer)));
    }

    /// What a map looks like once it is painted: with the frame after the next at the latest.
    static String pixels(Locator map) {
        return (String)
                map.evaluate(
                        """
                        (canvas) => new Promise((done) =>
                          requestAnimationFrame(() => requestAnimationFrame(() => done(canvas.toDataURL()))))\
                        """);
    }

    /// No wider than the screen.
    void assertNothingIsCutOff() {
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(page.viewportSize().width);
    }

    @Override
    public void close() {
        context.close();
        assertThat(complaints).isEmpty();
        assertThat(requests)
                .allMatch(url -> url.matches("(http://127\\.0\\.0\\.1:\\d+/|blob:|file:).*"));
    }
}
