package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Studies that ask in the user's own wordings, on a model of the zoo and few texts.
class StudyWordingsTest {
    private static final int FAILED = 1;

    private static final String TASKS =
            "\"tasks\": {\"continuation\": [\"And then?\", \"Go on!\"], \"counting\": [\"How long is it?\", \"Count!\"], \"semantic\": [\"What is it about?\", \"Who or what is the story about?\"]}";
    private static final String FORMATS =
            "\"formats\": {\"chat\": [\"Talk of {topic}.\"], \"poem\": [\"Sing of {topic}.\"], \"scientific note\": [\"Study {topic}.\", \"Explain {topic}.\"]}";

    @TempDir Path folder;

    private Path wordings;
    private Path run;

    @BeforeEach
    void places() {
        wordings = folder.resolve("my wordings.json");
        run = folder.resolve("run");
    }

    private void write(String... studies) throws IOException {
        Files.writeString(wordings, "{" + String.join(", ", studies) + "}");
    }

    private Cli study(String studies, String... more) {
        List<String> args = new ArrayList<>(List.of("study"));
        args.addAll(List.of(studies.split(" ")));
        args.addAll(List.of("--model", "tinytown-llama-4", "--wordings", wordings.toString()));
        args.addAll(List.of("--samples", "4", "--tokens", "8", "-o", run.toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private Cli quick(String studies, String... more) {
        List<String> args = new ArrayList<>(List.of("--preset", "quick"));
        args.addAll(List.of(more));
        return study(studies, args.toArray(String[]::new));
    }

    private JsonNode report() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(run.resolve("report.json")));
    }

    private String queried(String sql) {
        return Cli.run("query", "--run", run.toString(), "--format", "csv", sql).succeeded().out();
    }

    @Test
    void tasksAreAskedInTheUsersWordingsAndTheReportSaysSo() throws IOException {
        write(TASKS);
        Cli cli = quick("tasks").succeeded();
        assertThat(queried("SELECT DISTINCT label, wording FROM texts ORDER BY label, wording"))
                .isEqualToNormalizingNewlines(
                        """
                        label,wording
                        continuation,And then?
                        continuation,Go on!
                        counting,Count!
                        counting,How long is it?
                        semantic,What is it about?
                        semantic,Who or what is the story about?
                        """);
        assertThat(cli.out())
                .contains("whatever the wording: ")
                .contains(
                        "(Trained on Tinytown, whose text has such questions on stories, asked for in 1 of these 6 wordings among others.)");
        JsonNode report = report();
        assertThat(report.required("sections").get(0).required("protocol").get(0).stringValue())
                .contains("in 2 wordings, the user's, of my wordings.json and in four variants");
        assertThat(report.required("facts").required("wordings").stringValue())
                .matches("my wordings\\.json, sha256 [0-9a-f]{64}");
        assertThat(ShellWords.of(report.required("command").stringValue()))
                .containsSequence("--wordings", wordings.toString());
    }

    @Test
    void aRunDoesNotGoOnInOtherWordings() throws IOException {
        write(TASKS);
        quick("tasks").succeeded();
        quick("tasks", "--resume").succeeded();
        write(TASKS.replace("Count!", "Count them!"));
        Cli changed = quick("tasks", "--resume");
        assertThat(changed.code()).isEqualTo(FAILED);
        assertThat(changed.err())
                .containsPattern(
                        "inputs\\.wordings is \"[0-9a-f]{64}\" there, but \"[0-9a-f]{64}\" here");
        Cli without =
                Cli.run(
                        ("study tasks --model tinytown-llama-4 --samples 4 --tokens 8 --preset quick --resume -o "
                                        + run)
                                .split(" "));
        assertThat(without.code()).isEqualTo(FAILED);
        assertThat(without.err()).contains("inputs.wordings is").contains("absent here");
    }

    /// Two formats have one wording: nothing can be learnt from others.
    @Test
    void formatsOfOneWordingAreNotJudgedInOthers() throws IOException {
        write(FORMATS);
        Cli cli = quick("formats").succeeded();
        assertThat(cli.out())
                .contains("(iii) profiles tell output formats apart: ")
                .contains(
                        "(iii) profiles tell output formats apart, whatever the wording: not testable")
                .contains(
                        "'chat', 'poem' are asked for in one wording, so nothing can be learnt from others; give each class two or more.")
                .contains("chats, poems and notes, asked for in none of these wordings.");
        assertThat(
                        queried(
                                "SELECT count(DISTINCT prompt) FROM texts WHERE prompt LIKE 'Explain the %' OR prompt LIKE 'Explain %.%'"))
                .contains("2");
    }

    /// There the published code's one wording is not Tinytown's but the user's, and all are asked.
    @Test
    void thePresetOfThePaperAsksInAllOfTheUsersWordings() throws IOException {
        write(TASKS, FORMATS);
        study("tasks formats", "--preset", "paper").succeeded();
        assertThat(
                        queried(
                                "SELECT count(DISTINCT wording) FROM texts WHERE study = 'formats' AND label = 'scientific note'"))
                .contains("2");
        assertThat(queried("SELECT count(DISTINCT wording) FROM texts WHERE study = 'tasks'"))
                .contains("6");
    }

    @Test
    void wordingsOfAStudyThatIsNotDoneAreRefusedBeforeAnythingIsWritten() throws IOException {
        write(TASKS, FORMATS);
        for (String studies : List.of("tasks", "strategies", "families skip")) {
            Cli cli = quick(studies);
            assertThat(cli.code()).isEqualTo(FAILED);
            assertThat(cli.err())
                    .contains("my wordings.json: has wordings of '")
                    .contains("but the studies of this run are ")
                    .contains("or take its wordings out of the file");
            assertThat(run).doesNotExist();
        }
    }

    @Test
    void theExampleOfTheDocumentationCanBeUsed() throws IOException {
        String page = Files.readString(Path.of("../docs/method.md"));
        int from = page.indexOf("```json", page.indexOf("## `--wordings`")) + "```json".length();
        Files.writeString(wordings, page.substring(from, page.indexOf("```", from)));
        assertThat(quick("tasks formats").succeeded().out()).doesNotContain("not testable");
    }

    @Test
    void aFileThatCannotBeUsedIsNamedWithItsPlaceInOneLine() throws IOException {
        write(FORMATS.replace("Sing of {topic}.", "Sing."));
        Cli cli = quick("formats");
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err().strip())
                .doesNotContain("\n")
                .contains(
                        "my wordings.json: formats.poem[0] must have the placeholder {topic} once");
        assertThat(run).doesNotExist();
    }
}
