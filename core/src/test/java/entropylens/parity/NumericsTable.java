package entropylens.parity;

import entropylens.GeneratedSection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The table of docs/numerics.md: what was measured, family by family. Tests hold later runs to
/// twice these values.
///
///     ./mvnw -pl core test -Dtest=TransformersParityTest -Ddocs.write
///
/// writes it. A family whose goldens are as many as before keeps the larger of the old value and the
/// new one, since vectors of another width sum in another order: so the table holds the worst of all
/// processors that it was written on. To forget a row, delete it first.
final class NumericsTable {
    private static final Path FILE = Path.of("../docs/numerics.md");

    /// @param largest worst stream, logits, entropy, decode
    record Row(String family, int goldens, double[] largest) {}

    private NumericsTable() {}

    static Map<String, Row> read() {
        Map<String, Row> rows = new TreeMap<>();
        for (String line : GeneratedSection.read(FILE, "parity").lines().toList()) {
            String[] cells = line.split("\\|");
            if (cells.length == 7 && cells[2].strip().matches("\\d+")) {
                double[] largest = new double[4];
                for (int i = 0; i < 4; i++) {
                    largest[i] = Double.parseDouble(cells[3 + i].strip());
                }
                String family = cells[1].strip();
                int goldens = Integer.parseInt(cells[2].strip());
                rows.put(family, new Row(family, goldens, largest));
            }
        }
        return rows;
    }

    static void write(Map<String, FamilyParity> measured) {
        List<String> lines = new ArrayList<>();
        lines.add("| family | goldens | stream | logits | entropy, nats | token by token |");
        lines.add("|---|---|---|---|---|---|");
        Map<String, Row> before = read();
        measured.forEach((family, parity) -> lines.add(line(worst(family, parity, before))));
        GeneratedSection.write(FILE, "parity", String.join("\n", lines) + "\n");
    }

    private static Row worst(String family, FamilyParity parity, Map<String, Row> before) {
        double[] largest = {
            parity.stream.largest(),
            parity.logits.largest(),
            parity.entropy.largest(),
            parity.decode.largest()
        };
        int goldens = parity.goldens().size();
        Row old = before.get(family);
        for (int i = 0; old != null && old.goldens() == goldens && i < largest.length; i++) {
            largest[i] = Math.max(largest[i], old.largest()[i]);
        }
        return new Row(family, goldens, largest);
    }

    private static String line(Row row) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.1e | %.1e | %.1e | %.1e |",
                row.family(),
                row.goldens(),
                row.largest()[0],
                row.largest()[1],
                row.largest()[2],
                row.largest()[3]);
    }
}
