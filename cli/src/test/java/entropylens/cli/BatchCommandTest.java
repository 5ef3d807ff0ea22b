package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A file of prompts through a model, and what is kept of it.
class BatchCommandTest {
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    @TempDir Path folder;

    private Path model;

    @BeforeEach
    void model() {
        model = TestModel.withTokenizer(folder);
    }

    private Cli batch(Path prompts, Path run, String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "batch",
                                "--model",
                                model.toString(),
                                "--prompts",
                                prompts.toString(),
                                "-o",
                                run.toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    private Path prompts(int count) throws IOException {
        String[] lines = new String[count];
        for (int i = 0; i < count; i++) {
            lines[i] =
                    "{\"prompt\": \"one two three%s\", \"n\": %d, \"of\": \"%s\"}"
                            .formatted(" and more".repeat(i % 3), i, i % 2 == 0 ? "a" : "b");
        }
        return file("prompts.jsonl", lines);
    }

    private static List<String> rows(Path run, String sql) {
        Cli query = Cli.run("query", "--run", run.toString(), "--format", "csv", sql);
        assertThat(query.code()).isZero();
        return query.out().lines().skip(1).sorted().toList();
    }

    private static List<String> measured(Path run) {
        return rows(run, "SELECT text_id, token, layer, entropy, top_ids FROM profiles");
    }

    @Test
    void everyPromptIsMeasuredAndItsColumnsAreKept() throws IOException {
        Path run = folder.resolve("run");
        Cli cli = batch(prompts(7), run, "--tokens", "3").succeeded();
        assertThat(cli.out()).contains("7 prompts; 7 texts measured now");
        assertThat(
                        rows(
                                run,
                                "SELECT text_id, len(generated_ids) FROM texts WHERE group_id = '000000002'"))
                .containsExactly("000000002,3");
        Cli typed =
                Cli.run(
                        "query",
                        "--run",
                        run.toString(),
                        "--format",
                        "csv",
                        "SELECT t.text_id, i.columns->>'of' AS o FROM texts t JOIN inputs i ON t.group_id = i.input_id ORDER BY 1 LIMIT 2");
        assertThat(typed.out().lines().skip(1)).containsExactly("000000001,a", "000000002,b");
        assertThat(run.resolve("profiles.parquet")).isRegularFile();
        assertThat(run.resolve("inputs.parquet")).isRegularFile();
        assertThat(run.resolve("problems.parquet")).doesNotExist();
    }

    @Test
    void columnsOfAnyNameAreKeptWithTheirTypes() throws IOException {
        Path run = folder.resolve("run");
        Path odd =
                file(
                        "odd.jsonl",
                        "{\"prompt\": \"one\", \"a/b~c\": 1, \"q\\\"'.$\": 0.5, \"\": true, \"Input_ID\": \"x\", \"l\": [1, 2]}",
                        "{\"prompt\": \"two\", \"a/b~c\": null, \"\": false, \"l\": \"text\"}");
        batch(odd, run, "--positions", "prompt").succeeded();
        assertThat(run.resolve("inputs.parquet")).isRegularFile();
        assertThat(parquet(run.resolve("inputs.parquet")))
                .contains("a/b~c BIGINT 1", "q\"'.$ DOUBLE 0.5", "_ BOOLEAN true")
                .contains("Input_ID_ VARCHAR x", "l VARCHAR [1,2]", "input_id VARCHAR 000000001");
    }

    /// Name, type and first value of every column.
    private static List<String> parquet(Path file) throws IOException {
        List<String> columns = new ArrayList<>();
        try (java.sql.Connection duckdb = java.sql.DriverManager.getConnection("jdbc:duckdb:");
                java.sql.Statement statement = duckdb.createStatement();
                java.sql.ResultSet rows =
                        statement.executeQuery("SELECT * FROM '" + file + "' ORDER BY input_id")) {
            rows.next();
            java.sql.ResultSetMetaData types = rows.getMetaData();
            for (int i = 1; i <= types.getColumnCount(); i++) {
                columns.add(
                        "%s %s %s"
                                .formatted(
                                        types.getColumnName(i),
                                        types.getColumnTypeName(i),
                                        rows.getString(i)));
            }
            return columns;
        } catch (java.sql.SQLException e) {
            throw new IOException(e);
        }
    }

    @Test
    void everyPointAskedForHasItsRows() throws IOException {
        Path prompts = prompts(4);
        String[] options = {"--tokens", "2", "--embedding", "--stats", "kl"};
        Path plain = folder.resolve("plain");
        batch(prompts, plain, options).succeeded();
        Path points = folder.resolve("points");
        String[] more = Arrays.copyOf(options, options.length + 2);
        more[options.length] = "--at";
        more[options.length + 1] = "attn_out,resid_mid,resid_post";
        batch(prompts, points, more).succeeded();
        assertThat(rows(plain, "SELECT DISTINCT point FROM profiles"))
                .containsExactly("resid_post");
        assertThat(rows(points, "SELECT point, layer, count(*) FROM profiles GROUP BY ALL"))
                .containsExactly(
                        "attn_out,1,8",
                        "attn_out,2,8",
                        "attn_out,3,8",
                        "resid_mid,1,8",
                        "resid_mid,2,8",
                        "resid_mid,3,8",
                        "resid_post,0,8",
                        "resid_post,1,8",
                        "resid_post,2,8",
                        "resid_post,3,8");
        String all = "SELECT * EXCLUDE (run) FROM profiles WHERE point = 'resid_post'";
        assertThat(rows(points, all)).isEqualTo(rows(plain, all));
        assertThat(rows(points, "SELECT entropy FROM profiles WHERE point = 'attn_out'"))
                .doesNotContainAnyElementsOf(rows(plain, "SELECT entropy FROM profiles"));
        assertThat(batch(prompts, points, more).err()).contains("--resume");
        Cli others = batch(prompts, points, "--tokens", "2", "--embedding", "--resume");
        assertThat(others.code()).isEqualTo(FAILED);
        assertThat(others.err())
                .contains("at is [\"attn_out\",\"resid_mid\",\"resid_post\"] there");
    }

    @Test
    void pointsThatAModelLacksAreRefusedBeforeAnythingIsMeasured() throws IOException {
        Path run = folder.resolve("run");
        Path gptj = Path.of("../core/src/test/resources/goldens/gptj-partial");
        Cli cli =
                Cli.run(
                        "batch",
                        "--model",
                        gptj.toString(),
                        "--prompts",
                        prompts(1).toString(),
                        "-o",
                        run.toString(),
                        "--at",
                        "resid_mid");
        assertThat(cli.code()).isEqualTo(FAILED);
        assertThat(cli.err()).contains("--at: there is no resid_mid", "of the family gptj");
        assertThat(run).doesNotExist();
        assertThat(batch(prompts(1), run, "--at", "mid").code()).isEqualTo(WRONG);
    }

    @Test
    void partsAreTogetherTheWholeWhateverRunsBesideAText() throws IOException {
        Path prompts = prompts(11);
        String[] sampled = {"--tokens", "3", "--temperature", "0.9", "--samples", "2"};
        Path whole = folder.resolve("whole");
        batch(prompts, whole, sampled).succeeded();
        List<String> parts = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            Path part = folder.resolve("part-" + i);
            List<String> options = new ArrayList<>(List.of(sampled));
            options.addAll(List.of("--shard", i + "/3", "--batch", String.valueOf(i)));
            batch(prompts, part, options.toArray(String[]::new)).succeeded();
            parts.addAll(measured(part));
        }
        assertThat(parts.stream().sorted().toList())
                .isEqualTo(measured(whole))
                .hasSize(parts.size());
        assertThat(rows(whole, "SELECT DISTINCT text_id FROM texts")).hasSize(22);
    }

