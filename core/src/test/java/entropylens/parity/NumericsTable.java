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
/// writes it anew.
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
        measured.forEach((family, parity) ->
                lines.add(
                        String.format(
                                Locale.ROOT,
                                "| %s | %d | %.1e | %.1e | %.1e | %.1e |",
                                family,
                                parity.goldens().size(),
                                parity.stream.largest(),
                                parity.logits.largest(),
                                parity.entropy.largest(),
                                parity.decode.largest())));
        GeneratedSection.write(FILE, "parity", String.join("\n", lines) + "\n");
    }
}
