package entropylens.data;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// The rows of a Parquet file, which DuckDB reads.
final class ParquetRecords implements InputRecords {
    private final Path file;
    private final DuckDBConnection connection;
    private final Statement statement;
    private final ResultSet result;
    private long rows;

    private ParquetRecords(
            Path file, DuckDBConnection connection, Statement statement, ResultSet result) {
        this.file = file;
        this.connection = connection;
        this.statement = statement;
        this.result = result;
    }

    static ParquetRecords open(Path file) {
        try {
            // its own engine: a damaged file can leave one unusable
            DuckDBConnection connection = Database.inMemory();
            try {
                Statement statement = connection.createStatement();
                // the row as a whole, by a name that no column has
                String sql =
                        "SELECT to_json(entropylens_row) FROM read_parquet(%s) AS entropylens_row";
                return new ParquetRecords(
                        file,
                        connection,
                        statement,
                        statement.executeQuery(sql.formatted(Database.quoted(literal(file)))));
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw damaged(file, e);
        }
    }

    /// DuckDB reads a path as a pattern; in brackets, a character stands for itself.
    private static String literal(Path file) {
        return file.toAbsolutePath().toString().replaceAll("[*?\\[]", "[$0]");
    }

    private static DataException damaged(Path file, SQLException e) {
        String reason = Database.reason(e);
        return new DataException(
                "%s: cannot be read as Parquet: %s".formatted(file, Shown.of(reason)), e);
    }

    @Override
    public @Nullable InputRecord next() {
        try {
            if (!result.next()) {
                return null;
            }
            rows++;
            return new InputRecord(
                    rows, "row " + rows, (ObjectNode) JsonText.parse(result.getString(1)));
        } catch (SQLException e) {
            throw damaged(file, e);
        } catch (JacksonException e) {
            throw new DataException(
                    "%s: row %d: holds what is no text, number or list of those"
                            .formatted(file, rows),
                    e);
        }
    }

    @Override
    public void close() {
        try (connection;
                statement) {
            result.close();
        } catch (SQLException e) {
            throw damaged(file, e);
        }
    }
}