    private Path part(Path prompts, int number, int of, String... more) {
        Path run = folder.resolve("part-%d-%d".formatted(number, of));
        List<String> args = new ArrayList<>(List.of("--shard", number + "/" + of));
        args.addAll(List.of(more));
        batch(prompts, run, args.toArray(String[]::new)).succeeded();
        return run;
    }

    private static Cli merge(Path into, Path... parts) {
        List<String> args = new ArrayList<>(List.of("batch", "--merge"));
        Arrays.stream(parts).map(Path::toString).forEach(args::add);
        args.addAll(List.of("-o", into.toString()));
        return Cli.run(args.toArray(String[]::new));
    }

    @Test
    void mergedPartsAreTheUndividedRunByteForByte() throws IOException {
        Path prompts =
                file(
                        "five.jsonl",
                        "{\"prompt\": \"one\", \"n\": 1}",
                        "{\"prompt\": \"two\", \"n\": 2.5}",
                        "{\"prompt\": \"\", \"n\": 3}",
                        "{\"prompt\": \"four five six\", \"n\": 4}",
                        "{\"prompt\": \"seven\", \"m\": 5}");
        String[] how = {"--tokens", "3", "--samples", "2", "--temperature", "1", "--seed", "7"};
        Path whole = folder.resolve("whole");
        batch(prompts, whole, how).succeeded();
        Path one = part(prompts, 1, 2, how);
        Path two = part(prompts, 2, 2, how);
        Path merged = folder.resolve("merged");

        assertThat(merge(merged, two, one).succeeded().out())
                .contains("2 parts: 5 prompts, 8 texts; 1 prompts could not be measured");
        for (String table : List.of("profiles", "texts", "inputs", "problems")) {
            assertThat(merged.resolve(table + ".parquet"))
                    .hasSameBinaryContentAs(whole.resolve(table + ".parquet"));
        }
        assertThat(rows(merged, "SELECT model, family, run FROM runs"))
                .isEqualTo(rows(whole, "SELECT model, family, run FROM runs"))
                .hasSize(1);
        List<String> resume = new ArrayList<>(List.of(how));
        resume.add("--resume");
        assertThat(batch(prompts, merged, resume.toArray(String[]::new)).succeeded().out())
                .contains("everything was measured before");
        assertThat(rows(merged, "SELECT count(*) FROM texts")).containsExactly("8");
    }

