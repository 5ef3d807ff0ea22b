package entropylens.bench;

import entropylens.bench.TimeShares.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Prints rows as a table of Markdown.
final class RooflineTable {
    private static final List<String> PARTS =
            List.of("readout: entropy", "readout: all", "prefill", "decode", "attention", "study");

    /// Of what is measured; equal for rows that stay as they came.
    static final Comparator<String> ORDER = Comparator.comparingInt(RooflineTable::part);

    private RooflineTable() {}

    private static int part(String what) {
        for (int i = 0; i < PARTS.size(); i++) {
            if (what.startsWith(PARTS.get(i))) {
                return i;
            }
        }
        return PARTS.size();
    }

    static void print(List<RooflineRow> rows, RooflineOptions options) {
        System.out.println(machine(rows, options));
        System.out.println();
        System.out.println(
                "| measured | weights | together | rate | ± | GFLOP/s | GB/s | share of the bound | products | attention | statistics | waiting | other |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        rows.forEach(row -> System.out.println(line(row)));
    }

    private static String machine(List<RooflineRow> rows, RooflineOptions options) {
        return "%d threads, vectors of %s floats%s, Java %s: %s GFLOP/s of independent float32 multiply-adds, %s GB/s read"
                .formatted(
                        options.threads(),
                        lanes(rows),
                        options.jvm().isEmpty() ? "" : " (" + String.join(" ", options.jvm()) + ")",
                        System.getProperty("java.vm.version"),
                        range(rows, row -> row.peaks().gflops(), "%.0f"),
                        range(rows, row -> row.peaks().gigabytes(), "%.1f"));
    }

    private static String lanes(List<RooflineRow> rows) {
        return rows.isEmpty() ? "?" : String.valueOf(rows.getFirst().lanes());
    }

    /// Median, and the least and the most in brackets.
    private static String range(
            List<RooflineRow> rows, ToDoubleFunction<RooflineRow> of, String format) {
        double[] sorted = rows.stream().mapToDouble(of).sorted().toArray();
        return sorted.length == 0
                ? "?"
                : (format + " (" + format + " to " + format + ")")
                        .formatted(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    private static String line(RooflineRow row) {
        StringBuilder line = new StringBuilder();
        line.append(
                String.format(
                        Locale.ROOT,
                        "| %s | %s | %d | %.4g %s/s | %.0f %% | %.1f | %.1f | %.2f of the %s |",
                        row.what(),
                        row.weights(),
                        row.together(),
                        row.rate(),
                        row.unit(),
                        100 * row.spread(),
                        row.gflops(),
                        row.gigabytes(),
                        row.share(),
                        row.boundByArithmetic() ? "peak" : "bandwidth"));
        for (Kind kind : Kind.values()) {
            line.append(String.format(Locale.ROOT, " %.0f %% |", 100 * row.times().get(kind)));
        }
        return line.toString();
    }
}
