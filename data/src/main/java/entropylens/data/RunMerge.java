package entropylens.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// Joins the parts of a batch into one run: its Parquet files are those that the batch would have
/// written undivided, byte for byte.
public final class RunMerge {
    private final RunDirectory directory;
    private final MergeParts parts;
    private final Manifest manifest;

    private RunMerge(RunDirectory directory, MergeParts parts, Manifest manifest) {
        this.directory = directory;
        this.parts = parts;
        this.manifest = manifest;
    }

    /// What the joined run holds.
    public record Merged(long inputs, long texts, long problems) {}

    /// @param parts directories of all parts, in any order
    /// @param into a new or empty directory
    /// @param details of this merging, for the manifest
    /// @param progress is told each part that is copied
    /// @throws DataException when a part is missing, given twice, not finished, of another batch,
    ///   or being written; then nothing is made
    public static Merged merge(
            List<Path> parts,
            Path into,
            Map<String, ? extends @Nullable Object> details,
            boolean resume,
            Consumer<Path> progress) {
        MergeParts all = MergeParts.of(parts);
        Manifest manifest = all.whole(details);
        RunDirectory directory = new RunDirectory(into);
        try (RunLock lock = directory.claim(resume)) {
            AtomicFile.write(directory.manifest(), manifest.json());
            return new RunMerge(directory, all, manifest).write(progress);
        } catch (IOException e) {
            throw directory.failure("cannot be written", e);
        }
    }

    private Merged write(Consumer<Path> progress) throws IOException {
        Path unfinished = AtomicFile.unfinished(directory.database());
        try {
            copy(unfinished, progress);
            AtomicFile.publish(unfinished, directory.database());
            try (DuckDBConnection made = Database.writing(directory.database())) {
                ParquetExport.write(made, directory);
                return new Merged(
                        count(made, "inputs"), count(made, "texts"), count(made, "problems"));
            }
        } catch (SQLException e) {
            directory.removeUnfinished();
            throw new DataException(
                    "%s: cannot join the parts: %s; they are as they were, and --resume begins again"
                            .formatted(directory.path(), directory.explained(Database.reason(e))),
                    e);
        }
    }

    private static long count(DuckDBConnection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void copy(Path file, Consumer<Path> progress) throws SQLException {
        try (DuckDBConnection made = Database.writing(file);
                Statement statement = made.createStatement()) {
            List<String> tables = List.of();
            for (Path part : parts.directories()) {
                progress.accept(part);
                statement.execute(
                        "ATTACH %s AS part (READ_ONLY)"
                                .formatted(
                                        Database.quoted(
                                                new RunDirectory(part)
                                                        .database()
                                                        .toAbsolutePath()
                                                        .toString())));
                if (tables.isEmpty()) {
                    tables = createTables(statement);
                    copyOnce(statement);
                }
                for (String table : tables) {
                    statement.execute(
                            "INSERT INTO %s SELECT * REPLACE (%s AS run) FROM part.%s"
                                    .formatted(table, Database.quoted(manifest.run()), table));
                }
                statement.execute("DETACH part");
            }
            // closing does this too, but says nothing where it fails, as on a full disk
            statement.execute("FORCE CHECKPOINT");
        }
    }

    /// @return the tables of which every part has rows of its own
    private static List<String> createTables(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> ddl = new ArrayList<>();
        try (ResultSet tables =
                statement.executeQuery(
                        "SELECT table_name, sql FROM duckdb_tables() WHERE database_name = 'part' ORDER BY table_oid")) {
            while (tables.next()) {
                names.add(tables.getString(1));
                ddl.add(tables.getString(2));
            }
        }
        for (String table : ddl) {
            statement.execute(table);
        }
        names.removeAll(List.of("runs", "units"));
        return names;
    }

    /// What all parts say alike: the models, and that nothing is left to be measured.
    private void copyOnce(Statement statement) throws SQLException {
        statement.execute(
                "INSERT INTO runs SELECT * REPLACE (%s AS run, %s AS manifest) FROM part.runs"
                        .formatted(
                                Database.quoted(manifest.run()), Database.quoted(manifest.json())));
        statement.execute(
                "INSERT INTO units SELECT * FROM part.units WHERE starts_with(name, %s)"
                        .formatted(Database.quoted(Store.COMPLETE)));
    }

    /// Whether all of a run is measured.
    static boolean complete(Path part, List<String> models) {
        Path file = Query.databaseOf(part);
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (DuckDBConnection connection = Query.connect(part, file)) {
            for (String model : models) {
                try (var units =
                        connection.prepareStatement("SELECT 1 FROM units WHERE name = ?")) {
                    units.setString(1, Store.COMPLETE + model);
                    try (ResultSet found = units.executeQuery()) {
                        if (!found.next()) {
                            return false;
                        }
                    }
                }
            }
            return true;
        } catch (SQLException e) {
            throw new DataException(
                    "%s: cannot be read: %s".formatted(file, Database.reason(e)), e);
        }
    }
}