    @Test
    void partsThatAreNotAllOfOneFinishedBatchAreNotMerged() throws IOException {
        Path prompts = prompts(5);
        Path one = part(prompts, 1, 2, "--tokens", "2");
        Path two = part(prompts, 2, 2, "--tokens", "2");
        Path other = part(prompts, 2, 3, "--tokens", "3");
        Path into = folder.resolve("into");
        assertThat(merge(into, one).failed(FAILED).err()).contains("parts are missing: 2/2");
        assertThat(merge(into, one, one).failed(FAILED).err()).contains("are both part 1/2");
        assertThat(merge(into, one, other).failed(FAILED).err())
                .contains("tokens is 2 in the first, but 3 in the second");
        assertThat(merge(into, folder.resolve("none")).failed(FAILED).err())
                .contains("holds no run");
        assertThat(
                        Cli.run("batch", "--merge", one.toString(), "--tokens", "3", "-o", "x")
                                .failed(WRONG)
                                .err())
                .contains("--merge measures nothing; leave out --tokens");
        Files.writeString(two.resolve("run.duckdb"), "damaged");
        assertThat(merge(into, one, two).failed(FAILED).err()).contains("cannot be read");
        assertThat(into).doesNotExist();
    }

    @Test
    void whatTheRunBeforeMeasuredIsNotMeasuredAgain() throws IOException {
        Path run = folder.resolve("run");
        Path prompts = prompts(5);
        batch(prompts, run, "--tokens", "2").succeeded();
        byte[] profiles = Files.readAllBytes(run.resolve("profiles.parquet"));
        assertThat(batch(prompts, run, "--tokens", "2").err()).contains("--resume goes on with it");
        Cli resumed = batch(prompts, run, "--tokens", "2", "--resume").succeeded();
        assertThat(resumed.out()).contains("everything was measured before; nothing is left");
        assertThat(Files.readAllBytes(run.resolve("profiles.parquet"))).isEqualTo(profiles);
        assertThat(batch(prompts, run, "--tokens", "3", "--resume").err())
                .contains("tokens is 2 there, but 3 here");
        Files.writeString(prompts, "{\"prompt\": \"another\"}\n");
        assertThat(batch(prompts, run, "--tokens", "2", "--resume").err())
                .contains("prompts[0] is");
    }

    @Test
    void rowsThatCannotBeMeasuredAreNotedAndDoNotStopTheOthers() throws IOException {
        Path prompts =
                file(
                        "prompts.jsonl",
                        "{\"prompt\": \"one\"}",
                        "{\"prompt\": \"\"}",
                        "{\"prompt\": 7}",
                        "{\"other\": \"one\"}",
                        "{\"prompt\": \"" + "word ".repeat(2000) + "\"}",
                        "{\"prompt\": \"two\"}");
        Path run = folder.resolve("run");
        Cli cli = batch(prompts, run, "--tokens", "2").succeeded();
        assertThat(cli.out())
                .contains("6 prompts; 2 texts measured now; 4 prompts could not be measured");
        assertThat(rows(run, "SELECT input_id, reason FROM problems"))
                .satisfiesExactly(
                        row ->
                                assertThat(row)
                                        .contains("000000002")
                                        .contains("line 2")
                                        .contains("is empty"),
                        row -> assertThat(row).contains("line 3").contains("must hold text"),
                        row -> assertThat(row).contains("line 4").contains("no column 'prompt'"),
                        row ->
                                assertThat(row)
                                        .contains("line 5")
                                        .contains("do not fit the model's context"));
        Cli strict = batch(prompts, folder.resolve("strict"), "--tokens", "2", "--strict");
        assertThat(strict.code()).isEqualTo(FAILED);
        assertThat(strict.err()).contains("line 2").contains("without --strict");
    }

