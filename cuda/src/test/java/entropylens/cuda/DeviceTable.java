package entropylens.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A table of docs/numerics.md: the worst differences between device and processor, row by row.
///
///     ./mvnw -pl cuda test -Dtest='*OnDeviceTest' -Ddocs.write
///
/// writes it; every other run is held to twice its values.
final class DeviceTable {
    private static final Path PAGE = Path.of("../docs/numerics.md");
    private static final boolean WRITE = System.getProperty("docs.write") != null;

    private final String name;
    private final List<String> head;

    /// Differences below this are not told apart from none.
    private final double floor;

    private final Map<String, double[]> worst = new TreeMap<>();
    private final Map<String, Integer> seen = new TreeMap<>();

    /// @param name of the section
    /// @param head of the first column, and of the others
    DeviceTable(String name, double floor, String... head) {
        this.name = name;
        this.floor = floor;
        this.head = List.of(head);
    }

    /// Notes differences of a row; one that is not a number is infinite.
    synchronized void see(String row, double... differences) {
        double[] largest = worst.computeIfAbsent(row, r -> new double[differences.length]);
        for (int i = 0; i < differences.length; i++) {
            double one = Double.isNaN(differences[i]) ? Double.POSITIVE_INFINITY : differences[i];
            largest[i] = Math.max(largest[i], one);
        }
        seen.merge(row, 1, Integer::sum);
    }

    /// Writes the table, or holds what was seen to twice its values.
    ///
    /// @param all how many times rows must have been seen, together, for the table to be whole
    void writeOrCompare(int all) {
        boolean whole = seen.values().stream().mapToInt(n -> n).sum() >= all;
        worst.forEach((row, values) ->
                System.out.printf("device %-24s %s%n", row, Arrays.toString(values)));
        if (WRITE) {
            if (whole) {
                write();
            }
            return;
        }
        Map<String, double[]> written = read();
        worst.forEach((row, values) -> {
            assertThat(written).as("rows of %s; -Ddocs.write writes them", name).containsKey(row);
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i])
                        .as("%s of %s", head.get(i + 1), row)
                        .isLessThanOrEqualTo(Math.max(floor, 2 * written.get(row)[i]));
            }
        });
    }

    private Map<String, double[]> read() {
        Map<String, double[]> rows = new TreeMap<>();
        String text = text();
        for (String line : text.substring(begin(text), end(text)).lines().skip(2).toList()) {
            String[] cells = line.split("\\|");
            double[] values = new double[cells.length - 2];
            for (int i = 0; i < values.length; i++) {
                values[i] = Double.parseDouble(cells[i + 2].strip());
            }
            rows.put(cells[1].strip(), values);
        }
        return rows;
    }

    private void write() {
        List<String> lines = new ArrayList<>();
        lines.add("| " + String.join(" | ", head) + " |");
        lines.add("|---".repeat(head.size()) + "|");
        worst.forEach((row, values) -> {
            StringBuilder line = new StringBuilder("| " + row + " |");
            for (double value : values) {
                line.append(String.format(Locale.ROOT, " %.1e |", value));
            }
            lines.add(line.toString());
        });
        String text = text();
        String whole =
                text.substring(0, begin(text))
                        + String.join("\n", lines)
                        + "\n"
                        + text.substring(end(text));
        try {
            Files.writeString(PAGE, whole);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int begin(String text) {
        String mark = "<!-- generated: " + name + " -->\n";
        return find(text, mark) + mark.length();
    }

    private int end(String text) {
        return find(text, "<!-- end: " + name + " -->");
    }

    private static int find(String text, String mark) {
        int at = text.indexOf(mark);
        if (at < 0) {
            throw new AssertionError(PAGE + " has no line " + mark.strip());
        }
        return at;
    }

    private static String text() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
