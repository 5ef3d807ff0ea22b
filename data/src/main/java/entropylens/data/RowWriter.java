package entropylens.data;

import entropylens.lens.ReadoutRequest;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/// Writes the rows of a unit into the tables of DuckDB.
final class RowWriter {
    private final DuckDBConnection connection;
    private final RowValues values;

    RowWriter(DuckDBConnection connection, Manifest manifest, ReadoutRequest columns) {
        this.connection = connection;
        this.values = new RowValues(manifest.run(), manifest::json, columns);
    }

    /// Writes one row, which has begun.
    @FunctionalInterface
    private interface Row<R> {
        void write(RowSink to, R row) throws SQLException;
    }

    void write(UnitRows rows) throws SQLException {
        each("runs", rows.models, values::model);
        each("texts", rows.texts, values::text);
        table("profiles", rows.profiles, values::profile);
        each("answers", rows.answers, values::answer);
        each("losses", rows.losses, values::loss);
        each("moves", rows.moves, values::move);
        each("blocks", rows.blocks, values::block);
        each("inputs", rows.inputs, values::input);
        each("problems", rows.problems, values::problem);
    }

    private <R> void each(String table, List<R> rows, Row<R> row) throws SQLException {
        table(
                table,
                rows,
                (to, one) -> {
                    to.beginRow();
                    row.write(to, one);
                    to.endRow();
                });
    }

    private <R> void table(String table, List<R> rows, Row<R> row) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (DuckDBAppender to = connection.createAppender(table)) {
            RowSink rowsOf = new AppenderRows(to);
            for (R one : rows) {
                row.write(rowsOf, one);
            }
            to.flush(); // close() hides a failed flush, and rows would be missing
        }
    }
}
