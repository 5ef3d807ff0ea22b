package entropylens.cli;

import entropylens.batch.BatchRun;
import java.io.PrintWriter;
import java.util.Locale;

/// What became of a file of prompts on one model, in words.
record BatchSummary(String model, BatchRun.Done done) {
    void print(PrintWriter out) {
        if (done.before()) {
            out.println(
                    Failures.oneLine(model + ": everything was measured before; nothing is left"));
            return;
        }
        out.println(
                Failures.oneLine(
                        String.format(
                                Locale.ROOT,
                                "%s: %,d prompts; %,d texts measured now%s",
                                model,
                                done.rows(),
                                done.texts(),
                                done.problems() == 0
                                        ? ""
                                        : "; %,d prompts could not be measured, see problems.parquet"
                                                .formatted(done.problems()))));
    }
}
