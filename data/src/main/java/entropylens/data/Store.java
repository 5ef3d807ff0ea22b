package entropylens.data;

import entropylens.lens.ReadoutRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// Keeps what a run finds, in a directory of its own: `manifest.json` says how to repeat it,
/// `run.duckdb` holds the rows.
///
/// Work is cut into units whose content does not depend on when they are done. The rows of a unit
/// and its name go in together: whenever the program is killed, a unit is there wholly or not at
/// all, and a run that goes on does only what is not [#done]. One process writes a run at a time.
///
/// Threads may share a store. What is wrong with the directory or the disk is a [DataException].
public final class Store implements AutoCloseable {
    /// Begins the name of the unit that says that nothing of a model is left to be measured.
    static final String COMPLETE = "complete/";

    private final RunDirectory directory;
    private final RunLock lock;
    private final Manifest manifest;
    private final ReadoutRequest columns;
    private final boolean resumed;

    private @Nullable DuckDBConnection connection;
    private @Nullable Set<String> units;

    private Store(
            RunDirectory directory,
            RunLock lock,
            Manifest manifest,
            ReadoutRequest columns,
            boolean resumed) {
        this.directory = directory;
        this.lock = lock;
        this.manifest = manifest;
        this.columns = columns;
        this.resumed = resumed;
    }

