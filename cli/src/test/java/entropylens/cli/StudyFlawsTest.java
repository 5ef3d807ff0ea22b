package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.offset;

import entropylens.study.workbench.Flaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The flaws of the published code, one by one: what a run says of each, and that another run
/// without it finds what was said. One story has several lines, and one is long.
class StudyFlawsTest {
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    @TempDir static Path folder;

    private static Path stories;
    private static Path flawed;

    @BeforeAll
    static void aRunWithAllFlaws() throws IOException {
        stories = folder.resolve("stories.jsonl");
        String sentence = "%s went to the river, and it was cold. Then %s slept.";
        Files.writeString(
                stories,
                Stream.of("The fox", "An owl", "Rosa", "Pip the cat", "The baker", "A bee")
                        .map(who ->
                                sentence.formatted(who, who).repeat(who.equals("A bee") ? 28 : 1))
                        .map(text -> text.replace("cold. Then The", "cold.\nThen the"))
                        .map(text -> JsonMapper.shared().writeValueAsString(List.of(text)))
                        .map(list ->
                                "{\"text\": %s}\n".formatted(list.substring(1, list.length() - 1)))
                        .reduce("", String::concat));
        flawed = folder.resolve("flawed");
        study(flawed).succeeded();
    }

    private static Cli study(Path run, String... more) {
        return study("tasks formats", run, more);
    }

