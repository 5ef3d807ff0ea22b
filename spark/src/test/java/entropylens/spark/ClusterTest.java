package entropylens.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// A batch on two executors, each a process of its own. See CONTRIBUTING.md for the command.
@EnabledIfSystemProperty(named = "spark.tests", matches = "cluster")
class ClusterTest {
    private static SparkSession spark;

    @TempDir static Path folder;

    private static List<Path> files;
    private static Path machine;

    @BeforeAll
    static void start() throws IOException {
        // executors are started as those of an installation, whose jars may be none
        Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        spark =
                SparkSession.builder()
                        .master("local-cluster[2,1,1024]")
                        .config("spark.ui.enabled", "false")
                        .config("spark.executor.extraClassPath", classes)
                        .config("spark.sql.shuffle.partitions", "2")
                        .getOrCreate();
        files = OneMachine.prompts(Files.createDirectory(folder.resolve("prompts")), 300);
        machine = OneMachine.run(folder.resolve("machine"), files, settings());
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static SparkSettings settings() {
        return SparkSettings.of(OneMachine.MODEL.toString())
                .tokens(6)
                .temperature(0.7)
                .stats("next")
                .batch(4);
    }

    private static int batch(Path run, StringWriter err) {
        return SparkBatch.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                "--prompts",
                files.getFirst().getParent().toString(),
                "--model",
                OneMachine.MODEL.toString(),
                "--tokens=6",
                "--temperature=0.7",
                "--stats=next",
                "--batch=4",
                "--unit=10",
                "-o",
                run.toString());
    }

    @Test
    void twoExecutorsMakeTheRowsOfOneMachine() {
        Path run = folder.resolve("two");
        StringWriter err = new StringWriter();
        Hosts hosts = new Hosts(1);
        spark.sparkContext().addSparkListener(hosts);
        assertThat(batch(run, err)).as(err.toString()).isZero();
        assertThat(hosts.executors).as("executors that did work").hasSize(2);
        Compared.equal(spark, run, machine);
    }

    @Test
    void anExecutorThatIsKilledLosesNothing() throws Exception {
        Path run = folder.resolve("killed");
        StringWriter err = new StringWriter();
        // files are read by two tasks, the model is opened by one: so units have been measured
        Hosts hosts = new Hosts(8);
        spark.sparkContext().addSparkListener(hosts);
        FutureTask<Integer> job = new FutureTask<>(() -> batch(run, err));
        Thread.ofPlatform().start(job);
        assertThat(hosts.ended.await(5, TimeUnit.MINUTES)).isTrue();
        assertThat(job.isDone()).isFalse();
        List<ProcessHandle> executors = executors();
        assertThat(executors).hasSize(2);
        executors.getFirst().destroyForcibly(); // SIGKILL
        assertThat(job.get(10, TimeUnit.MINUTES)).as(err.toString()).isZero();
        assertThat(hosts.removed).isNotEmpty();
        Compared.equal(spark, run, machine);
    }

    /// The JVMs that this one has started. (Their command lines are too long for the system to
    /// tell.)
    private static List<ProcessHandle> executors() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .toList();
    }

    /// Which executors work, and which go.
    private static final class Hosts extends SparkListener {
        private final Set<String> executors = ConcurrentHashMap.newKeySet();
        private final Set<String> removed = ConcurrentHashMap.newKeySet();
        private final CountDownLatch ended;

        /// @param tasks to wait for
        Hosts(int tasks) {
            ended = new CountDownLatch(tasks);
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd task) {
            executors.add(task.taskInfo().executorId());
            ended.countDown();
        }

        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
            removed.add(executor.executorId());
        }
    }
}
