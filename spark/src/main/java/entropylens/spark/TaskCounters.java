package entropylens.spark;

import java.io.Serial;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/// How far a job is, as Spark's pages show it beside each stage. Tasks that are done again count
/// again.
final class TaskCounters implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    private final LongAccumulator texts;
    private final LongAccumulator tokens;
    private final LongAccumulator problems;

    TaskCounters(SparkContext spark) {
        texts = spark.longAccumulator("texts measured");
        tokens = spark.longAccumulator("tokens, at most");
        problems = spark.longAccumulator("prompts that cannot be measured");
    }

    /// @param length its tokens
    void text(long length) {
        texts.add(1);
        tokens.add(length);
    }

    void problem() {
        problems.add(1);
    }

    long texts() {
        return texts.value();
    }
}
