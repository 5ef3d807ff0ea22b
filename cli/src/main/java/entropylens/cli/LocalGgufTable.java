package entropylens.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;

/// The models in GGUF on this machine, a line per model.
final class LocalGgufTable {
    private static final int GAP = 2;

    private LocalGgufTable() {}

    /// Nothing where there are none.
    static void print(List<LocalGguf> models, PrintWriter out, Style style) {
        if (models.isEmpty()) {
            return;
        }
        out.println();
        out.println(style.strong("Models in GGUF on this machine, for --model:"));
        out.println();
        int name = width(models, LocalGguf::name);
        int types = width(models, LocalGguf::quantisation);
        for (LocalGguf model : models) {
            String line =
                    Columns.padded(Columns.printable(model.name()), name + GAP)
                            + " ".repeat(Math.max(0, 8 - size(model).length()))
                            + size(model)
                            + " ".repeat(GAP)
                            + Columns.padded(model.quantisation(), types + GAP)
                            + Columns.printable(model.architecture());
            out.println(
                    line.stripTrailing()
                            + (model.problem().isPresent() ? style.pruning(why(model)) : ""));
        }
    }

    private static String size(LocalGguf model) {
        return model.bytes() == 0 ? "-" : Bytes.shown(model.bytes());
    }

    private static String why(LocalGguf model) {
        return model.architecture().isEmpty() ? "  cannot be read" : ", which is not read";
    }

    private static int width(List<LocalGguf> models, Function<LocalGguf, String> cell) {
        return models.stream()
                .mapToInt(model -> Columns.width(Columns.printable(cell.apply(model))))
                .max()
                .orElse(0);
    }
}
