package entropylens.cli;

import entropylens.pull.PullListener;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Says on standard error how far a download is: a line per file, and, where that is a terminal,
/// one that moves.
final class TransferLine implements PullListener, AutoCloseable {
    private static final long EVERY_NANOS = 200_000_000;

    /// The speed shown is that of the last second or two.
    private static final double SMOOTHING = 0.15;

    private final PrintWriter err;
    private final String model;
    private final boolean moving;
    private final Map<String, Long> lastDone = new HashMap<>();
    private final Map<String, Long> startedAt = new HashMap<>();
    private String receiving = "";
    private long left;
    private long received;
    private long lastReceived;
    private long lastNanos = System.nanoTime();
    private double bytesPerSecond;
    private int draws;
    private boolean drawn;

    /// @param moving whether there may be a line that moves
    TransferLine(PrintWriter err, String model, boolean moving) {
        this.err = err;
        this.model = model;
        this.moving = moving;
    }

    static TransferLine start(PrintWriter err, String model) {
        return new TransferLine(err, model, Boolean.getBoolean("entropylens.stderr.terminal"));
    }

    @Override
    public void planned(int files, long bytes, long missing) {
        left = missing;
        line(
                "%s: %s, %s%s"
                        .formatted(
                                model,
                                ProfileTable.count(files, "file"),
                                size(bytes),
                                missing == 0
                                        ? ", all of it in the cache"
                                        : missing == bytes
                                                ? ""
                                                : ", %s to be downloaded"
                                                        .formatted(size(missing))));
    }

    @Override
    public void progress(String file, long done, long size, boolean fetched) {
        startedAt.putIfAbsent(file, System.nanoTime());
        Long last = lastDone.put(file, done);
        if (last != null) {
            left -= done - last;
            if (fetched) {
                received += done - last;
            }
        }
        long now = System.nanoTime();
        if (fetched && !file.equals(receiving)) {
            receiving = file;
            lastNanos = now; // between two files nothing is transferred
            lastReceived = received;
        } else if (fetched && moving && now - lastNanos >= EVERY_NANOS) {
            draw(file, now);
        }
    }

    private void draw(String file, long now) {
        double speed = (received - lastReceived) / ((now - lastNanos) * 1e-9);
        bytesPerSecond =
                bytesPerSecond == 0 ? speed : bytesPerSecond + SMOOTHING * (speed - bytesPerSecond);
        lastReceived = received;
        lastNanos = now;
        err.printf(
                Locale.ROOT,
                "\r\u001b[K%s: %s to go, %s/s, %s left",
                Columns.last(Columns.printable(file), 36),
                size(Math.max(0, left)),
                size(Math.round(bytesPerSecond)),
                duration(Math.round(Math.max(0, left) / Math.max(1, bytesPerSecond))));
        err.flush();
        drawn = true;
    }

    @Override
    public void finished(String file, long size, boolean fetched) {
        double seconds =
                (System.nanoTime() - startedAt.getOrDefault(file, System.nanoTime())) * 1e-9;
        line(
                "%s: %s"
                        .formatted(
                                file,
                                !fetched
                                        ? "in the cache"
                                        : seconds < 1
                                                ? size(size)
                                                : "%s in %s"
                                                        .formatted(
                                                                size(size),
                                                                duration(Math.round(seconds)))));
    }

    @Override
    public void note(String message) {
        line(message);
    }

    private void line(String text) {
        close();
        err.println(Columns.printable(text));
        err.flush();
    }

    /// `812 B`, `4.9 kB`, `1.52 GB`.
    static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.5) {
            value /= 1000;
            unit++;
        }
        String format = value < 9.995 ? "%.2f %cB" : value < 99.95 ? "%.1f %cB" : "%.0f %cB";
        return String.format(Locale.ROOT, format, value, "kMGTPE".charAt(unit));
    }

    /// `44 s`, `2 min 34 s`, `1 h 05 min`.
    static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
                : "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
    }

    /// Takes the moving line away.
    @Override
    public void close() {
        if (drawn) {
            err.print("\r\u001b[K");
            err.flush();
            drawn = false;
        }
    }
}
