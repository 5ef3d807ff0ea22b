package entropylens.cli;

import entropylens.batch.BatchProgress;
import java.io.PrintWriter;
import java.util.Locale;

/// One line on standard error that says how far a batch is, where standard error is a terminal.
final class BatchProgressLine implements BatchProgress, AutoCloseable {
    private static final long EVERY_NANOS = 200_000_000;

    private final PrintWriter err;
    private final boolean shown;
    private final long began = System.nanoTime();
    private long last;
    private boolean drawn;

    private BatchProgressLine(PrintWriter err, boolean shown) {
        this.err = err;
        this.shown = shown;
    }

    static BatchProgressLine start(PrintWriter err, BatchInput input) {
        return new BatchProgressLine(err, Boolean.getBoolean("entropylens.stderr.terminal"));
    }

    @Override
    public void update(String model, long rows, long texts) {
        long now = System.nanoTime();
        if (!shown || now - last < EVERY_NANOS) {
            return;
        }
        last = now;
        err.printf(
                Locale.ROOT,
                "\r\u001b[K%s: %,d prompts, %.0f texts a minute",
                model,
                rows,
                texts / Math.max(1e-9, (now - began) / 60e9));
        err.flush();
        drawn = true;
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
