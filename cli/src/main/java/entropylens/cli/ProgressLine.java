package entropylens.cli;

import entropylens.model.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/// One line on standard error that says how far the work is, where standard error is a terminal.
final class ProgressLine implements Progress, AutoCloseable {
    private static final long EVERY_NANOS = 200_000_000;

    private final PrintWriter err;
    private final boolean shown;
    private final long started = System.nanoTime();
    private long last = started;
    private boolean drawn;

    private ProgressLine(PrintWriter err, boolean shown) {
        this.err = err;
        this.shown = shown;
    }

    static ProgressLine start(PrintWriter err) {
        return new ProgressLine(err, Boolean.getBoolean("entropylens.stderr.terminal"));
    }

    @Override
    public void update(long done, long total) {
        long now = System.nanoTime();
        if (!shown || now - last < EVERY_NANOS) {
            return;
        }
        last = now;
        double seconds = (now - started) * 1e-9;
        double rate = done / seconds;
        err.printf(
                Locale.ROOT,
                "\r\u001b[K%d of %d tokens, %.1f a second, %.0f s left",
                done,
                total,
                rate,
                (total - done) / Math.max(rate, 1e-9));
        err.flush();
        drawn = true;
    }

    @Override
    public void close() {
        if (drawn) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }
}
