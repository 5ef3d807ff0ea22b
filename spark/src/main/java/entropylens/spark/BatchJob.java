package entropylens.spark;

import entropylens.batch.BatchIdentity;
import entropylens.batch.BatchSettings;
import entropylens.batch.BatchWork;
import entropylens.batch.Shard;
import entropylens.data.InputTypes;
import entropylens.data.Manifest;
import entropylens.result.Build;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/// Files of prompts through a model, as jobs of Spark: what is in the files; the measurements,
/// which are written as they come; and the tables made of these.
final class BatchJob {
    /// Units that each processor should get, so that none waits long for the last.
    private static final int UNITS_EACH = 4;

    private final SparkSession spark;
    private final JavaSparkContext context;
    private final SparkSettings settings;
    private final BatchSettings asked;
    private final Shard shard;
    private final int unit;

    /// What became of the rows.
    ///
    /// @param rows of the files that belong to this part
    record Done(String model, long rows, long texts, long problems) {}

    /// @param unit prompts of a task at most; 0 for a number that suits the cluster
    BatchJob(SparkSession spark, SparkSettings settings, Shard shard, int unit) {
        this.spark = spark;
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.settings = settings;
        this.asked = settings.terms().settings();
        this.shard = shard;
        this.unit = unit;
    }

    /// @param arguments that the job was started with, for the record
    Done run(List<String> prompts, String directory, List<String> arguments) {
        ZstdFault.here(EntropyLensSpark.codecs(spark))
                .ifPresent(fault -> {
                    throw new SparkBatchException("the driver: " + fault);
                });
        var hadoop = new SerializableConfiguration(context.hadoopConfiguration());
        List<PromptFile> files = PromptFile.list(prompts, context.hadoopConfiguration());
        BatchOutput output = BatchOutput.claim(directory, context.hadoopConfiguration());
        ModelFacts first = model();
        ReadPrompts reader = new ReadPrompts(settings, hadoop);
        describe("reads %,d files of prompts".formatted(files.size()));
        List<ReadPrompts.Found> found =
                context.parallelize(files, files.size()).map(reader::scan).collect();
        Manifest manifest = manifest(found, first, arguments);
        output.manifest(manifest.json());
        ModelFacts facts = first.ofRun(manifest.run());
        JavaRDD<Row> rows = rows(found, reader);
        long count = measure(rows, found, facts, output);
        describe("writes the tables");
        Dataset<Row> measured = spark.read().parquet(output.measured());
        output.table("texts", EntropyLensSpark.textsOf(measured));
        output.table("profiles", EntropyLensSpark.profilesOf(measured));
        output.table("problems", EntropyLensSpark.problemsOf(measured));
        output.table("inputs", inputs(rows, found, facts.run()));
        Done done =
                new Done(
                        facts.name(),
                        count,
                        EntropyLensSpark.textsOf(measured).count(),
                        EntropyLensSpark.problemsOf(measured).count());
        output.removeMeasured();
        return done;
    }

    private void describe(String what) {
        spark.sparkContext().setJobDescription("entropy-lens batch: " + what);
    }

    /// Opens the model on an executor, so that what cannot be used is said before prompts are read.
    private ModelFacts model() {
        describe("opens " + settings.model());
        SparkSettings asking = settings;
        return context.parallelize(List.of(1), 1)
                .map(_ -> {
                    ExecutorModel open = ExecutorModel.of(asking);
                    open.requireFits(asking.terms().settings());
                    return open.facts(asking);
                })
                .first();
    }

    /// The rows of all files that belong to this part.
    private JavaRDD<Row> rows(List<ReadPrompts.Found> found, ReadPrompts reader) {
        List<Tuple2<PromptFile, Long>> numbered = new ArrayList<>();
        long before = 0;
        for (ReadPrompts.Found file : found) {
            numbered.add(new Tuple2<>(file.file(), before));
            before += file.rows();
        }
        int index = shard.index();
        int parts = shard.count();
        return context.parallelize(numbered, numbered.size())
                .flatMap(file -> reader.rows(file._1(), file._2()))
                .filter(row -> new Shard(index, parts).has(row.getLong(0)));
    }

    private long measure(
            JavaRDD<Row> rows,
            List<ReadPrompts.Found> found,
            ModelFacts facts,
            BatchOutput output) {
        long all = found.stream().mapToLong(ReadPrompts.Found::rows).sum();
        long count = all / shard.count() + (all % shard.count() >= shard.index() ? 1 : 0);
        int size = unitSize(count);
        int parts = shard.count();
        JavaPairRDD<Integer, Row> units =
                rows.mapToPair(row ->
                                new Tuple2<>((int) ((row.getLong(0) - 1) / parts / size), row))
                        .partitionBy(
                                new UnitPartitioner((int) Math.max(1, (count + size - 1) / size)));
        Dataset<Row> prompts = spark.createDataFrame(units.values(), PromptTable.SCHEMA);
        describe("%,d prompts through %s".formatted(count, facts.name()));
        TaskCounters counters = new TaskCounters(spark.sparkContext());
        EntropyLensSpark.measure(prompts, settings, facts, counters)
                .write()
                .parquet(output.measured());
        return count;
    }

    /// Prompts of a task: enough that texts of like length meet, few enough that all processors
    /// have some.
    private int unitSize(long count) {
        if (unit > 0) {
            return unit;
        }
        long tasks = (long) UNITS_EACH * context.defaultParallelism();
        long even = (count + tasks - 1) / tasks;
        int least = Math.min(BatchWork.WINDOW, BatchWork.unitSize(asked));
        return (int) Math.clamp(even, least, BatchWork.WINDOW);
    }

    private Dataset<Row> inputs(JavaRDD<Row> rows, List<ReadPrompts.Found> found, String run) {
        InputTypes types = new InputTypes();
        found.forEach(file -> types.add(file.kinds()));
        InputRows of = new InputRows(run, found);
        return spark.createDataFrame(rows.mapPartitions(of::rows), Tables.struct(types.table()));
    }

    private Manifest manifest(
            List<ReadPrompts.Found> found, ModelFacts facts, List<String> arguments) {
        Map<String, ? extends @Nullable Object> identity =
                BatchIdentity.of(
                        asked,
                        shard,
                        found.stream().map(ReadPrompts.Found::sha256).toList(),
                        settings.terms().columns(),
                        settings.terms().chatIdentity(),
                        Map.of(facts.name(), facts.identity()),
                        facts.kernels());
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("command", "entropylens.spark.SparkBatch " + String.join(" ", arguments));
        details.put("prompt_files", found.stream().map(file -> file.file().shown()).toList());
        details.put("model_paths", List.of(settings.model()));
        details.put("version", Build.version());
        details.put("commit", Build.commit());
        details.put("jvm", Build.jvm());
        details.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        details.put("spark", spark.version());
        details.put("application", spark.sparkContext().applicationId());
        details.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return Manifest.of(identity, details);
    }
}
