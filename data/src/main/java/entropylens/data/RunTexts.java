package entropylens.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// The Parquet files of a run, opened to look at its texts and their profiles. Nothing is written;
/// each question is one of those below, with values as parameters.
final class RunTexts implements AutoCloseable {
    private static final List<String> NEEDED =
            List.of("study", "model", "text_id", "lens", "point", "token", "position", "layer");

    private static final List<String> TABLES = List.of("texts", "profiles", "inputs");

    private final Path directory;
    private final DuckDBConnection connection;

    private RunTexts(Path directory, DuckDBConnection connection) {
        this.directory = directory;
        this.connection = connection;
    }

    /// @throws DataException when it is no run, one without profiles, or damaged
    static RunTexts open(Path directory) {
        RunDirectory run = new RunDirectory(directory);
        Manifest manifest = manifest(run);
        for (String table : List.of("texts", "profiles")) {
            if (!Files.isRegularFile(run.parquet(table))) {
                throw new DataException(
                        "%s: has no %s.parquet; the run is not done yet, or measured no profiles"
                                .formatted(directory, table));
            }
        }
        DuckDBConnection connection = connect(directory);
        RunTexts texts = new RunTexts(directory, connection);
        try {
            texts.look(run, manifest);
            return texts;
        } catch (DataException e) {
            texts.close();
            throw e;
        }
    }

    private static Manifest manifest(RunDirectory run) {
        if (!Files.isRegularFile(run.manifest())) {
            throw new DataException(
                    "%s: is not the directory of a run (it has no manifest.json); give one that study or batch wrote"
                            .formatted(run.path()));
        }
        try {
            return Manifest.parse(run.manifest().toString(), Files.readString(run.manifest()));
        } catch (IOException e) {
            throw run.failure("its manifest.json cannot be read", e);
        }
    }

    private static DuckDBConnection connect(Path directory) {
        try {
            return Database.inMemory();
        } catch (SQLException e) {
            throw new DataException(
                    "%s: DuckDB does not start: %s".formatted(directory, Database.reason(e)), e);
        }
    }

    private void look(RunDirectory run, Manifest manifest) {
        view("texts", run);
        view("profiles", run);
        List<String> columns = columns("profiles");
        for (String needed : NEEDED) {
            if (!columns.contains(needed)) {
                throw new DataException(
                        "%s: profiles.parquet has no column %s; it is not of this run, or of another version of the program"
                                .formatted(directory, needed));
            }
        }
        if (Files.isRegularFile(run.parquet("inputs"))) {
            view("inputs", run);
        }
        List<Map<String, @Nullable Object>> foreign =
                rows("SELECT DISTINCT run FROM texts WHERE run <> ? LIMIT 1", manifest.run());
        if (!foreign.isEmpty()) {
            throw new DataException(
                    "%s: texts.parquet is of the run %s, but manifest.json says %s"
                            .formatted(directory, foreign.getFirst().get("run"), manifest.run()));
        }
    }

    private void view(String table, RunDirectory run) {
        Path file = run.parquet(table);
        // DuckDB reads a path as a pattern; in brackets, a character stands for itself
        String literal = file.toAbsolutePath().toString().replaceAll("[*?\\[]", "[$0]");
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE VIEW %s AS SELECT * FROM read_parquet(%s)"
                            .formatted(table, Database.quoted(literal)));
        } catch (SQLException e) {
            throw new DataException(
                    "%s: is damaged, or no Parquet: %s".formatted(file, Database.reason(e)), e);
        }
    }

    /// Sizes and times of the files: another one where one of them was written again.
    ///
    /// @throws DataException when one is gone
    String stamp() {
        RunDirectory run = new RunDirectory(directory);
        StringBuilder stamp = new StringBuilder();
        for (String table : TABLES) {
            Path file = run.parquet(table);
            try {
                stamp.append(
                        Files.exists(file)
                                ? Files.size(file) + " " + Files.getLastModifiedTime(file) + "; "
                                : "none; ");
            } catch (IOException e) {
                throw run.failure("its Parquet files cannot be read", e);
            }
        }
        return stamp.toString();
    }

    /// Of a table; none where it is missing.
    synchronized List<String> columns(String table) {
        return rows(
                        "SELECT column_name AS name FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
                        table)
                .stream()
                .map(row -> String.valueOf(row.get("name")))
                .toList();
    }

    /// The rows of a question, by the names of their columns.
    ///
    /// @throws DataException when a file is damaged
    synchronized List<Map<String, @Nullable Object>> rows(String sql, @Nullable Object... values) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet found = statement.executeQuery()) {
                return read(found);
            }
        } catch (SQLException e) {
            throw new DataException(
                    "%s: cannot be read: %s".formatted(directory, Database.reason(e)), e);
        }
    }

    private static List<Map<String, @Nullable Object>> read(ResultSet found) throws SQLException {
        ResultSetMetaData columns = found.getMetaData();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        while (found.next()) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                row.put(columns.getColumnName(i), QueryValue.plain(found.getObject(i)));
            }
            rows.add(row);
        }
        return rows;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // nothing was written
        }
    }
}