    /// The whole as a prompt has the same rows, and more.
    @Test
    void answersAreReadAndNotGenerated() throws IOException {
        Path scored = file("scored.csv", "q,a", "one two three,\" four five\"");
        Path read = folder.resolve("read");
        batch(scored, read, "--prompt-column", "q", "--answer-column", "a").succeeded();
        Path whole = folder.resolve("whole");
        batch(file("whole.txt", "one two three four five"), whole, "--positions", "prompt")
                .succeeded();
        String ids = "SELECT array_to_string(prompt_ids || generated_ids, ' ') FROM texts";
        assertThat(rows(read, ids)).isEqualTo(rows(whole, ids));
        int answer =
                Integer.parseInt(rows(read, "SELECT len(generated_ids) FROM texts").getFirst());
        String entropies = "SELECT position, layer, entropy FROM profiles WHERE position >= ";
        List<String> rows = rows(read, entropies + "0");
        assertThat(rows).hasSize(3 * answer).isNotEmpty();
        String first = rows(read, "SELECT len(prompt_ids) - 1 FROM texts").getFirst();
        String last = rows(whole, "SELECT len(prompt_ids) - 1 FROM texts").getFirst();
        assertThat(rows).isEqualTo(rows(whole, entropies + first + " AND position < " + last));
    }

    @Test
    void aFolderAndStandardInputHoldPromptsToo() throws IOException {
        Path many = Files.createDirectory(folder.resolve("many"));
        Files.writeString(many.resolve("b.txt"), "one two\n\nthree\n");
        Files.writeString(many.resolve("a.jsonl"), "{\"text\": \"four\"}\n");
        Files.writeString(many.resolve(".hidden"), "no");
        Path run = folder.resolve("run");
        batch(many, run, "--positions", "prompt").succeeded();
        assertThat(rows(run, "SELECT prompt FROM texts ORDER BY text_id"))
                .containsExactlyInAnyOrder("four", "one two", "three");
        InputStream before = System.in;
        try {
            System.setIn(
                    new ByteArrayInputStream(
                            "{\"prompt\": \"four\"}\n".getBytes(StandardCharsets.UTF_8)));
            Path piped = folder.resolve("piped");
            batch(Path.of("-"), piped, "--positions", "prompt").succeeded();
            assertThat(rows(piped, "SELECT source_file, source_place FROM inputs"))
                    .containsExactly("standard input,line 1");
            assertThat(rows(piped, "SELECT entropy FROM profiles"))
                    .isEqualTo(
                            rows(run, "SELECT entropy FROM profiles WHERE text_id = '000000001'"));
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void aLoneTextHasTheNumbersOfProfileToRounding() throws IOException {
        Path run = folder.resolve("run");
        batch(file("one.jsonl", "{\"prompt\": \"one two three\"}"), run, "--tokens", "4")
                .succeeded();
        JsonNode alone = Cli.json(model, "--tokens 4 ", "one two three");
        double[] entropies =
                Arrays.stream(Cli.table(alone.get("entropy")))
                        .flatMapToDouble(Arrays::stream)
                        .toArray();
        double[] kept =
                rows(run, "SELECT printf('%03d %03d %.6f', token, layer, entropy) FROM profiles")
                        .stream()
                        .mapToDouble(row -> Double.parseDouble(row.replace("\"", "").split(" ")[2]))
                        .toArray();
        assertThat(kept).hasSameSizeAs(entropies).isNotEmpty();
        for (int i = 0; i < kept.length; i++) {
            assertThat(kept[i]).isCloseTo(entropies[i], org.assertj.core.data.Offset.offset(1e-4));
        }
    }

    @Test
    void optionsThatMakeNoSenseAreAWrongCommandLine() throws IOException {
        Path prompts = prompts(1);
        Path run = folder.resolve("run");
        for (String[] wrong :
                new String[][] {
                    {"--shard", "0/3"},
                    {"--shard", "4/3"},
                    {"--shard", "x"},
                    {"--samples", "2"},
                    {"--top-p", "0.5"},
                    {"--tokens", "0"},
                    {"--batch", "0"},
                    {"--skip-blocks", "0"},
                    {"--positions", "prompt", "--tokens", "3"},
                    {"--answer-column", "a", "--positions", "prompt"},
                    {"--temperature", "-1"}
                }) {
            Cli cli = batch(prompts, run, wrong);
            assertThat(cli.code()).as(String.join(" ", wrong)).isEqualTo(WRONG);
            assertThat(run).doesNotExist();
        }
        assertThat(batch(folder.resolve("none.jsonl"), run).err())
                .contains("there is no such file");
        assertThat(batch(prompts, run, "--skip-blocks", "99").err()).contains("--skip-blocks");
        try (Stream<Path> empty = Files.list(Files.createDirectory(folder.resolve("empty")))) {
            assertThat(empty).isEmpty();
        }
        assertThat(batch(folder.resolve("empty"), run).err()).contains("has no files in it");
    }
}
