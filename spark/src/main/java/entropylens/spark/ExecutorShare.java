package entropylens.spark;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/// What a task may take of the executor that it runs in.
///
/// @param tasks that run at a time in the executor
/// @param threads of each
/// @param heapBytes of all, beside what Spark keeps to itself
record ExecutorShare(int tasks, int threads, long heapBytes) {
    private static final Pattern LOCAL = Pattern.compile("local\\[(\\d+|\\*)(?:,\\s*\\d+)?\\]");
    private static final Pattern LOCAL_CLUSTER =
            Pattern.compile("local-cluster\\[\\s*\\d+\\s*,\\s*(\\d+)\\s*,\\s*\\d+\\s*\\]");

    /// What Spark sets aside of every heap before it divides it.
    private static final long RESERVED = 300L << 20;

    /// Of the task that asks.
    static ExecutorShare here() {
        SparkConf conf = SparkEnv.get().conf();
        TaskContext task = TaskContext.get();
        int cpus = task == null ? conf.getInt("spark.task.cpus", 1) : Math.max(1, task.cpus());
        return of(
                cores(conf, Runtime.getRuntime().availableProcessors()),
                cpus,
                Runtime.getRuntime().maxMemory(),
                conf.getDouble("spark.memory.fraction", 0.6));
    }

    /// @param cores of the executor
    /// @param cpus of a task
    /// @param heap of the executor, bytes
    /// @param fraction of it that Spark may use for what it shuffles and keeps
    static ExecutorShare of(int cores, int cpus, long heap, double fraction) {
        long free = heap - (long) (Math.max(0, heap - RESERVED) * fraction);
        return new ExecutorShare(Math.max(1, cores / cpus), cpus, free);
    }

    /// Cores of an executor: as configured; in one process as its master says; or else all.
    static int cores(SparkConf conf, int processors) {
        Matcher local = LOCAL.matcher(conf.get("spark.master", ""));
        if (local.matches()) {
            return local.group(1).equals("*") ? processors : Integer.parseInt(local.group(1));
        }
        if (conf.get("spark.master", "").equals("local")) {
            return 1;
        }
        Matcher cluster = LOCAL_CLUSTER.matcher(conf.get("spark.master", ""));
        return conf.getInt(
                "spark.executor.cores",
                cluster.matches() ? Integer.parseInt(cluster.group(1)) : processors);
    }

    /// The executor and its host, for messages.
    static String name() {
        return "executor %s on host %s".formatted(SparkEnv.get().executorId(), host());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return SparkEnv.get().conf().get("spark.driver.host", "unknown");
        }
    }
}