    private static Cli study(String studies, Path run, String... more) {
        List<String> args = new ArrayList<>(List.of("study"));
        args.addAll(List.of(studies.split(" ")));
        args.addAll(List.of("--preset", "paper", "--model", "tinytown-llama-4"));
        args.addAll(List.of("--samples", "6", "--tokens", "24"));
        args.addAll(List.of("--stories", stories.toString(), "-o", run.toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private static JsonNode report(Path run) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(run.resolve("report.json")));
    }

    /// Rows of a flaw in a study: in this run, figure, with, without, the other way.
    private static List<List<String>> rows(Path run, String flaw, String study) throws IOException {
        JsonNode sections = report(run).required("sections");
        JsonNode table = sections.get(sections.size() - 1).required("tables").get(0);
        assertThat(table.required("title").stringValue())
                .isEqualTo("Flaws of the published procedure");
        return table.required("rows").values().stream()
                .map(row -> row.values().stream().map(JsonNode::asString).toList())
                .filter(row -> row.get(0).equals(flaw) && row.get(1).equals(study))
                .map(row -> row.subList(3, row.size()))
                .toList();
    }

    /// The figure of the first verdict of a study.
    private static double auc(Path run, String study) throws IOException {
        return report(run).required("verdicts").values().stream()
                .filter(verdict -> verdict.required("study").stringValue().equals(study))
                .findFirst()
                .orElseThrow()
                .required("value")
                .asDouble();
    }

    /// What one run says of another from the same texts is what the other finds.
    @ParameterizedTest
    @CsvSource({
        "past-end, tasks",
        "past-end, formats",
        "ungrouped-folds, tasks",
        "ungrouped-folds, formats",
        "folds-in-order, formats",
        "same-wordings, tasks",
    })
    void theFigureWithoutAFlawIsThatOfTheRunWithoutIt(String flaw, String study)
            throws IOException {
        List<String> said = rows(flawed, flaw, study).getLast();
        assertThat(said.getFirst()).isEqualTo("on");
        assertThat(said.getLast()).isEqualTo("the same texts");
        Path run = folder.resolve(flaw + "-" + study);
        study(study, run, "--correct", flaw).succeeded();
        assertThat(auc(run, study)).isEqualTo(Double.parseDouble(said.get(3)), offset(1e-12));
        assertThat(rows(run, flaw, study).getLast().getFirst()).isEqualTo("corrected");
        assertThat(report(run).required("facts").required("corrected").stringValue())
                .isEqualTo(flaw);
    }

    @Test
    void textsEndWithTheirEndTokenWhereThatIsCorrected() {
        String sql =
                "SELECT count(*) > 0 FROM texts WHERE study = 'tasks' AND len(generated_ids) < 24";
        assertThat(query(flawed, sql)).contains("false");
        Path run = folder.resolve("ended");
        study("tasks", run, "--correct", "past-end").succeeded();
        assertThat(query(run, sql)).contains("true");
    }

    /// Texts that do not tell: the figure of this run, and the command of the other.
    @ParameterizedTest
    @CsvSource({
        "scrambled-in-place, tasks",
        "words-at-blanks, tasks",
        "bare-prompts, tasks",
        "long-prompts-dropped, tasks",
        "one-wording, formats",
        "same-wordings, formats",
    })
    void aFlawOfThePromptsHasTheCommandThatMeasuresIt(String flaw, String study)
            throws IOException {
        List<String> said = rows(flawed, flaw, study).getLast();
        assertThat(Double.parseDouble(said.get(2))).isEqualTo(auc(flawed, study), offset(1e-12));
        assertThat(said.get(3)).isEqualTo("–");
        List<String> words = ShellWords.of(said.getLast());
        assertThat(words)
                .startsWith("entropy-lens", "study", "--correct", flaw, "tasks")
                .containsSequence("-o", flawed + "-without-" + flaw);
        String[] command = words.subList(1, words.size()).toArray(String[]::new);
        assertThatCode(() -> Main.commandLine(new Main()).parseArgs(command))
                .doesNotThrowAnyException();
    }

    @Test
    void longPromptsAreCountedAndTheirStoriesCutWhereThatIsCorrected() throws IOException {
        int dropped =
                Integer.parseInt(rows(flawed, "long-prompts-dropped", "tasks").getFirst().get(2));
        assertThat(dropped).isPositive();
        String sql =
                "SELECT count(*) FROM texts WHERE study = 'tasks' AND model NOT LIKE '%untrained%'";
        assertThat(query(flawed, sql)).contains(Integer.toString(6 * 24 - dropped));
        Path run = folder.resolve("cut");
        study("tasks", run, "--correct", "long-prompts-dropped").succeeded();
        assertThat(query(run, sql)).contains(Integer.toString(6 * 24));
        assertThat(rows(run, "long-prompts-dropped", "tasks").getFirst())
                .startsWith("corrected", "prompts that are too long", "24", "0");
    }

    @Test
    void storiesWhoseWordsAreCutOtherwiseAreCounted() throws IOException {
        assertThat(rows(flawed, "words-at-blanks", "tasks").getFirst())
                .containsExactly(
                        "on", "stories whose words are cut otherwise", "2", "0", "the same texts");
    }

    @Test
    void formatsOfOneWordingCannotBeJudgedInOthersUntilThatIsCorrectedAsWell() throws IOException {
        Path run = folder.resolve("one");
        assertThat(study("formats", run, "--correct", "same-wordings").succeeded().out())
                .contains("whatever the wording: not testable")
                .contains("correct one-wording as well");
        Path both = folder.resolve("both");
        assertThat(
                        study("formats", both, "--correct", "same-wordings,one-wording")
                                .succeeded()
                                .out())
                .doesNotContain("not testable");
        assertThat(rows(both, "one-wording", "formats").getFirst().getLast())
                .startsWith("entropy-lens study --correct same-wordings formats")
                .contains("-with-one-wording");
    }

    @Test
    void theMapOfFamiliesGoesOnWhereThatIsCorrected() throws IOException {
        Path flawedMap = folder.resolve("map");
        Path longer = folder.resolve("longer");
        String more = "--model tinytown-gpt2-4";
        study("families", flawedMap, more.split(" ")).succeeded();
        study("families", longer, (more + " --correct short-tsne").split(" ")).succeeded();
        assertThat(map(longer)).isNotEqualTo(map(flawedMap));
        assertThat(rows(flawedMap, "begin-twice", "families").getFirst())
                .startsWith("on", "every figure of the study", "–", "–")
                .last()
                .asString()
                .contains("--correct begin-twice");
    }

    private static String map(Path run) throws IOException {
        return report(run).required("sections").get(0).required("charts").values().stream()
                .filter(chart -> chart.required("id").stringValue().equals("families-tsne"))
                .findFirst()
                .orElseThrow()
                .toString();
    }

    private static String query(Path run, String sql) {
        return Cli.run("query", "--run", run.toString(), "--format", "csv", sql).succeeded().out();
    }

    @Test
    void aRunDoesNotGoOnWithOtherFlaws() {
        Cli other = study(flawed, "--resume", "--correct", "past-end");
        assertThat(other.code()).isEqualTo(FAILED);
        assertThat(other.err()).contains("corrected is absent there, but \"past-end\" here");
    }

    @Test
    void correctionsThatCannotBeAreRefusedWithWhatThereIs() throws IOException {
        refused(
                "past-ends",
                "--correct: there is no flaw 'past-ends'; there are scrambled-in-place, ");
        refused(
                "begin-twice",
                "begin-twice is a flaw of strategies, families, and the studies of this run are tasks, formats; leave it out");
        refused(
                "ungrouped-folds,folds-in-order",
                "folds-in-order changes nothing beside ungrouped-folds");
        Cli quick =
                Cli.run(
                        ("study tasks --preset quick --correct past-end -o " + folder.resolve("no"))
                                .split(" "));
        assertThat(quick.code()).isEqualTo(WRONG);
        assertThat(quick.err())
                .contains("preset quick has no flaws of the published code; give --preset paper");
        Path wordings = folder.resolve("w.json");
        Files.writeString(
                wordings,
                "{\"formats\": {\"chat\": [\"A {topic}\"], \"poem\": [\"B {topic}\"], \"scientific note\": [\"C {topic}\"]}}");
        Cli own =
                study(
                        folder.resolve("no"),
                        "--wordings",
                        wordings.toString(),
                        "--correct",
                        "one-wording");
        assertThat(own.code()).isEqualTo(FAILED);
        assertThat(own.err())
                .contains("--correct one-wording changes nothing: the wordings of ")
                .contains("w.json are all asked; leave it out");
    }

    private static void refused(String corrected, String said) {
        Path run = folder.resolve("no");
        Cli cli = study(run, "--correct", corrected);
        assertThat(cli.code()).isEqualTo(WRONG);
        assertThat(cli.err()).contains(said);
        assertThat(run).doesNotExist();
    }

    @Test
    void theCommandOfAnotherRunDiffersByTheFlawAlone() {
        List<String> given =
                List.of("study", "tasks", "--output=a b", "--correct=past-end", "--resume");
        EnumSet<Flaw> both = EnumSet.of(Flaw.PAST_END, Flaw.BARE_PROMPTS);
        assertThat(StudyFlawOptions.other(given, both, Flaw.BARE_PROMPTS))
                .containsExactly(
                        "study",
                        "--correct",
                        "bare-prompts,past-end",
                        "tasks",
                        "--output=a b-without-bare-prompts");
        assertThat(
                        StudyFlawOptions.other(
                                List.of("study", "--correct", "past-end", "-o", "x", "tasks"),
                                EnumSet.noneOf(Flaw.class),
                                Flaw.PAST_END))
                .containsExactly("study", "-o", "x-with-past-end", "tasks");
    }

    @Test
    void everyFlawIsInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("../docs/method.md"));
        assertThat(Flaw.values()).allMatch(flaw -> page.contains("| `" + flaw.word() + "` |"));
    }
}
