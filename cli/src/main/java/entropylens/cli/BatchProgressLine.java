package entropylens.cli;

import entropylens.batch.BatchProgress;
import entropylens.data.Prompts;
import java.io.PrintWriter;
import java.util.Locale;

/// One line on standard error that says how far a batch is, where standard error is a terminal.
final class BatchProgressLine implements BatchProgress, AutoCloseable {
    private static final long EVERY_NANOS = 200_000_000;

    private final PrintWriter err;
    private final boolean shown;
    private final long total;
    private final long began = System.nanoTime();
    private long first = -1;
    private long last;
    private boolean drawn;

    private BatchProgressLine(PrintWriter err, boolean shown, long total) {
        this.err = err;
        this.shown = shown;
        this.total = total;
    }

    /// @param models that the files go through
    /// @param shard how many parts they are divided into
    static BatchProgressLine start(PrintWriter err, BatchInput input, int models, int shard) {
        boolean shown = Boolean.getBoolean("entropylens.stderr.terminal");
        long total = shown ? models * ((Prompts.count(input.files()) + shard - 1) / shard) : 0;
        return new BatchProgressLine(err, shown, total);
    }

    @Override
    public void update(String model, long rows, long texts) {
        long now = System.nanoTime();
        if (first < 0 && texts > 0) {
            first = rows; // what an earlier run had measured went by in no time
        }
        if (!shown || now - last < EVERY_NANOS) {
            return;
        }
        last = now;
        double seconds = (now - began) * 1e-9;
        double rate = first < 0 ? 0 : (rows - first) / seconds;
        err.printf(
                Locale.ROOT,
                "\r\u001b[K%s: %,d of %,d prompts, %.0f texts a minute%s",
                model,
                rows,
                total,
                60 * texts / seconds,
                rate > 0 ? ", %.0f s left".formatted(Math.max(0, total - rows) / rate) : "");
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
