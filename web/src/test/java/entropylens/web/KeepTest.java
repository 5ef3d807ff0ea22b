package entropylens.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;

/// Pictures as SVG, and the lines of Python.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeepTest {
    private static final String PROMPT = "Write a poem about the baker.";

    @TempDir Path folder;

    private Browser browser;
    private Served served;

    @BeforeAll
    void open(@TempDir Path models) throws IOException {
        browser = Browser.open();
        Map<String, Path> all = new LinkedHashMap<>();
        all.put("llama", Served.LLAMA);
        all.put("hostile", HostileModel.in(models));
        served = Served.start(all);
        PlaywrightAssertions.setDefaultAssertionTimeout(Browser.PATIENCE);
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
            served.close();
        }
    }

    private Tab generate(String model, String prompt) {
        Tab tab = new Tab(browser);
        tab.page().navigate(served.url("/#tokens=6&model=" + model));
        assertThat(tab.page().locator("#facts")).containsText("blocks");
        tab.page().fill("#prompt", prompt);
        tab.page().locator("#prompt").press("Enter");
        assertThat(tab.page().locator("#status")).hasText(Pattern.compile("^\\d tokens[.;].*"));
        tab.settle();
        return tab;
    }

    private static Document svg(Page page, String picture) throws Exception {
        Path file =
                page.waitForDownload(() ->
                                page.click(
                                        "button[aria-label='Keep " + picture + " as SVG']:visible"))
                        .path();
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static List<String> words(Document svg) {
        NodeList texts = svg.getElementsByTagName("text");
        List<String> words = new ArrayList<>();
        for (int i = 0; i < texts.getLength(); i++) {
            words.add(texts.item(i).getTextContent());
        }
        return words;
    }

    @Test
    void everyPictureIsKeptAsSvg() throws Exception {
        try (Tab tab = generate("llama", PROMPT)) {
            Page page = tab.page();
            Tab.click(page.locator("#maps canvas").last(), 2, 2);
            Document map = svg(page, "map");
            // a rectangle and the top token of 6 × 4 cells; 4 layers; a token above and one below
            assertThat(map.getElementsByTagName("rect").getLength()).isGreaterThanOrEqualTo(24);
            assertThat(words(map)).hasSize(24 + 4 + 6 + 6);
            assertThat(map.getElementsByTagName("title").item(0).getTextContent())
                    .isEqualTo("Model as it is: Entropy H");
            assertThat(words(svg(page, "profile"))).contains("layer", "depth", "H, nats", "0.25");
            Document ranks = svg(page, "ranks");
            assertThat(ranks.getElementsByTagName("circle").getLength()).isEqualTo(4);
            assertThat(ranks.getDocumentElement().hasAttribute("class")).isFalse();
        }
    }

    @Test
    void aHostileTokenLeavesAPictureWellFormed() throws Exception {
        try (Tab tab = generate("hostile", "abc")) {
            Document map = svg(tab.page(), "map");
            assertThat(map.getElementsByTagName("script").getLength()).isZero();
            assertThat(words(map)).noneMatch(word -> word.matches("(?s).*[\\p{Cc}\\p{Cf}].*"));
        }
    }

    /// With the machine's own Python, where it has both packages.
    @Test
    void theLinesOfPythonPrintTheEntropiesOfTheProfile() throws Exception {
        String prompt = "Who's \"the\" baker\\\nof $HOME, \u202eré?";
        JsonNode profile;
        String lines;
        try (Tab tab = generate("llama", prompt)) {
            lines = tab.page().locator("#python").innerText();
        }
        assertThat(lines).contains("\"tokens\": 6").contains("\\u202e").contains("api/v1/profile");
        profile =
                served.json(
                        "profile",
                        "{\"tokens\": 6, \"prompt\": \"Who's \\\"the\\\" baker\\\\\\nof $HOME, \\u202eré?\"}");
        String printed = python(lines);
        List<String> rows = printed.strip().lines().toList();
        assertThat(rows).hasSize(1 + profile.get("entropy").size());
        for (int row = 0; row < profile.get("entropy").size(); row++) {
            String[] cells = rows.get(1 + row).strip().split("\\s+");
            for (int layer = 0; layer < 4; layer++) {
                double expected = profile.get("entropy").get(row).get(layer).asDouble();
                assertThat(Double.parseDouble(cells[1 + layer]))
                        .isCloseTo(expected, org.assertj.core.data.Offset.offset(0.0005001));
            }
        }
    }

    private String python(String lines) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("repeat.py"), lines);
        Process ready = start("-c", "import pandas, requests");
        Assumptions.assumeTrue(
                ready.waitFor(120, TimeUnit.SECONDS) && ready.exitValue() == 0,
                "python3 with requests and pandas is not on this machine, so the lines were not run");
        Process process = start(script.toString());
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return Assumptions.abort("there is no python3 on this machine: " + e.getMessage());
        }
    }
}
