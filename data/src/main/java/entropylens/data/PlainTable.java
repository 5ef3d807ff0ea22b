package entropylens.data;

import entropylens.lens.ReadoutRequest;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table of a run for those who keep rows elsewhere than in a [Store]: its columns, and the rows
/// of a unit as plain values. What stands in DuckDB's tables and here comes from the same code.
///
/// @param name as in docs/results.md
public record PlainTable(String name, List<Column> columns) {
    public PlainTable {
        columns = List.copyOf(columns);
    }

    /// A column.
    ///
    /// @param type DuckDB's: `VARCHAR`, `INTEGER`, `BIGINT`, `FLOAT`, `DOUBLE`, `BOOLEAN`, `JSON`,
    ///   or a list of those, `INTEGER[]`
    /// @param required whether no row is without a value
    public record Column(String name, String type, boolean required) {}

    /// Texts that were measured.
    public static PlainTable texts() {
        return of(Schema.TEXTS);
    }

    /// What was measured on them.
    public static PlainTable profiles(ReadoutRequest asked) {
        return of(Schema.profiles(asked));
    }

    /// Rows of a user's files.
    public static PlainTable inputs() {
        return of(Schema.INPUTS);
    }

    /// Rows of those that could not be measured.
    public static PlainTable problems() {
        return of(Schema.PROBLEMS);
    }

    private static PlainTable of(Schema.Table table) {
        return new PlainTable(
                table.name(),
                table.columns().stream()
                        .map(column ->
                                new Column(
                                        column.name(),
                                        column.type().split(" ", 2)[0],
                                        column.type().endsWith("NOT NULL")))
                        .toList());
    }

    /// The rows of a unit that belong here: a value for each column, an `int[]` or `float[]` where
    /// it is a list; null where there is none.
    ///
    /// @param run names the run
    /// @param asked what the table `profiles` keeps
    public List<@Nullable Object[]> rows(UnitRows unit, String run, ReadoutRequest asked) {
        RowValues values = new RowValues(run, () -> "", asked);
        ValueRows to = new ValueRows();
        try {
            switch (name) {
                case "texts" -> each(unit.texts, to, values::text);
                case "inputs" -> each(unit.inputs, to, values::input);
                case "problems" -> each(unit.problems, to, values::problem);
                case "profiles" -> {
                    for (ProfileRows rows : unit.profiles) {
                        values.profile(to, rows);
                    }
                }
                default -> throw new IllegalStateException("no rows of a table " + name);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("rows in memory cannot fail", e);
        }
        return to.rows();
    }

    @FunctionalInterface
    private interface Row<R> {
        void write(RowSink to, R row) throws SQLException;
    }

    private static <R> void each(List<R> rows, ValueRows to, Row<R> row) throws SQLException {
        for (R one : rows) {
            to.beginRow();
            row.write(to, one);
            to.endRow();
        }
    }
}
