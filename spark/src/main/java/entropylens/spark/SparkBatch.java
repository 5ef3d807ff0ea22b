package entropylens.spark;

import entropylens.batch.Shard;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `entropy-lens batch` as a job of Spark, for `spark-submit --class entropylens.spark.SparkBatch`.
@Command(
        name = "spark-submit … --class entropylens.spark.SparkBatch",
        description =
                "Profiles every prompt of some files, and keeps all of it: the rows of 'entropy-lens batch', number for number, whatever the cluster. See docs/scale.md.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class SparkBatch implements Runnable {
    @Spec CommandSpec spec;

    @Mixin SparkBatchOptions options;

    /// For picocli, which fills the fields.
    public SparkBatch() {}

    @Override
    public void run() {
        SparkSettings settings = options.settings();
        Shard part = options.part();
        int unit = options.unit();
        SparkSession spark =
                SparkSession.builder()
                        .appName("entropy-lens batch: " + options.model)
                        .getOrCreate();
        List<String> arguments = spec.commandLine().getParseResult().originalArgs();
        BatchJob.Done done =
                new BatchJob(spark, settings, part, unit)
                        .run(options.prompts, options.directory, arguments);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s: %,d prompts; %,d texts measured%s%n",
                done.model(),
                done.rows(),
                done.texts(),
                done.problems() == 0
                        ? ""
                        : "; %,d prompts could not be measured, see problems.parquet"
                                .formatted(done.problems()));
        out.println("Run: " + options.directory);
        out.flush();
    }

    /// Runs one command line.
    ///
    /// @return 0 done, 1 the work failed, 2 the command line is wrong
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new SparkBatch())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((e, _, _) -> {
                    err.println("entropy-lens: " + Failure.message(e));
                    err.flush();
                    return ExitCode.SOFTWARE;
                })
                .execute(args);
    }

    /// The driver's program.
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // numbers look the same everywhere
        int code =
                run(
                        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                        args);
        SparkSession.getActiveSession()
                .foreach(session -> {
                    session.stop();
                    return null;
                });
        if (code != 0) {
            System.exit(code); // a cluster manager reads it
        }
    }
}
