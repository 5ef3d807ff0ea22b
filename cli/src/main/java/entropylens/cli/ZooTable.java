package entropylens.cli;

import entropylens.zoo.ModelCard;
import entropylens.zoo.Zoo;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// The models of the zoo as a table, a line per model, and what its columns are.
final class ZooTable {
    private static final int MAX_WIDTH = 100;
    private static final int MIN_WIDTH = 72;

    /// Columns between columns.
    private static final int GAP = 2;

    /// @param right whether its cells end together
    /// @param spare whether it may go where the terminal is narrow
    private record Column(
            String title, boolean right, boolean spare, Function<ModelCard, String> cell) {
        int width(List<ModelCard> models) {
            return models.stream()
                    .mapToInt(card -> Columns.width(cell.apply(card)))
                    .reduce(Columns.width(title), Math::max);
        }
    }

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("model", false, false, ZooTable::name),
                    new Column("family", false, true, card -> Columns.printable(card.family())),
                    new Column("blocks", true, true, card -> Integer.toString(card.blocks())),
                    new Column("width", true, true, card -> Integer.toString(card.width())),
                    new Column("parameters", true, false, card -> grouped(card.parameters())),
                    new Column("loss", true, false, card -> nats(card.heldoutLoss())),
                    new Column("trigrams", true, true, card -> nats(card.trigramEntropy())),
                    new Column("knowledge", true, false, card -> percent(card.knowledge())),
                    new Column("context", true, false, card -> percent(card.context())));

    private final List<ModelCard> models;
    private final PrintWriter out;
    private final Style style;
    private final int width;

    private ZooTable(List<ModelCard> models, PrintWriter out, Style style) {
        this.models = models;
        this.out = out;
        this.style = style;
        this.width = Math.clamp(style.columns(), MIN_WIDTH, MAX_WIDTH);
    }

    static void print(List<ModelCard> models, PrintWriter out, Style style) {
        ZooTable table = new ZooTable(models, out, style);
        table.say("Models that ship with entropy-lens, for --model:", style::strong);
        out.println();
        table.rows();
        out.println();
        table.say(
                "* is used where no --model is given. loss: nats a token of texts that it was not trained on; trigrams: that of a model which counts triples of tokens. knowledge: questions answered right from what the training text says of Tinytown; context: from what the prompt says.",
                style::faint);
    }

    private static String name(ModelCard card) {
        return Columns.printable(card.name()) + (card.name().equals(Zoo.DEFAULT) ? " *" : "");
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String nats(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String percent(ModelCard.Accuracy accuracy) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * accuracy.accuracy());
    }

    private void rows() {
        List<Column> shown = shown();
        line(style.faint(row(shown, Column::title)));
        for (ModelCard card : models) {
            line(row(shown, column -> column.cell().apply(card)));
        }
    }

    /// As many columns as fit; of those that may go, the last goes first.
    private List<Column> shown() {
        List<Column> shown = new ArrayList<>(COLUMNS);
        for (Column column : COLUMNS.reversed()) {
            if (column.spare() && width(shown) > width) {
                shown.remove(column);
            }
        }
        return shown;
    }

    private int width(List<Column> columns) {
        return columns.stream().mapToInt(column -> column.width(models) + GAP).sum() - GAP;
    }

    private String row(List<Column> columns, Function<Column, String> cell) {
        StringBuilder row = new StringBuilder();
        for (Column column : columns) {
            String text = cell.apply(column);
            String space = " ".repeat(column.width(models) - Columns.width(text));
            row.append(column.right() ? space + text : text + space).append(" ".repeat(GAP));
        }
        return row.toString().stripTrailing();
    }

    private void say(String text, Function<String, String> how) {
        Columns.wrapped(text, width).forEach(part -> line(how.apply(part.stripTrailing())));
    }

    private void line(String line) {
        out.println(line.stripTrailing());
    }
}
