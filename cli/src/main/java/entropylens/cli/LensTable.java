package entropylens.cli;

import entropylens.lens.Lens;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// A lens as lines: what it is, what it says of how it was made, and its table of divergences.
final class LensTable {
    /// Of [LensFacts], which are shown as a table.
    private static final List<String> TABLE = List.of(LensFacts.BEFORE, LensFacts.AFTER);

    private LensTable() {}

    static void print(Lens lens, PrintWriter out) {
        line(out, "kind", lens.kind());
        lens.origin()
                .ifPresent(from -> {
                    line(out, "path", from.path().toString());
                    line(out, "sha256", from.sha256());
                });
        if (!lens.isLogit()) {
            List<Integer> layers = lens.layers();
            line(
                    out,
                    "layers",
                    "%d, from %d to %d"
                            .formatted(layers.size(), layers.getFirst(), layers.getLast()));
        }
        SortedMap<String, String> facts =
                lens.origin().map(Lens.Origin::facts).orElseGet(TreeMap::new);
        facts.forEach((name, value) -> {
            if (!TABLE.contains(name) && !name.equals("kind")) {
                line(out, name, value);
            }
        });
        table(facts, out);
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf("%-20s %s%n", Columns.printable(name), Columns.printable(value));
    }

    private static void table(SortedMap<String, String> facts, PrintWriter out) {
        double[] before = LensFacts.numbers(facts, LensFacts.BEFORE);
        double[] after = LensFacts.numbers(facts, LensFacts.AFTER);
        if (before.length == 0 || before.length != after.length) {
            return;
        }
        out.println();
        out.println("KL divergence from the last layer on texts held out, nats");
        out.println("layer  logit lens   this lens");
        for (int layer = 0; layer < before.length; layer++) {
            out.printf(Locale.ROOT, "%5d %11.4f %11.4f%n", layer, before[layer], after[layer]);
        }
    }
}
