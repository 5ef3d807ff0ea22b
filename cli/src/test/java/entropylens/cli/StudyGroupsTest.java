package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The study of a user's labelled prompts, on a shipped model.
class StudyGroupsTest {
    private static final int FAILED = 1;
    private static final int WRONG = 2;
    private static final Path MODEL = Path.of("../zoo/models/tinytown-llama-4");
    private static final Path EXAMPLE = Path.of("../docs/examples/questions-and-statements.csv");

    @TempDir Path folder;

    private Cli study(Path prompts, String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "study",
                                "groups",
                                "--preset",
                                "quick",
                                "--prompts",
                                prompts.toString(),
                                "--model",
                                MODEL.toString(),
                                "-o",
                                run().toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private Path run() {
        return folder.resolve("run");
    }

    private JsonNode json(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(run().resolve(name)));
    }

    private static JsonNode verdict(JsonNode report, String claim) {
        return StreamSupport.stream(report.required("verdicts").spliterator(), false)
                .filter(one -> one.required("claim").asString().equals(claim))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void questionsAreToldFromStatementsByTheirLastTokenAndARunGoesOn() throws IOException {
        Cli cli = study(EXAMPLE, "--label", "kind", "--group", "topic").succeeded();
        JsonNode report = json("report.json");
        JsonNode more =
                verdict(
                        report,
                        "(iii) profiles tell the labels of 'kind' apart better than what is known without them");
        assertThat(more.required("sentence").asString())
                .contains("the hardest is “last prompt token alone”");
        assertThat(more.required("outcome").asString()).isEqualTo("not_supported");
        assertThat(cli.out()).contains("(iii) mean profiles of the labels of 'kind' differ: ");
        JsonNode section = report.required("sections").get(0);
        assertThat(section.required("protocol").toString())
                .contains("48 prompts of ")
                .contains("question (24), statement (24)")
                .contains("of which there are 24");
        for (String file :
                List.of("inputs.parquet", "texts.parquet", "profiles.parquet", "groups-auc.png")) {
            assertThat(run().resolve(file)).isRegularFile();
        }
        assertThat(run().resolve("problems.parquet")).doesNotExist();
        byte[] before = Files.readAllBytes(run().resolve("report.json"));
        Cli again = study(EXAMPLE, "--label", "kind", "--group", "topic", "--resume");
        again.succeeded();
        assertThat(again.out()).isEqualTo(cli.out());
        JsonNode resumed = json("report.json");
        assertThat(resumed.required("sections")).isEqualTo(section(before));
        Cli other = study(EXAMPLE, "--label", "topic", "--resume");
        assertThat(other.code()).isEqualTo(FAILED);
    }

    private static JsonNode section(byte[] report) {
        return JsonMapper.shared().readTree(report).required("sections");
    }

    @Test
    void rowsThatCannotBeMeasuredAreLeftOutAndCounted() throws IOException {
        Path file = folder.resolve("own.jsonl");
        String good = "{\"text\": \"%s number %d\", \"class\": %s, \"reply\": \" is here\"}\n";
        String rows =
                IntStream.range(0, 18)
                        .mapToObj(i ->
                                good.formatted(
                                        i % 3 == 0 ? "A big house" : "The little dog", i, i % 3))
                        .collect(Collectors.joining());
        Files.writeString(
                file,
                rows
                        + "{\"text\": \"No class\"}\n{\"text\": \"\", \"class\": 1}\n"
                        + good.formatted("long ".repeat(300), 1, "2")
                        + "{\"text\": \"A list\", \"class\": [1]}\n");
        Cli cli = study(file, "--label", "class", "--answer-column", "reply");
        assertThat(cli.code()).isEqualTo(0);
        assertThat(cli.err())
                .contains("own.jsonl: line 19")
                .contains("own.jsonl: line 20, column 'text': is empty")
                .contains("own.jsonl: line 21: tinytown-llama-4: its ")
                .contains("tokens do not fit the model's context of 256")
                .contains("own.jsonl: line 22")
                .hasLineCount(4);
        assertThat(
                        json("manifest.json")
                                .required("details")
                                .required("rows_left_out")
                                .required("groups")
                                .asInt())
                .isEqualTo(4);
        JsonNode section = json("report.json").required("sections").get(0);
        assertThat(section.required("protocol").toString())
                .contains("18 prompts of ")
                .contains("0 (6), 1 (6), 2 (6)")
                .contains("the answer in column 'reply'");
        assertThat(section.required("tables").toString()).contains("Rows left out: 4");
        assertThat(run().resolve("problems.parquet")).isRegularFile();
        Cli strict = study(file, "--label", "class", "--strict");
        assertThat(strict.code()).isEqualTo(FAILED);
        assertThat(strict.err()).contains("own.jsonl: line 19").hasLineCount(1);
    }

    @Test
    void everyPositionOfThePromptIsMeasuredWhereThatIsWanted() throws IOException {
        study(EXAMPLE, "--label", "kind", "--positions", "prompt").succeeded();
        JsonNode report = json("report.json");
        assertThat(report.toString())
                .contains("Measured is every position of the prompt")
                .contains("bag of prompt tokens")
                .doesNotContain("bag of generated tokens");
    }

    @Test
    void columnsThatCannotBeComparedAreRefusedByNameBeforeAnythingIsWritten() throws IOException {
        refused("kid", "there is no column 'kid' (did you mean 'kind'?); there are 'prompt'");
        refused("prompt", "column 'prompt': holds 48 different values for 48 prompts, such as ");
        refused(
                "topic",
                "column 'topic': holds 24 different labels, such as 'baker', 'ball', 'bird'; at most 20");
        Path file = folder.resolve("few.csv");
        Files.writeString(
                file,
                "prompt,one,rare,group\n"
                        + IntStream.range(0, 12)
                                .mapToObj(i ->
                                        "dog %d,x,%s,%d\n".formatted(i, i < 2 ? "a" : "b", i / 6))
                                .collect(Collectors.joining()));
        refused(file, "one", "column 'one': all 12 prompts have the label 'x'");
        refused(file, "rare", "column 'rare': too few prompts have the label 'a' (2); each");
        Cli grouped = study(EXAMPLE, "--label", "kind", "--group", "kind");
        assertThat(grouped.code()).isEqualTo(FAILED);
        assertThat(grouped.err())
                .contains("label 'question' is found in 1 of the groups (--group)")
                .hasLineCount(1);
    }

    private void refused(String label, String message) {
        refused(EXAMPLE, label, message);
    }

    private void refused(Path file, String label, String message) {
        Cli cli = study(file, "--label", label);
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err()).contains(file.toString()).contains(message).hasLineCount(1);
        assertThat(run()).doesNotExist();
    }

    @Test
    void optionsThatDoNotGoTogetherAreWrong() {
        wrong("give their file (--prompts FILE)", "study", "groups", "-o", run().toString());
        wrong(
                "--label: is for the study groups",
                "study",
                "tasks",
                "--label",
                "kind",
                "-o",
                run().toString());
        assertThat(study(EXAMPLE, "--label", "kind", "--preset", "paper").code()).isNotEqualTo(0);
        Cli tokens = study(EXAMPLE, "--label", "kind", "--positions", "prompt", "--tokens", "4");
        assertThat(tokens.code()).isEqualTo(WRONG);
        assertThat(tokens.err()).contains("nothing is generated");
    }

    private static void wrong(String message, String... args) {
        Cli cli = Cli.run(args);
        assertThat(cli.code()).isEqualTo(WRONG);
        assertThat(cli.err()).contains(message);
    }
}
