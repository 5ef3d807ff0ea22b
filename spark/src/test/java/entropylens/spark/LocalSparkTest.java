package entropylens.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A batch as a job of Spark, two tasks at a time in this process.
class LocalSparkTest {
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    private static SparkSession spark;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        spark =
                SparkSession.builder()
                        .master("local[2,2]")
                        .config("spark.ui.enabled", "false")
                        // leaves a tenth of the heap to texts, so that few are too many
                        .config("spark.memory.fraction", "0.9")
                        .config("spark.sql.shuffle.partitions", "2")
                        .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
        ExecutorModel.closeAll();
    }

    private record Ran(int code, String out, String err) {}

    private static Ran batch(Path prompts, Path run, String... more) {
        return batchOf(OneMachine.MODEL, prompts, run, more);
    }

    private static Ran batchOf(Path model, Path prompts, Path run, String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "--prompts",
                                prompts.toString(),
                                "--model",
                                model.toString(),
                                "-o",
                                run.toString()));
        args.addAll(List.of(more));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                SparkBatch.run(
                        new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    private Path prompts(int count) throws IOException {
        Path many = Files.createDirectory(folder.resolve("prompts"));
        OneMachine.prompts(many, count);
        return many;
    }

    @Test
    void rowsAreThoseOfOneMachineToTheLastBit() throws IOException {
        Path prompts = prompts(60);
        Path ours = folder.resolve("ours");
        Ran ran =
                batch(
                        prompts,
                        ours,
                        "--tokens=3",
                        "--temperature=0.8",
                        "--samples=2",
                        "--seed=5",
                        "--alpha=0.5,inf",
                        "--top-p-set=0.9",
                        "--stats=next,kl",
                        "--top-k=2",
                        "--embedding",
                        "--batch=4",
                        "--unit=25");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("63 prompts; 120 texts measured; 3 prompts could not");
        SparkSettings settings =
                SparkSettings.of(OneMachine.MODEL.toString())
                        .tokens(3)
                        .temperature(0.8)
                        .samples(2)
                        .seed(5)
                        .alpha("0.5,inf")
                        .topPSet("0.9")
                        .stats("next,kl")
                        .topK(2)
                        .embedding(true)
                        .batch(4);
        List<Path> files = List.of(prompts.resolve("a.txt"), prompts.resolve("b.jsonl"));
        Path theirs = OneMachine.run(folder.resolve("theirs"), files, settings);
        Compared.equal(spark, ours, theirs);
        try (var there = Files.list(ours)) {
            assertThat(there.map(file -> file.getFileName().toString()))
                    .contains("manifest.json")
                    .doesNotContain("_measured");
        }
    }

    @Test
    void chatsThroughAnAdapterInTheMiddleOfBlocksAreThoseOfOneMachine() throws IOException {
        Path model = OneMachine.withChat(folder);
        int width = 96;
        String adapter = OneMachine.adapter(folder, width).toString();
        Path prompts =
                Files.writeString(
                        folder.resolve("talks.jsonl"),
                        """
                        {"messages": [{"role": "user", "content": "Who owns the mill?"}]}
                        {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "And the bakery?"}]}
                        {"messages": []}
                        """);
        SparkSettings settings =
                SparkSettings.of(model.toString())
                        .chat(true)
                        .adapter(adapter, 0.5)
                        .at("resid_mid,resid_post")
                        .tokens(2);
        Path theirs = OneMachine.run(folder.resolve("theirs"), List.of(prompts), settings);
        Path ours = folder.resolve("ours");
        Ran ran =
                batchOf(
                        model,
                        prompts,
                        ours,
                        "--chat",
                        "--adapter=" + adapter,
                        "--adapter-scale=0.5",
                        "--at=resid_mid,resid_post",
                        "--tokens=2");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).startsWith("chatty + asks × 0.5: 3 prompts; 2 texts measured; 1 ");
        Compared.equal(spark, ours, theirs);
        Dataset<Row> frame =
                spark.sql(
                        "SELECT 1 AS number, '[{\"role\": \"user\", \"content\": \"Who owns the mill?\"}]' AS talk");
        assertThat(withoutRun(EntropyLensSpark.profiles(frame, settings.messagesColumn("talk"))))
                .isEqualTo(
                        withoutRun(
                                Compared.table(spark, ours, "profiles")
                                        .where("text_id = '000000001'")));
    }

    @Test
    void partsAreTogetherTheWhole() throws IOException {
        Path prompts = prompts(40);
        Path whole = folder.resolve("whole");
        assertThat(batch(prompts, whole, "--positions=prompt").code()).isZero();
        List<String> parts = new ArrayList<>();
        for (String part : List.of("1/2", "2/2")) {
            Path run = folder.resolve("part-" + part.charAt(0));
            assertThat(batch(prompts, run, "--positions=prompt", "--shard=" + part).code())
                    .isZero();
            parts.addAll(withoutRun(Compared.table(spark, run, "profiles")));
        }
        assertThat(parts.stream().sorted().toList())
                .isEqualTo(withoutRun(Compared.table(spark, whole, "profiles")));
    }

    private static List<String> withoutRun(Dataset<Row> table) {
        return Compared.rows(table.drop("run"));
    }

    @Test
    void aDataFrameHasTheNumbersOfTheJob() throws IOException {
        Path prompts = prompts(40);
        Path run = folder.resolve("run");
        assertThat(batch(prompts, run, "--tokens=2", "--temperature=1").code()).isZero();
        Dataset<Row> frame =
                Compared.table(spark, run, "texts")
                        .selectExpr("CAST(group_id AS INT) AS number", "prompt AS words", "seed")
                        .repartition(5);
        SparkSettings settings =
                SparkSettings.of(OneMachine.MODEL.toString())
                        .promptColumn("words")
                        .tokens(2)
                        .temperature(1);
        assertThat(withoutRun(EntropyLensSpark.profiles(frame, settings)))
                .isEqualTo(withoutRun(Compared.table(spark, run, "profiles")))
                .isNotEmpty();
    }

    @Test
    void whatIsWrongWithADataFrameIsSaid() {
        SparkSettings settings = SparkSettings.of(OneMachine.MODEL.toString()).tokens(1);
        Dataset<Row> empty = spark.sql("SELECT 1L AS number, CAST(NULL AS STRING) AS prompt");
        assertThat(EntropyLensSpark.profiles(empty, settings).count()).isZero();
        Row problem =
                EntropyLensSpark.problemsOf(EntropyLensSpark.measure(empty, settings)).first();
        assertThat(problem.<String>getAs("reason"))
                .isEqualTo("DataFrame: row 1, column 'prompt': must hold text, but holds null");
        assertThatThrownBy(() -> EntropyLensSpark.profiles(empty.drop("number"), settings))
                .hasMessage(
                        "there is no column 'number', which numbers the prompts from 1; there are prompt");
        assertThatThrownBy(() ->
                        EntropyLensSpark.profiles(
                                spark.sql("SELECT 'a' AS number, 'b' AS prompt"), settings))
                .hasMessageContaining("must hold whole numbers, but is of type string");
        Dataset<Row> zero = spark.sql("SELECT 0 AS number, 'b' AS prompt");
        assertThatThrownBy(() -> EntropyLensSpark.profiles(zero, settings).count())
                .satisfies(e ->
                        assertThat(Failure.message(e))
                                .isEqualTo(
                                        "column 'number' must number the prompts from 1, but is 0 in a row"));
    }

    @Test
    void aModelThatAnExecutorDoesNotHaveIsNamedWithTheHost() throws IOException {
        StringWriter err = new StringWriter();
        int code =
                SparkBatch.run(
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(err),
                        "--prompts",
                        prompts(1).toString(),
                        "--model",
                        "/no/such/model",
                        "-o",
                        folder.resolve("run").toString());
        assertThat(code).isEqualTo(FAILED);
        assertThat(err.toString())
                .matches(
                        "entropy-lens: executor driver on host \\S+ cannot use the model /no/such/model: .*every host needs them under the same path\n");
    }

    @Test
    void whatCannotBeDoneIsSaidBeforeAnythingIsMeasured() throws IOException {
        Path prompts = prompts(3);
        Path run = folder.resolve("run");
        for (String wrong :
                List.of(
                        "--shard=0/3",
                        "--samples=2",
                        "--top-p=0.5",
                        "--tokens=0",
                        "--batch=0",
                        "--skip-blocks=0",
                        "--skip-blocks=1,1",
                        "--stats=entropie",
                        "--alpha=2,2",
                        "--positions=here",
                        "--unit=-1",
                        "--as=nothing",
                        "--system=brief",
                        "--today=tomorrow",
                        "--at=middle",
                        "--adapter-scale=2",
                        "--temperature=-1")) {
            assertThat(batch(prompts, run, wrong).code()).as(wrong).isEqualTo(WRONG);
            assertThat(run).doesNotExist();
        }
        assertThat(batch(prompts, run, "--skip-blocks=99").err()).contains("skip-blocks: no block");
        assertThat(batch(prompts, folder).err()).contains("holds files already");
        assertThat(batch(folder.resolve("none"), folder.resolve("x")).err())
                .contains("none: there is no such file");
        Files.writeString(prompts.resolve("c.jsonl"), "{\"prompt\": 1\n");
        Ran broken = batch(prompts, folder.resolve("y"));
        assertThat(broken.code()).isEqualTo(FAILED);
        assertThat(broken.err()).contains("c.jsonl").contains("line 1").hasLineCount(1);
    }

    @Test
    void aRowThatCannotBeMeasuredStopsAStrictJob() throws IOException {
        Path prompts = Files.writeString(folder.resolve("p.jsonl"), "{\"prompt\": \"\"}\n");
        Ran strict = batch(prompts, folder.resolve("run"), "--strict", "--tokens=1");
        assertThat(strict.code()).isEqualTo(FAILED);
        assertThat(strict.err()).contains("line 1, column 'prompt': is empty");
    }

    @Test
    void moreTextsThanTheHeapHoldsAreRefusedByName() throws IOException {
        Path prompts =
                Files.writeString(
                        folder.resolve("p.txt"), ("The mill. ".repeat(50) + "\n\n").repeat(400));
        Ran ran = batch(prompts, folder.resolve("run"), "--batch=400", "--positions=prompt");
        assertThat(ran.code()).isEqualTo(FAILED);
        assertThat(ran.err())
                .contains("executor driver on host")
                .contains("MiB of heap beside Spark's own for 2 tasks at a time");
    }
}
