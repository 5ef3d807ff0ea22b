package entropylens.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// The answer to a question in SQL about a run, row by row. The question can read the tables of
/// that run and nothing else: it writes nothing, and sees no other file.
public final class Query implements AutoCloseable {
    private final DuckDBConnection connection;
    private final Statement statement;
    private final ResultSet rows;
    private final List<Column> columns;

    private Query(DuckDBConnection connection, Statement statement, ResultSet rows)
            throws SQLException {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
        this.columns = columns(rows.getMetaData());
    }

    /// @param type as DuckDB calls it: `DOUBLE`, `INTEGER[]`
    public record Column(String name, String type) {
        /// Whether its values are numbers.
        public boolean numeric() {
            return type.matches("(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)");
        }
    }

    /// @param path the directory of a run, or its `run.duckdb`
    /// @throws DataException when there is no run, it is being written, or the SQL is wrong or
    ///   several statements
    public static Query run(Path path, String sql) {
        SqlStatements.second(sql)
                .ifPresent(second -> {
                    throw new DataException(
                            "SQL: several statements are given, and one is answered at a time; ask the second by itself: %s"
                                    .formatted(second));
                });
        DuckDBConnection connection = connect(path, databaseOf(path));
        try {
            Statement statement = connection.createStatement();
            if (statement.execute(sql)) {
                return new Query(connection, statement, statement.getResultSet());
            }
            connection.close();
            throw new DataException("the SQL gives no rows; ask with SELECT");
        } catch (SQLException e) {
            close(connection);
            throw wrong(e);
        }
    }

    static Path databaseOf(Path path) {
        if (Files.isRegularFile(path)) {
            return path;
        }
        Path database = new RunDirectory(path).database();
        if (!Files.isDirectory(path)) {
            throw new DataException(
                    "%s: there is no such run; give the directory of one".formatted(path));
        }
        if (!Files.isRegularFile(database)) {
            throw new DataException(
                    "%s: holds no results (run.duckdb); give the directory of a run"
                            .formatted(path));
        }
        return database;
    }

    static DuckDBConnection connect(Path path, Path file) {
        try {
            return Database.reading(file);
        } catch (SQLException e) {
            String reason = Database.reason(e);
            // the two ways in which DuckDB says that somebody has the file open to write
            if (reason.contains("lock on file") || reason.contains("different configuration")) {
                throw new DataException(
                        "%s: this run is being written; ask again when it is done".formatted(path),
                        e);
            }
            throw new DataException("%s: cannot be read: %s".formatted(file, reason), e);
        }
    }

    private static DataException wrong(SQLException e) {
        return new DataException("SQL: " + Database.reason(e), e);
    }

    private static void close(DuckDBConnection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // nothing was written
        }
    }

    private static List<Column> columns(ResultSetMetaData description) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= description.getColumnCount(); i++) {
            columns.add(new Column(description.getColumnName(i), description.getColumnTypeName(i)));
        }
        return Collections.unmodifiableList(columns);
    }

    public List<Column> columns() {
        return columns;
    }

    /// The next row, or null after the last one: numbers, booleans, strings, nulls, and lists and
    /// maps of them. Dates and whatever else DuckDB has are strings.
    ///
    /// @throws DataException when it cannot be computed
    public @Nullable List<@Nullable Object> next() {
        try {
            if (!rows.next()) {
                return null;
            }
            List<@Nullable Object> row = new ArrayList<>(columns.size());
            for (int i = 1; i <= columns.size(); i++) {
                row.add(QueryValue.plain(rows.getObject(i)));
            }
            return row;
        } catch (SQLException e) {
            throw wrong(e);
        }
    }

    @Override
    public void close() {
        try {
            rows.close();
            statement.close();
        } catch (SQLException e) {
            // nothing was written
        } finally {
            close(connection);
        }
    }
}
