package entropylens.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.duckdb.DuckDBConnection;

/// How DuckDB is opened here: without network, in little memory, and never more than a job asks
/// for.
final class Database {
    private static final Path MAPS = Path.of("/proc/self/maps");

    /// A message may quote the file's content.
    private static final int LONGEST_REASON = 500;

    private static final AtomicBoolean LIBRARY_REMOVED = new AtomicBoolean();

    private Database() {}

    /// A file to write, which is made where it is missing.
    static DuckDBConnection writing(Path file) throws SQLException {
        return open(file, common());
    }

    /// A file that is there, and nothing else: no SQL reaches another file or changes a setting.
    static DuckDBConnection reading(Path file) throws SQLException {
        Properties settings = common();
        settings.setProperty("access_mode", "READ_ONLY");
        settings.setProperty("enable_external_access", "false");
        settings.setProperty("lock_configuration", "true");
        return open(file, settings);
    }

    /// An engine without a file of its own, to read Parquet with.
    static DuckDBConnection inMemory() throws SQLException {
        return connect("jdbc:duckdb:", common());
    }

    private static Properties common() {
        Properties settings = new Properties();
        // Parquet and JSON are compiled in; nothing here may be fetched over the network
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        // the machine belongs to the model
        settings.setProperty("memory_limit", "512MB");
        settings.setProperty("threads", "2");
        // a result is handed over row by row, instead of gathered first
        settings.setProperty("jdbc_stream_results", "true");
        return settings;
    }

    private static DuckDBConnection open(Path file, Properties settings) throws SQLException {
        String path = file.toAbsolutePath().toString();
        if (path.indexOf(';') >= 0) {
            throw new DataException(
                    "%s: DuckDB cannot open a file with ';' in its path; choose another directory"
                            .formatted(file));
        }
        return connect("jdbc:duckdb:" + path, settings);
    }

    private static DuckDBConnection connect(String url, Properties settings) throws SQLException {
        try {
            DuckDBConnection connection =
                    DriverManager.getConnection(url, settings).unwrap(DuckDBConnection.class);
            removeUnpackedLibrary();
            return connection;
        } catch (LinkageError e) {
            throw new DataException(
                    "DuckDB's native library does not start here: %s; it is unpacked into %s, which needs 100 MB of room (another folder: ENTROPY_LENS_JAVA_OPTS=-Djava.io.tmpdir=DIR)"
                            .formatted(rootCause(e), System.getProperty("java.io.tmpdir")),
                    e);
        }
    }

    private static Throwable rootCause(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null || cause == e ? e : rootCause(cause);
    }

    /// What DuckDB objected to, on one line; its drawing of where in the SQL is left out.
    static String reason(SQLException e) {
        List<String> lines =
                String.valueOf(e.getMessage())
                        .lines()
                        .map(String::strip)
                        .takeWhile(line -> !line.startsWith("LINE "))
                        .filter(line -> !line.isEmpty())
                        .toList();
        String text = String.join(" ", lines);
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
    }

    /// `text` as an SQL string.
    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /// The driver unpacks 70 MB of native code into the temporary directory and removes it when the
    /// program ends in peace. A run may be killed, so it is removed as soon as it is mapped, where
    /// the system says which file that is (Linux).
    private static void removeUnpackedLibrary() {
        if (!LIBRARY_REMOVED.compareAndSet(false, true)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(MAPS)) {
                int path = line.indexOf('/');
                if (path >= 0 && line.substring(path).matches(".*/libduckdb_java\\d+\\.so")) {
                    Files.deleteIfExists(Path.of(line.substring(path)));
                }
            }
        } catch (IOException e) {
            // not Linux, or not ours to remove: the driver removes it at the end
        }
    }
}
