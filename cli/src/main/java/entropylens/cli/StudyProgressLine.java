package entropylens.cli;

import entropylens.study.workbench.StudyProgress;
import java.io.PrintWriter;
import java.util.Locale;

/// One line on standard error that says which study is at which model, where standard error is a
/// terminal.
final class StudyProgressLine implements StudyProgress, AutoCloseable {
    private static final long EVERY_NANOS = 200_000_000;

    private final PrintWriter err;
    private final boolean shown;
    private String current = "";
    private long began;
    private long doneAtBeginning;
    private long last;
    private boolean drawn;

    private StudyProgressLine(PrintWriter err, boolean shown) {
        this.err = err;
        this.shown = shown;
    }

    static StudyProgressLine start(PrintWriter err) {
        return new StudyProgressLine(err, Boolean.getBoolean("entropylens.stderr.terminal"));
    }

    @Override
    public void update(String study, String model, long done, long total) {
        long now = System.nanoTime();
        String what = study + ", " + model;
        if (!what.equals(current)) {
            current = what;
            began = now;
            doneAtBeginning = done;
        }
        if (!shown || (now - last < EVERY_NANOS && done < total)) {
            return;
        }
        last = now;
        double rate = (done - doneAtBeginning) / Math.max(1e-9, (now - began) * 1e-9);
        err.printf(
                Locale.ROOT,
                "\r\u001b[K%s: %d of %d texts%s",
                what,
                done,
                total,
                rate > 0 ? ", %.0f s left".formatted((total - done) / rate) : "");
        err.flush();
        drawn = true;
    }

    @Override
    public void concluding(String study, String model) {
        if (shown) {
            err.printf("\r\u001b[K%s, %s: statistics", study, model);
            err.flush();
            drawn = true;
        }
    }

    @Override
    public void close() {
        if (drawn) {
            err.print("\r\u001b[K");
            err.flush();
            drawn = false;
        }
    }
}
