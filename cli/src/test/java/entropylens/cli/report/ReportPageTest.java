package entropylens.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The page in a real browser. Skipped where there is none: see [Browser].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportPageTest {
    private static final int CHARTS = 7;
    private static final int VERDICTS = 10;

    private final List<String> complaints = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private Browser browser;
    private BrowserContext context;
    private Page page;
    private String address;

    @BeforeAll
    void openBrowser(@TempDir Path folder) throws IOException {
        browser = Browser.open();
        Path file = folder.resolve("report.html");
        try (OutputStream out = Files.newOutputStream(file)) {
            ReportPage.write(InventedReport.report(), out);
        }
        address = file.toUri().toString();
    }

    @AfterAll
    void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openPage() {
        complaints.clear();
        requests.clear();
        context = browser.chromium().newContext();
        context.setDefaultTimeout(Browser.PATIENCE);
        page = context.newPage();
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
        page.onDialog(dialog -> complaints.add("dialog " + dialog.message()));
        page.onRequest(request -> requests.add(request.url()));
        page.setViewportSize(1200, 900);
        page.navigate(address);
    }

    @AfterEach
    void nothingWasComplainedOfOrAskedFor() {
        assertThat(complaints).isEmpty();
        assertThat(requests)
                .allMatch(url -> url.equals(address) || url.matches("(?s)(data|blob):.*"));
        context.close();
    }

    @Test
    void everyChartIsDrawn() {
        assertThat(page.locator("figure").count()).isEqualTo(CHARTS);
        assertThat(page.locator("figure .plot svg").count()).isEqualTo(CHARTS);
        for (int chart = 0; chart < CHARTS; chart++) {
            assertThat(page.locator("figure").nth(chart).locator(".plot svg path").count())
                    .as("shapes of chart " + chart)
                    .isGreaterThan(10);
        }
    }

    /// Half a pixel is lost to rounding.
    @Test
    void noNameInAChartIsCutOffAtTheLeft() {
        for (Locator plot : page.locator("figure .plot svg").all()) {
            Object cut =
                    plot.evaluate(
                            """
                            svg => [...svg.querySelectorAll('text')]
                              .filter(text => text.getBoundingClientRect().left < svg.getBoundingClientRect().left - 0.5)
                              .map(text => text.textContent)\
                            """);
            assertThat((List<?>) cut).isEmpty();
        }
    }

    @Test
    void everyVerdictSaysItsOutcomeInWords() {
        List<String> words = page.locator(".model .pill").allInnerTexts();
        assertThat(words)
                .hasSize(VERDICTS)
                .containsAll(Arrays.stream(Outcome.values()).map(Outcome::words).toList());
        assertThat(page.locator(".model .pill svg path[d]").count()).isEqualTo(VERDICTS);
    }

    @Test
    void outcomesAreToldApartByColourAndIconToo() {
        Set<Object> colours = new HashSet<>();
        Set<Object> icons = new HashSet<>();
        for (Locator pill : page.locator(".counts .pill").all()) {
            colours.add(pill.evaluate("pill => getComputedStyle(pill).color"));
            icons.add(pill.locator("path").getAttribute("d"));
        }
        assertThat(colours).hasSize(Outcome.values().length);
        assertThat(icons).hasSize(Outcome.values().length);
    }

    @Test
    void evidenceStandsBesideItsVerdictAndSaysTheSameWithoutScripts() {
        List<String> shown = page.locator(".finding .detail").allTextContents();
        for (Evidence evidence :
                List.of(InventedReport.EVIDENCE, InventedReport.HOSTILE_EVIDENCE)) {
            assertThat(shown).contains(inOneLine(evidence));
        }
        assertThat(shown).as("no empty lines where nothing is known").doesNotContain("");
        context.close();
        context =
                browser.chromium()
                        .newContext(
                                new com.microsoft.playwright.Browser.NewContextOptions()
                                        .setJavaScriptEnabled(false));
        Page plain = context.newPage();
        plain.navigate(address);
        assertThat(plain.locator("noscript li .faint").allTextContents())
                .containsExactly(
                        inOneLine(InventedReport.EVIDENCE),
                        inOneLine(InventedReport.HOSTILE_EVIDENCE));
        assertThat(plain.locator("noscript table").first().isVisible()).isTrue();
        assertThat(plain.locator("noscript img").count()).isZero();
    }

    private static String inOneLine(Evidence evidence) {
        return Numbers.typographic(String.join(" · ", EvidenceWords.of(evidence)));
    }

    @Test
    void hostileTextIsShownAsItIs() {
        assertThat(page.locator("#chart-one-model h3").textContent())
                .isEqualTo(InventedReport.HOSTILE);
        assertThat(page.locator("main img, main iframe, main script").count()).isZero();
        assertThat(page.locator(".facts dt").allTextContents())
                .contains("__proto__", InventedReport.HOSTILE);
        assertThat(page.evaluate("() => ({}).polluted")).isNull();
    }

    @Test
    void theLegendHidesAndShowsSeries() {
        Locator figure = page.locator("#chart-tasks");
        Locator first = figure.locator(".legend-series").first();
        int all = figure.locator(".plot svg path").count();
        first.click();
        assertThat(first.getAttribute("aria-pressed")).isEqualTo("false");
        assertThat(figure.locator(".plot svg path").count()).isLessThan(all);
        first.focus();
        page.keyboard().press("Enter");
        assertThat(first.getAttribute("aria-pressed")).isEqualTo("true");
        assertThat(figure.locator(".plot svg path").count()).isEqualTo(all);
    }

    @Test
    void hoveringShowsNumbers() {
        Locator plot = page.locator("#chart-distances .plot");
        plot.scrollIntoViewIfNeeded();
        var box = plot.boundingBox();
        page.mouse().move(box.x + box.width / 2, box.y + box.height / 2);
        Locator tip = page.locator("#chart-distances .tip");
        tip.waitFor();
        assertThat(tip.locator(".tip-value").first().innerText()).matches("[0-9.]+");
    }

    @Test
    void dataAreSavedWithAllDigits() throws IOException {
        List<String> lines = saved("#chart-one-model", "CSV").lines().toList();
        assertThat(lines).hasSize(13).first().isEqualTo("series,group,control,x,y,low,high");
        assertThat(lines.get(1)).isEqualTo("__proto__,__proto__,false,1,0.3,,");
        String name = "\"" + InventedReport.HOSTILE.replace("\"", "\"\"") + "\"";
        assertThat(lines.get(7)).isEqualTo(name + ",constructor,false,1,0.5,0.3,0.7");
        assertThat(lines.get(9)).isEqualTo(name + ",constructor,false,3,,,");
        assertThat(saved("#chart-distances", "CSV").lines().skip(1).findFirst().orElseThrow())
                .isEqualTo("alfa-2m,alfa-2m,0");
        assertThat(saved("#chart-skipping", "CSV")).contains("\r\nalfa-2m,alfa,false,all blocks,");
    }

    @Test
    void picturesAreSaved() throws IOException {
        for (String chart :
                List.of("#chart-profiles", "#chart-map", "#chart-skipping", "#chart-changes")) {
            Path png = download(chart, "PNG").path();
            assertThat(Files.readAllBytes(png))
                    .startsWith(0x89, 'P', 'N', 'G')
                    .hasSizeGreaterThan(20_000);
            assertThat(saved(chart, "SVG"))
                    .startsWith("<svg")
                    .contains("</svg>")
                    .hasSizeGreaterThan(5_000);
        }
    }

    @Test
    void tablesAreSortedByAColumn() {
        Locator head = page.locator(".table .sort").nth(2);
        head.click();
        assertThat(page.locator(".table tbody td:nth-child(3)").allInnerTexts())
                .containsExactly("−0.040", "0.520", "0.710", "0.830");
        head.click();
        assertThat(page.locator(".table tbody td:nth-child(3)").first().innerText())
                .isEqualTo("0.830");
        assertThat(page.locator(".table tbody td:nth-child(4)").last().innerText()).isEqualTo("–");
    }

    @Test
    void theThemeIsThatOfTheSystemUntilOneIsChosen() {
        String light = paper();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        String dark = paper();
        assertThat(dark).isNotEqualTo(light);
        page.locator("button.theme").click();
        assertThat(paper()).isEqualTo(light);
        page.locator("button.theme").click();
        assertThat(paper()).isEqualTo(dark);
    }

    @Test
    void paperIsLightAndHasNoButtons() {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        page.waitForCondition(() -> axisColour().equals("#e8eaed"));
        page.emulateMedia(
                new Page.EmulateMediaOptions()
                        .setColorScheme(ColorScheme.DARK)
                        .setMedia(Media.PRINT));
        page.waitForCondition(() -> axisColour().equals("#1b1f24"));
        assertThat(paper()).isEqualTo("rgb(255, 255, 255)");
        assertThat(page.locator(".buttons").first().isVisible()).isFalse();
        assertThat(new String(page.pdf(), StandardCharsets.ISO_8859_1)).startsWith("%PDF");
    }

    @Test
    void aPhoneNeverScrollsSideways() {
        page.setViewportSize(360, 740);
        page.waitForCondition(() ->
                (int)
                                page.evaluate(
                                        "() => document.querySelector('#chart-profiles .plot').clientWidth")
                        < 360);
        assertThat(page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(360);
    }

    @Test
    void everythingThatIsPressedHasAName() {
        assertThat(page.locator("html").getAttribute("lang")).isEqualTo("en");
        for (Locator button : page.locator("button").all()) {
            String name = button.getAttribute("aria-label");
            assertThat((name == null ? "" : name) + button.textContent()).isNotBlank();
        }
        for (Locator plot : page.locator(".plot").all()) {
            assertThat(plot.getAttribute("aria-label")).contains("Show data");
        }
        page.locator("#chart-changes summary").click();
        Locator rows = page.locator("#chart-changes details tbody tr");
        rows.nth(23).waitFor(); // filled once the browser says that it is open
        assertThat(rows.count()).isEqualTo(24);
    }

    private String paper() {
        return (String) page.evaluate("() => getComputedStyle(document.body).backgroundColor");
    }

    /// Of the names of categories: ink.
    private String axisColour() {
        String script =
                "() => [...document.querySelectorAll('#chart-tasks .plot text')].find(t => t.textContent === 'count').getAttribute('fill')";
        return (String) page.evaluate(script);
    }

    private Download download(String chart, String format) {
        Locator button =
                page.locator(chart + " .figure-head button")
                        .filter(new Locator.FilterOptions().setHasText(format));
        Download download = page.waitForDownload(button::click);
        assertThat(download.suggestedFilename())
                .isEqualTo(
                        chart.replace("#chart-", "")
                                + "."
                                + format.toLowerCase(java.util.Locale.ROOT));
        return download;
    }

    private String saved(String chart, String format) throws IOException {
        return Files.readString(download(chart, format).path());
    }
}
