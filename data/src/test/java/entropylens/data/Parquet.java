package entropylens.data;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;

/// Parquet files for tests.
final class Parquet {
    private Parquet() {}

    static Path write(Path file, String sql) {
        try (DuckDBConnection connection = Database.inMemory();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "COPY (%s) TO %s (FORMAT parquet)"
                            .formatted(sql, Database.quoted(file.toString())));
            return file;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
