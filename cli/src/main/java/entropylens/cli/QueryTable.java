package entropylens.cli;

import entropylens.data.Query;
import entropylens.result.QueryCsv;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows in columns, numbers to the right.
final class QueryTable {
    /// A longer cell is cut off; CSV and JSON have all of it.
    private static final int MAX_WIDTH = 60;

    /// Rows that the widths are taken from: beyond them the rows are printed as they come.
    private static final int MEASURED = 1000;

    private static final String GAP = "  ";

    private final List<Query.Column> columns;
    private final PrintWriter out;
    private final int[] widths;

    private QueryTable(List<Query.Column> columns, PrintWriter out) {
        this.columns = columns;
        this.out = out;
        this.widths = columns.stream().mapToInt(c -> width(c.name())).toArray();
    }

    static void print(Query query, PrintWriter out, Style style) {
        QueryTable table = new QueryTable(query.columns(), out);
        List<List<String>> measured = new ArrayList<>();
        List<@Nullable Object> row = query.next();
        while (row != null && measured.size() < MEASURED) {
            measured.add(table.measured(row));
            row = query.next();
        }
        table.print(query.columns().stream().map(Query.Column::name).toList(), style);
        measured.forEach(cells -> table.print(cells, Style.PLAIN));
        while (row != null) {
            table.print(cells(row), Style.PLAIN);
            row = query.next();
        }
    }

    private List<String> measured(List<@Nullable Object> row) {
        List<String> cells = cells(row);
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], width(cells.get(i)));
        }
        return cells;
    }

    private static int width(String cell) {
        return Math.min(MAX_WIDTH, Columns.width(Columns.printable(cell)));
    }

    private static List<String> cells(List<@Nullable Object> row) {
        return row.stream().map(value -> Columns.printable(QueryCsv.text(value))).toList();
    }

    private void print(List<String> cells, Style style) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = Columns.first(Columns.printable(cells.get(i)), widths[i]);
            line.append(i == 0 ? "" : GAP);
            if (columns.get(i).numeric()) {
                line.append(" ".repeat(widths[i] - Columns.width(cell))).append(cell);
            } else {
                line.append(Columns.padded(cell, widths[i]));
            }
        }
        out.println(style.strong(line.toString().stripTrailing()));
    }
}
