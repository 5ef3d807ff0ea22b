package entropylens.data;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// The texts of a study and model, in the order of their ids.
record TextRows(PreparedStatement statement, ResultSet rows) implements AutoCloseable {
    /// @param most of them
    static TextRows of(DuckDBConnection connection, String study, String model, int most)
            throws SQLException {
        PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT * FROM texts WHERE study = ? AND model = ? ORDER BY text_id LIMIT ?");
        statement.setString(1, study);
        statement.setString(2, model);
        statement.setInt(3, most);
        return new TextRows(statement, statement.executeQuery());
    }

    @Nullable TextRow next() throws SQLException {
        return rows.next() ? StoredRows.text(rows) : null;
    }

    @Override
    public void close() throws SQLException {
        rows.close();
        statement.close();
    }
}
