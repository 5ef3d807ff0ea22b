package entropylens.cli;

import entropylens.data.LeftOut;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/// Says on standard error which rows of a user's files a study leaves out.
final class StudyLeftOut {
    /// Of one study; all are in `problems.parquet`.
    private static final int MOST = 10;

    private StudyLeftOut() {}

    static void say(Map<String, List<LeftOut>> byStudy, PrintWriter err) {
        byStudy.forEach((study, rows) -> {
            rows.stream()
                    .limit(MOST)
                    .forEach(row ->
                            err.println(
                                    Failures.oneLine(
                                            "entropy-lens: %s leaves out: %s"
                                                    .formatted(study, row.reason()))));
            if (rows.size() > MOST) {
                err.printf(
                        "entropy-lens: %s leaves out %d rows, the others are in problems.parquet%n",
                        study, rows.size());
            }
        });
        err.flush();
    }
}
