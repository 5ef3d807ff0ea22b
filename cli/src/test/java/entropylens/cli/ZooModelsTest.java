package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The models that ship are found by their names, used where none is named, and listed.
class ZooModelsTest {
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    @TempDir Path folder;

    private FakeZoo zoo;

    @BeforeEach
    void open() {
        zoo = FakeZoo.of(folder);
    }

    @AfterEach
    void close() {
        zoo.close();
    }

    @Test
    void withoutAModelTheDefaultIsUsedAndNamed() {
        Cli run = Cli.run("profile", "--tokens", "4", "once upon a time");
        assertThat(run.succeeded().out()).startsWith("tinytown-llama-8 · llama · 3 blocks");
    }

    @Test
    void jsonNamesTheDefaultToo() {
        Cli run = Cli.run("profile", "--format", "json", "--tokens", "1", "once");
        JsonNode model = run.succeeded().json().required("model");
        assertThat(model.required("name").asString()).isEqualTo("tinytown-llama-8");
        assertThat(model.required("path").asString())
                .isEqualTo(zoo.model("tinytown-llama-8").toString());
    }

    @Test
    void aWrongCommandLineIsNotAboutTheModel() {
        Cli run = Cli.run("profile");
        assertThat(run.code()).isEqualTo(WRONG);
        assertThat(run.err()).contains("a prompt is needed").doesNotContain("tinytown");
    }

    @Test
    void aModelOfTheZooHasItsName() {
        Cli run = Cli.profile(Path.of("tinytown-gpt2-4"), "--token-ids 5,6 --tokens 2");
        assertThat(run.succeeded().out()).startsWith("tinytown-gpt2-4 · gpt2 · ");
        assertThat(Cli.run("models", "--check", "tinytown-gpt2-4").succeeded().out())
                .startsWith(zoo.model("tinytown-gpt2-4").toString());
    }

    @Test
    void theCacheOfTheHubComesAfterTheZoo() throws IOException {
        Path cached = folder.resolve("models--tinytown-gpt2-4/snapshots/" + "0".repeat(40));
        Files.createDirectories(cached);
        Map<String, String> environment = Map.of("HF_HUB_CACHE", folder.toString());
        Cli run = Cli.run(environment, "models", "--check", "tinytown-gpt2-4");
        assertThat(run.succeeded().out()).startsWith(zoo.root.toString());
    }

    @Test
    void aTypingErrorIsAnsweredWithTheNearestName() {
        Map<String, String> environment = Map.of("HF_HUB_CACHE", folder.toString());
        Cli run = Cli.run(environment, "profile", "--model", "tinytown-lama-8", "x");
        assertThat(run.code()).isEqualTo(FAILED);
        assertThat(run.err())
                .contains("tinytown-lama-8: there is no such directory")
                .contains("did you mean tinytown-llama-8, which ships with entropy-lens?");
        assertThat(Cli.run(environment, "profile", "--model", "gpt2", "x").err())
                .doesNotContain("did you mean");
    }

    @Test
    void aProfileIsOfOneModel() {
        Cli run = Cli.run("profile", "--model", "a", "--model", "b", "x");
        assertThat(run.code()).isEqualTo(WRONG);
        assertThat(run.err())
                .contains("--model is given 2 times (a, b), but profile takes one model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"profile x", "models", "profile --model tinytown-llama-8 x"})
    void withoutAZooItSaysWhatToDo(String command) {
        try (FakeZoo none = FakeZoo.none(folder.resolve("none"))) {
            Cli run = Cli.run(Map.of("HF_HUB_CACHE", folder.toString()), command.split(" "));
            assertThat(run.code()).isEqualTo(FAILED);
            assertThat(run.err())
                    .contains(none.root + ": the directory of the models that ship")
                    .contains("or name a model of your own with --model");
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void theListHasALineForEachModel() {
        assertThat(Cli.run("models").succeeded().out().lines().toList())
                .startsWith(
                        "Models that ship with entropy-lens, for --model:",
                        "",
                        "model               family  blocks  width  parameters   loss  trigrams  knowledge  context",
                        "tinytown-gpt2-4     gpt2         4     96     812,345  1.250     2.500     95.3 %   75.0 %",
                        "tinytown-llama-8 *  llama        8     96     812,345  1.250     2.500     95.3 %   75.0 %",
                        "",
                        "* is used where no --model is given. loss: nats a token of texts that it was not trained on;");
    }

    @ParameterizedTest
    @CsvSource({"80, 80", "120, 100", "20, 72", "0, 100"})
    void aNarrowTerminalGetsANarrowList(String terminal, int widest) {
        System.setProperty("entropylens.stdout.columns", terminal);
        try {
            List<String> lines = Cli.run("models").succeeded().out().lines().toList();
            assertThat(lines).allMatch(line -> Columns.width(line) <= widest);
            assertThat(lines.get(2))
                    .contains("model", "parameters", "loss", "knowledge", "context");
        } finally {
            System.clearProperty("entropylens.stdout.columns");
        }
    }

    @Test
    void theListAsJsonHasWhatTheCardsSay() {
        JsonNode json = Cli.run("models", "--format", "json").succeeded().json();
        assertThat(json.required("default").asString()).isEqualTo("tinytown-llama-8");
        assertThat(json.required("path").asString()).isEqualTo(zoo.root.toString());
        assertThat(json.required("models")).hasSize(2);
        JsonNode model = json.required("models").get(1);
        assertThat(model.required("name").asString()).isEqualTo("tinytown-llama-8");
        assertThat(model.required("path").asString())
                .isEqualTo(zoo.model("tinytown-llama-8").toString());
        assertThat(model.required("tokens_seen").asLong()).isEqualTo(3_000_000_000L);
        assertThat(model.required("heldout_loss").asDouble()).isEqualTo(1.25);
        assertThat(model.at("/accuracy/knowledge/correct").asInt()).isEqualTo(381);
        assertThat(model.at("/accuracy/context/low").asDouble()).isEqualTo(0.7);
    }

    @Test
    void theListCanBeWrittenToAFile() throws IOException {
        Path file = folder.resolve("zoo.txt");
        assertThat(Cli.run("models", "-o", file.toString()).succeeded().out()).isEmpty();
        assertThat(Files.readString(file)).contains("tinytown-gpt2-4");
        assertThat(Cli.run("models", "-o", file.toString()).err()).contains("--force");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--context 5", "--batch 1", "--threads 2", "--as llama", "--untrained 1"})
    void whatSaysHowToCheckNeedsAModelToCheck(String option) {
        Cli run = Cli.run(("models " + option).split(" "));
        assertThat(run.code()).isEqualTo(WRONG);
        assertThat(run.err())
                .contains(option.split(" ")[0] + " has no effect without --check MODEL");
    }

    @Test
    void aDamagedCardIsNamed() throws IOException {
        Path card = zoo.model("tinytown-gpt2-4").resolve("card.json");
        TestModel.edit(card, "\"width\": 96,", "");
        Cli run = Cli.run("models");
        assertThat(run.code()).isEqualTo(FAILED);
        assertThat(run.err()).contains(card + ": width is missing, but must be an integer");
    }
}
