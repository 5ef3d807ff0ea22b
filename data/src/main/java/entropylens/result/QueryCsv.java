package entropylens.result;

import entropylens.data.Query;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Rows as CSV (RFC 4180). NULL is an empty cell, a list is JSON.
public final class QueryCsv {
    private QueryCsv() {}

    /// Writes a header and all rows that are left.
    public static void print(Query query, PrintWriter out) {
        line(query.columns().stream().map(Query.Column::name).toList(), out);
        List<@Nullable Object> row = query.next();
        while (row != null) {
            line(row.stream().map(QueryCsv::text).toList(), out);
            row = query.next();
        }
    }

    /// A cell, not yet quoted.
    public static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case String text -> text;
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> QueryJson.text(value);
        };
    }

    private static void line(List<String> cells, PrintWriter out) {
        out.print(cells.stream().map(QueryCsv::quoted).collect(Collectors.joining(",")));
        out.print("\r\n");
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
