package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The studies that tell classes apart, on a model of the zoo and few texts.
class ClassStudiesTest {
    private static final int FAILED = 1;

    @TempDir Path folder;

    private Cli study(String study, Path run, String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "study",
                                study,
                                "--preset",
                                "quick",
                                "--model",
                                "tinytown-llama-4",
                                "-o",
                                run.toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private static JsonNode section(Path run) throws IOException {
        return report(run).required("sections").get(0);
    }

    private static JsonNode report(Path run) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(run.resolve("report.json")));
    }

    @Test
    void tasksEndWithAVerdictChartsAndTablesAndGoOnAsTheyWere() throws IOException {
        Path run = folder.resolve("run");
        study("tasks", run, "--samples", "4", "--tokens", "3").succeeded();
        String report = report(run).required("verdicts").toString() + section(run);
        assertThat(report).contains("AUC of profiles, folds by story").contains("0.948 to 0.984");
        // and a heat map of a text of each class
        assertThat(section(run).required("charts").size()).isEqualTo(4 + 3);
        for (String picture : List.of("auc", "variants", "confusion", "profile")) {
            assertThat(run.resolve("tasks-" + picture + ".png")).isRegularFile();
        }
        study("tasks", run, "--samples", "4", "--tokens", "3", "--resume").succeeded();
        assertThat(report(run).required("verdicts").toString() + section(run)).isEqualTo(report);
    }

    @Test
    void formatsAreReadInAllOrdersAndWindows() throws IOException {
        Path run = folder.resolve("run");
        study("formats", run, "--samples", "4", "--tokens", "12").succeeded();
        JsonNode charts = section(run).required("charts");
        assertThat(charts.size()).isEqualTo(5 + 3);
        assertThat(charts.get(1).required("categories").size()).isEqualTo(6);
        // ln V everywhere tells nothing
        assertThat(charts.get(1).required("series").get(0).required("y").get(0).asDouble())
                .isEqualTo(0.5);
        Cli query =
                Cli.run(
                        "query",
                        "--run",
                        run.toString(),
                        "--format",
                        "csv",
                        "SELECT count(*), min(renyi_0), max(renyi_0), count(renyi_0_5), bool_and(renyi_0_5 >= entropy - 1e-4 AND entropy >= renyi_2 - 1e-4 AND renyi_2 >= renyi_5 - 1e-4 AND renyi_5 >= renyi_inf - 1e-4) FROM profiles");
        String[] found =
                query.succeeded().out().lines().skip(1).findFirst().orElseThrow().split(",");
        assertThat(Double.parseDouble(found[1])).isEqualTo(Math.log(1024), within());
        assertThat(found[2]).isEqualTo(found[1]);
        assertThat(found[3]).isEqualTo(found[0]);
        assertThat(found[4]).isEqualTo("true");
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-5);
    }

    @Test
    void storiesOfTheUsersAreAskedAboutAndLongOnesAreCut() throws IOException {
        String sentence = "The fox and the owl went to the river. ";
        Path stories = folder.resolve("stories.jsonl");
        Files.writeString(
                stories,
                IntStream.range(0, 4)
                        .mapToObj(i ->
                                "{\"tale\": \"%d: %s\"}\n"
                                        .formatted(i, sentence.repeat(i == 2 ? 200 : 3).strip()))
                        .reduce("", String::concat));
        Path run = folder.resolve("run");
        study(
                        "tasks",
                        run,
                        "--stories",
                        stories.toString(),
                        "--story-column",
                        "tale",
                        "--tokens",
                        "2")
                .succeeded();
        JsonNode tables = section(run).required("tables");
        JsonNode prompts = tables.get(tables.size() - 1);
        assertThat(prompts.required("title").asString()).isEqualTo("Prompts");
        JsonNode row = prompts.required("rows").get(0);
        assertThat(row.get(1).asInt()).isEqualTo(4);
        assertThat(row.get(2).asInt()).isEqualTo(1);
        assertThat(row.get(6).asInt()).isBetween(200, 254);
        Cli query =
                Cli.run(
                        "query",
                        "--run",
                        run.toString(),
                        "--format",
                        "csv",
                        "SELECT count(*), count(DISTINCT prompt) FROM texts WHERE model = 'tinytown-llama-4' AND len(prompt_ids) + 2 <= 256");
        assertThat(query.succeeded().out()).contains("96,96");
    }

    @Test
    void fewerTextsThanFoldsNeedAreNotTested() {
        Cli cli = study("formats", folder.resolve("run"), "--samples", "2", "--tokens", "8");
        assertThat(cli.succeeded().out())
                .contains(
                        "(iii) profiles tell output formats apart, whatever the wording: not testable")
                .contains("occurs in 2 topics, and at least 3 are needed; give more --samples");
    }

    @Test
    void aFileThatCannotBeUsedIsSaidInOneLineBeforeAnythingIsWritten() throws IOException {
        refused("a.jsonl", bytes("{\"text\": \"Good.\"}\n{\"text\": \"\"}\n"), "line 2", "'text'");
        refused("b.jsonl", bytes("{\"title\": \"x\", \"body\": \"y\"}\n"), "b.jsonl", "'text'");
        refused("c.csv", new byte[] {'t', 'e', 'x', 't', '\n', (byte) 0xe9, 'x', '\n'}, "line 2");
        refused("d.txt", new byte[] {(byte) 0x89, 'P', 'N', 'G'}, "d.txt", "PNG");
        refused("e.parquet", bytes("no parquet"), "e.parquet", "Parquet");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void refused(String name, byte[] content, String... said) throws IOException {
        Path stories = folder.resolve(name);
        Files.write(stories, content);
        Path run = folder.resolve("run");
        Cli cli = study("tasks", run, "--stories", stories.toString());
        assertThat(cli.code()).as(cli.err()).isEqualTo(FAILED);
        assertThat(cli.err().strip()).doesNotContain("\n").contains(name).contains(said);
        assertThat(run).doesNotExist();
    }

    @Test
    void aColumnThatIsNotThereIsNamed() throws IOException {
        Path stories = folder.resolve("stories.csv");
        Files.writeString(stories, "id,story\n1,Once.\n");
        Path run = folder.resolve("run");
        Cli cli = study("tasks", run, "--stories", stories.toString(), "--story-column", "tale");
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err()).contains("stories.csv").contains("'tale'");
        assertThat(run).doesNotExist();
    }

    @Test
    void aStoryThatDoesNotFitAtAllIsSaidWithWhatToDo() {
        Path run = folder.resolve("run");
        Cli cli = study("tasks", run, "--samples", "3", "--tokens", "250");
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err()).contains("use fewer --tokens").doesNotContain("unexpected");
    }
}
