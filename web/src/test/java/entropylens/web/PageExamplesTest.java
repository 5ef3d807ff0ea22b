package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The examples of the pages run as they stand there, against an explorer that runs.
class PageExamplesTest {
    private static final String ADDRESS = "http://127.0.0.1:7878";
    private static final String STORY = "{\"prompt\": \"Once upon a time\", \"tokens\": 8}";
    private static final String PYTHON =
            Optional.ofNullable(System.getenv("PYTHON")).orElse("python3");

    @TempDir static Path folder;

    private static Served served;

    @BeforeAll
    static void start() throws IOException {
        Map<String, Path> models = new LinkedHashMap<>();
        models.put("tinytown-llama-8", Served.ZOO.resolve("tinytown-llama-8"));
        models.put("Qwen/Qwen3-0.6B", TownChat.in(folder));
        served = Served.start(models);
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    /// The blocks of a language on a page, with the address of the explorer that runs.
    private static List<String> blocks(String page, String language) throws IOException {
        Matcher found =
                Pattern.compile("(?s)```" + language + "\n(.*?)```")
                        .matcher(Files.readString(Path.of("../docs", page)));
        List<String> blocks = new ArrayList<>();
        while (found.find()) {
            assertThat(found.group(1)).contains(ADDRESS);
            blocks.add(found.group(1).replace(ADDRESS, served.url("")));
        }
        return blocks;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Path said = Files.createTempFile(folder, "said", ".txt");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectError(said.toFile())
                        .start();
        process.getOutputStream().close();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("%s: %s", String.join(" ", command), Files.readString(said))
                .isZero();
        return printed;
    }

    private static void requireProgram(String what, String... command) throws InterruptedException {
        boolean there;
        try {
            there = new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            there = false;
        }
        assumeTrue(there, () -> what + " is not here, so an example of the pages was not run");
    }

    private static void requirePython(String packages) throws InterruptedException {
        requireProgram("python3 with " + packages, PYTHON, "-c", "import " + packages);
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static JsonNode profile() {
        return served.json("profile", STORY);
    }

    @Test
    void curl() throws Exception {
        requireProgram("curl", "curl", "--version");
        List<String> blocks = blocks("api.md", "sh");
        assertThat(blocks).hasSize(1);
        String printed = run("sh", "-e", "-c", blocks.getFirst());
        JsonNode profile = json(printed.substring(0, printed.indexOf("event: start")));
        assertThat(profile.get("entropy")).isEqualTo(profile().get("entropy"));
        List<Served.Event> events = Served.parse(printed.substring(printed.indexOf("event: ")));
        assertThat(events).hasSize(10);
        assertThat(events.get(1).data().get("top_ids").get(0).get(0)).hasSize(5);
        assertThat(events.get(3).data().get("entropy").get(0))
                .isEqualTo(profile().get("entropy").get(2));
    }

    @Test
    void curlOfOpenAi() throws Exception {
        requireProgram("curl", "curl", "--version");
        List<String> blocks = blocks("openai.md", "sh");
        assertThat(blocks).hasSize(1);
        JsonNode choice = json(run("sh", "-e", "-c", blocks.getFirst())).get("choices").get(0);
        assertThat(choice.get("text")).isEqualTo(profile().get("text"));
        assertThat(choice.at("/logprobs/entropy_profile")).isEqualTo(profile().get("entropy"));
    }

    @Test
    void pythonWithPandas() throws Exception {
        requirePython("requests, pandas");
        String printed = run(PYTHON, "-c", blocks("api.md", "python").get(0));
        JsonNode profile = profile();
        List<String> lines = printed.lines().toList();
        assertThat(lines).hasSize(8);
        for (int layer = 0; layer < 8; layer++) {
            double mean = profile.get("profile").get(0).get(layer).asDouble();
            assertThat(lines.get(layer).split(" +"))
                    .containsExactly(
                            String.valueOf(layer + 1), String.format(Locale.ROOT, "%.4f", mean));
        }
    }

    @Test
    void pythonThatStreams() throws Exception {
        requirePython("requests");
        List<String> blocks = blocks("api.md", "python");
        assertThat(blocks).hasSize(2);
        assertThat(run(PYTHON, "-c", blocks.get(1)).lines()).hasSize(8);
    }

    @Test
    void pythonOfOpenAi() throws Exception {
        requirePython("openai");
        List<String> blocks = blocks("openai.md", "python");
        assertThat(blocks).hasSize(1);
        assertThat(run(PYTHON, "-c", blocks.getFirst()).lines())
                .isNotEmpty()
                .allMatch(line -> line.matches(".+ -?[0-9.e-]+ \\[([0-9.e-]+, ){3}[0-9.e-]+]"));
    }

    @Test
    void java() throws Exception {
        List<String> blocks = blocks("api.md", "java");
        assertThat(blocks).hasSize(1);
        Path program = Files.writeString(folder.resolve("Example.java"), blocks.getFirst());
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> lines = run(java, program.toString()).lines().toList();
        assertThat(lines).hasSize(10);
        assertThat(json(lines.get(8).substring("data: ".length())).get("entropy").get(0))
                .isEqualTo(profile().get("entropy").get(7));
    }

    /// What a page says of fields is what the server takes.
    @Test
    void thePageNamesEveryFieldOfOpenAi() throws IOException {
        String page = Files.readString(Path.of("../docs/openai.md"));
        for (OpenAiShape shape : List.of(OpenAiShape.TEXT, OpenAiShape.CHAT)) {
            assertThat(shape.names()).allMatch(name -> page.contains("`" + name + "`"));
        }
        assertThat(page)
                .contains("1 to %,d;".formatted(Limits.TOKENS))
                .contains("or up to %d ".formatted(OpenAiFields.MOST_STOPS))
                .contains("up to %d alternatives".formatted(OpenAiFields.MOST_ALTERNATIVES))
                .contains("%d texts in all".formatted(Limits.SAMPLES))
                .contains("`" + OpenAiTokens.PROFILE + "`");
    }
}
