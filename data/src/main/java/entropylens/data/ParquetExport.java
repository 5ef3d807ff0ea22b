package entropylens.data;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/// The tables as Parquet files.
final class ParquetExport {
    /// What orders the rows of each table, which come in the order in which units were done. The
    /// table `runs` is not here: it says when a run was made.
    private static final Map<String, String> KEYS = new LinkedHashMap<>();

    static {
        KEYS.put("texts", "study, model, text_id");
        KEYS.put("profiles", "study, model, text_id, lens, token, point, layer");
        KEYS.put("answers", "study, model, condition, part, k, draw, skipped, question_id");
        KEYS.put("losses", "study, model, condition, part, k, draw, text_id");
        KEYS.put("moves", "study, model, text_id, token, layer");
        KEYS.put("blocks", "study, model, text_id, block");
        KEYS.put("inputs", "input_id");
        KEYS.put("problems", "model, input_id");
    }

    private ParquetExport() {}

    static List<Path> write(DuckDBConnection connection, RunDirectory directory)
            throws SQLException, IOException {
        List<Path> written = new ArrayList<>();
        for (var table : KEYS.entrySet()) {
            try (Statement statement = connection.createStatement()) {
                if (isEmpty(statement, table.getKey())) {
                    continue;
                }
                Path file = directory.parquet(table.getKey());
                Path unfinished = AtomicFile.unfinished(file);
                statement.execute(
                        "COPY (%s ORDER BY %s) TO %s (FORMAT parquet, COMPRESSION zstd)"
                                .formatted(
                                        select(statement, table.getKey()),
                                        table.getValue(),
                                        Database.quoted(unfinished.toAbsolutePath().toString())));
                AtomicFile.publish(unfinished, file);
                written.add(file);
            }
        }
        return written;
    }

    private static String select(Statement statement, String table) throws SQLException {
        return table.equals("inputs") ? InputColumns.select(statement) : "SELECT * FROM " + table;
    }

    private static boolean isEmpty(Statement statement, String table) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT 1 FROM " + table + " LIMIT 1")) {
            return !row.next();
        }
    }
}