    /// Starts a run in a new or empty directory, or with `resume` goes on with the one that is
    /// there. DuckDB itself is opened when it is first needed.
    ///
    /// @param columns what the table `profiles` keeps of every token and layer: all that any of the
    ///   run's readouts is asked for. A text of which something was not measured has nulls there
    /// @throws DataException when the directory holds a run and `resume` is false; when that run
    ///   has another identity, or is being written; when the directory holds something else or
    ///   cannot be written
    public static Store open(Path path, Manifest manifest, ReadoutRequest columns, boolean resume) {
        RunDirectory directory = new RunDirectory(path);
        RunLock lock = directory.claim(resume);
        try {
            boolean resumed = Files.exists(directory.manifest());
            Manifest kept = resumed ? goOn(directory, manifest) : manifest;
            AtomicFile.write(directory.manifest(), kept.json());
            return new Store(directory, lock, kept, columns, resumed);
        } catch (IOException e) {
            release(lock);
            throw directory.failure("cannot write manifest.json", e);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static Manifest goOn(RunDirectory directory, Manifest given) throws IOException {
        String name = directory.manifest().toString();
        Manifest stored = Manifest.parse(name, Files.readString(directory.manifest()));
        stored.differenceTo(given)
                .ifPresent(difference -> {
                    throw new DataException(
                            "%s: the run is another one: %s; run it as it was begun, or choose another directory"
                                    .formatted(name, difference));
                });
        return stored.resumedBy(given);
    }

    private static void release(RunLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            // what went wrong before is what the user needs to know
        }
    }

    /// Whether this goes on with a run that was begun before.
    public boolean resumed() {
        return resumed;
    }

    /// Names the run.
    public String run() {
        return manifest.run();
    }

    /// Whether the rows of a unit are here.
    public synchronized boolean done(String unit) {
        return units().contains(unit);
    }

    /// Whether nothing of a model is left to be measured.
    public boolean complete(String model) {
        return done(COMPLETE + model);
    }

    /// Notes that nothing of a model is left to be measured.
    public void noteComplete(String model) {
        commit(COMPLETE + model, new UnitRows());
    }

    /// The number of units that are here.
    public synchronized int unitsDone() {
        return units().size();
    }

    /// Keeps the rows of a unit: once this returns, they outlive the program and the machine.
    ///
    /// @throws DataException when they cannot be kept, and then none of them is
    public synchronized void commit(String unit, UnitRows rows) {
        if (done(unit)) {
            throw new IllegalStateException("unit '" + unit + "' is done already");
        }
        DuckDBConnection open = connection();
        try {
            // by name: with autocommit off, the driver begins no transaction for an appender
            execute(open, "BEGIN TRANSACTION");
            try {
                new RowWriter(open, manifest, columns).write(rows);
                finish(open, unit);
                execute(open, "COMMIT");
            } catch (SQLException | RuntimeException e) {
                rollback(open, e);
                throw e;
            }
        } catch (SQLException e) {
            throw unwritable(e);
        }
        units().add(unit);
    }

    private static void finish(DuckDBConnection connection, String unit) throws SQLException {
        String sql = "INSERT INTO units VALUES (?, now() AT TIME ZONE 'UTC')";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, unit);
            insert.executeUpdate();
        }
    }

    private static void execute(DuckDBConnection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void rollback(DuckDBConnection connection, Exception reason) {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    private DataException unwritable(SQLException e) {
        return new DataException(
                "%s: cannot be written: %s; what was done before is kept, and --resume goes on from there"
                        .formatted(directory.database(), directory.explained(Database.reason(e))),
                e);
    }

    /// What is kept so far.
    public synchronized Results results() {
        return new Results(directory.database(), connection());
    }

    /// Writes `texts.parquet`, `profiles.parquet`, `answers.parquet`, `losses.parquet` and
    /// `moves.parquet`, those that have rows, in the order of their keys: two runs of one identity
    /// write the same bytes.
    ///
    /// @return the files written
    public synchronized List<Path> exportParquet() {
        try {
            return ParquetExport.write(connection(), directory);
        } catch (SQLException e) {
            throw new DataException(
                    "%s: cannot write Parquet: %s; the measurements are in run.duckdb, and --resume goes on from there"
                            .formatted(directory.path(), directory.explained(Database.reason(e))),
                    e);
        } catch (IOException e) {
            throw directory.failure("cannot write Parquet", e);
        }
    }

    private Set<String> units() {
        Set<String> known = units;
        if (known == null) {
            known = Files.exists(directory.database()) ? readUnits() : new HashSet<>();
            units = known;
        }
        return known;
    }

    private Set<String> readUnits() {
        Set<String> names = new HashSet<>();
        try (Statement statement = connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT name FROM units")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private DataException unreadable(SQLException e) {
        return new DataException(
                "%s: cannot be read: %s".formatted(directory.database(), Database.reason(e)), e);
    }

    private DuckDBConnection connection() {
        DuckDBConnection open = connection;
        if (open == null) {
            open = connect();
            connection = open;
        }
        return open;
    }

    private DuckDBConnection connect() {
        try {
            if (!Files.exists(directory.database())) {
                createTables();
            }
            DuckDBConnection open = Database.writing(directory.database());
            try {
                requireColumns(open);
            } catch (SQLException | RuntimeException e) {
                open.close();
                throw e;
            }
            return open;
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /// A database that was killed while it was made might not open, so it takes its name when it is
    /// complete.
    private void createTables() {
        Path unfinished = AtomicFile.unfinished(directory.database());
        try {
            makeTables(unfinished);
            AtomicFile.publish(unfinished, directory.database());
        } catch (SQLException e) {
            throw notMade(Database.reason(e), e);
        } catch (IOException e) {
            throw notMade(RunDirectory.reason(e), e);
        }
    }

    private void makeTables(Path file) throws SQLException, IOException {
        try (DuckDBConnection made = Database.writing(file);
                Statement statement = made.createStatement()) {
            for (Schema.Table table : Schema.tables(columns)) {
                statement.execute(table.ddl());
            }
            // closing does this too, but says nothing where it fails, as on a full disk
            statement.execute("FORCE CHECKPOINT");
        }
        Path log = file.resolveSibling(file.getFileName() + ".wal");
        if (Files.exists(log)) {
            throw new IOException("its write-ahead log could not be merged into it");
        }
    }

    private DataException notMade(String reason, Exception e) {
        String explained = directory.explained(reason);
        try {
            directory.removeUnfinished();
        } catch (IOException again) {
            e.addSuppressed(again);
        }
        return new DataException(
                "%s: cannot be made: %s; nothing is lost, and --resume begins there"
                        .formatted(directory.database(), explained),
                e);
    }

    private void requireColumns(DuckDBConnection open) throws SQLException {
        List<String> expected =
                Schema.profiles(columns).columns().stream().map(Schema.Column::name).toList();
        List<String> found = Results.columns(open, "profiles");
        if (!found.equals(expected)) {
            throw new DataException(
                    "%s: keeps the statistics %s, but this run measures %s; start it anew in another directory"
                            .formatted(directory.database(), found, expected));
        }
    }

    /// Lets go of the run. Everything committed is kept, whatever happens here.
    @Override
    public synchronized void close() {
        try (lock) {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException | IOException e) {
            // committed rows are safe in the log beside the file, which is read at the next opening
        }
    }
}
