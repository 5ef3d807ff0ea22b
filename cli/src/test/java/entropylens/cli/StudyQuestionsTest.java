package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Studies on a file of questions. What is wrong with it is said in one line, before a model is
/// loaded and before anything is written.
class StudyQuestionsTest {
    private static final int FAILED = 1;
    private static final Path SMALL = Path.of("../zoo/models/tinytown-llama-4");
    private static final String GOOD =
            "{\"question\": \"What is %d?\", \"choices\": [\"a\", \"b\", \"c\", \"d\"], \"answer\": %d}\n";

    @TempDir Path folder;

    private Cli study(String studies, Path model, Path questions, String... more) {
        List<String> args = new ArrayList<>(List.of("study"));
        args.addAll(List.of(studies.split(" ")));
        args.addAll(
                List.of(
                        "--preset",
                        "quick",
                        "--questions",
                        questions.toString(),
                        "--model",
                        model.toString(),
                        "-o",
                        folder.resolve("run").toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private Path good(int count) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(GOOD.formatted(i, i % 4));
        }
        return Files.writeString(folder.resolve("good.jsonl"), lines);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    three.jsonl | {"question": "Q", "choices": ["a", "b", "c"], "answer": 0} | three.jsonl: line 2, column 'choices': holds 3 options, not four
                    other.jsonl | {"question": "Q", "options": ["a", "b", "c", "d"], "answer": 0} | other.jsonl: line 2: there is no column 'choices'; there are 'question', 'options', 'answer'
                    key.jsonl   | {"question": "Q", "choices": ["a", "b", "c", "d"], "answer": 7} | key.jsonl: line 2, column 'answer': is 7, but must be 0 to 3, or A to D
                    kind.txt    | What is it? | kind.txt: is plain text
                    csv.csv     | question,choices,answer | csv.csv: line 1
                    """)
    void aBadFileIsRefusedBeforeAModelIsLookedFor(String name, String row, String message)
            throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, GOOD.formatted(1, 1) + row + "\n");
        refused(file, message);
    }

    @Test
    void mixedEncodingsAreRefused() throws IOException {
        Path file = folder.resolve("mixed.jsonl");
        String latin = GOOD.formatted(2, 2).replace("What", "Où");
        Files.writeString(file, GOOD.formatted(1, 1));
        Files.write(
                file,
                latin.getBytes(StandardCharsets.ISO_8859_1),
                java.nio.file.StandardOpenOption.APPEND);
        refused(file, "mixed.jsonl: line 2");
    }

    private void refused(Path file, String message) {
        for (String study : List.of("skip", "correctness")) {
            Cli cli = study(study, folder.resolve("no such model"), file, "--strict");
            assertThat(cli.code()).isEqualTo(FAILED);
            assertThat(cli.out()).isEmpty();
            assertThat(cli.err()).contains(message).hasLineCount(1);
            assertThat(folder.resolve("run")).doesNotExist();
        }
    }

    @Test
    void aModelWithoutLettersIsRefusedBeforeAnythingIsWritten() throws IOException {
        Path model = TestModel.withTokenizer(folder);
        Cli cli = study("skip", model, good(8));
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err()).contains("its tokenizer writes the letter A").hasLineCount(1);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void tooManyShotsAreRefusedBeforeAnythingIsWritten() throws IOException {
        Cli cli = study("correctness", SMALL, good(40), "--shots", "20");
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err())
                .contains("with 20 shots and 8 generated ones")
                .contains("the context of tinytown-llama-4 holds 256; use fewer --shots")
                .hasLineCount(1);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void questionsThatCannotBeMeasuredAreLeftOutAndCounted() throws IOException {
        Path file = good(12);
        String tooLong = GOOD.formatted(1, 1).replace("What", "What is the " + "old ".repeat(300));
        String three = "{\"question\": \"Q\", \"choices\": [\"a\", \"b\", \"c\"], \"answer\": 0}\n";
        Files.writeString(file, Files.readString(file) + three + tooLong.repeat(2));
        Cli cli = study("correctness", SMALL, file);
        assertThat(cli.code()).isEqualTo(0);
        String row = "good.jsonl: line 13, column 'choices': holds 3 options, not four";
        assertThat(cli.err()).contains("correctness leaves out: ").contains(row);
        Path run = folder.resolve("run");
        JsonNode manifest =
                JsonMapper.shared().readTree(Files.readString(run.resolve("manifest.json")));
        JsonNode counts = manifest.required("details").required("rows_left_out");
        int leftOut = counts.required("correctness").asInt();
        // one of three questions is kept apart, which may be one that is too long
        assertThat(leftOut).isBetween(2, 3);
        assertThat(cli.err()).hasLineCount(leftOut);
        JsonNode report =
                JsonMapper.shared().readTree(Files.readString(run.resolve("report.json")));
        assertThat(report.required("sections").get(0).required("notes").toString())
                .contains(
                        "Left out, since they cannot be measured: %d questions".formatted(leftOut))
                .contains(row)
                .contains(
                        "but the context of tinytown-llama-4 holds 256; leave it out, or shorten it");
        assertThat(run.resolve("problems.parquet")).isRegularFile();
        Cli again = study("correctness", SMALL, file, "--resume");
        assertThat(again.code()).isEqualTo(0);
    }

    @Test
    void aQuestionThatIsTooLongStopsAStrictRun() throws IOException {
        Path file = good(8);
        String tooLong = GOOD.formatted(1, 1).replace("What", "What is the " + "old ".repeat(300));
        Files.writeString(file, tooLong.repeat(4) + Files.readString(file));
        Cli cli = study("correctness", SMALL, file, "--strict");
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err())
                .containsPattern("good.jsonl: line [1-4]: question '[1-4]' takes 6\\d\\d tokens")
                .contains("but the context of tinytown-llama-4 holds 256")
                .hasLineCount(1);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aUsersQuestionsAreAnswered() throws IOException {
        Cli cli = study("skip correctness", SMALL, good(12), "--shots", "1").succeeded();
        assertThat(cli.out())
                .contains(
                        "(iv) the more a block expands, the more loss it costs to skip it, given its depth: not testable")
                .contains("(v2) the profile tells right answers from wrong ones: not testable");
        Path run = folder.resolve("run");
        JsonNode report =
                JsonMapper.shared().readTree(Files.readString(run.resolve("report.json")));
        JsonNode skip = report.required("sections").get(0);
        assertThat(skip.required("id").asString()).isEqualTo("skip");
        assertThat(skip.required("protocol").toString())
                .contains("9 of the 12 questions in good.jsonl")
                .contains("1 answered question before each");
        assertThat(run.resolve("answers.parquet")).isRegularFile();
        assertThat(run.resolve("losses.parquet")).isRegularFile();
        assertThat(run.resolve("skip-accuracy-tinytown-llama-4.png")).isRegularFile();
    }
}
