package entropylens.data;

import entropylens.checkpoint.NearNames;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.duckdb.DuckDBConnection;

/// Reads a run back: text by text, in the order of their ids (by code unit, so `10` before `9`),
/// whatever order they were measured in. Only one text is in memory at a time.
public final class Results implements AutoCloseable {
    private static final String ORDER = " ORDER BY condition, part, k, draw, skipped, question_id";

    private final Path file;
    private final DuckDBConnection connection;

    /// @param connection stays the caller's
    Results(Path file, DuckDBConnection connection) {
        this.file = file;
        this.connection = duplicate(file, connection);
    }

    /// A run that nobody is writing.
    ///
    /// @param path its directory, or its `run.duckdb`
    /// @throws DataException when there is none, or it is being written
    public static Results open(Path path) {
        Path file = Query.databaseOf(path);
        try (DuckDBConnection opened = Query.connect(path, file)) {
            return new Results(file, opened);
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    private static DuckDBConnection duplicate(Path file, DuckDBConnection connection) {
        try {
            return connection.duplicate().unwrap(DuckDBConnection.class);
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    private static DataException unreadable(Path file, SQLException e) {
        return new DataException("%s: cannot be read: %s".formatted(file, Database.reason(e)), e);
    }

    /// The studies that have rows, in alphabetical order.
    public List<String> studies() {
        return strings(
                "SELECT study FROM texts UNION SELECT study FROM answers UNION SELECT study FROM losses ORDER BY study");
    }

    /// The models that have rows in a study, in alphabetical order.
    public List<String> models(String study) {
        return strings(
                "SELECT model FROM texts WHERE study = $1 UNION SELECT model FROM answers WHERE study = $1 UNION SELECT model FROM losses WHERE study = $1 ORDER BY model",
                study);
    }

    /// The columns of `profiles` that hold one number each, entropy first.
    public List<String> statistics() {
        return strings(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'profiles' AND data_type IN ('FLOAT', 'INTEGER') AND column_name NOT IN ('token', 'position', 'layer') ORDER BY ordinal_position");
    }

    static List<String> columns(DuckDBConnection connection, String table) throws SQLException {
        return strings(
                connection,
                "SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position",
                table);
    }

    private List<String> strings(String sql, String... arguments) {
        try {
            return strings(connection, sql, arguments);
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    private static List<String> strings(
            DuckDBConnection connection, String sql, String... arguments) throws SQLException {
        List<String> values = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setString(i + 1, arguments[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
        }
        return values;
    }

    /// Hands over every text of a study and model, as the logit lens saw it.
    ///
    /// @param statistics the columns to read, such as `entropy`
    /// @throws DataException when the run does not keep one of them
    public void texts(
            String study, String model, List<String> statistics, Consumer<StoredText> to) {
        texts(study, model, ProfileRows.LOGIT, statistics, to);
    }

    /// Hands over every text of a study and model.
    ///
    /// @param lens through what it was looked at, as the column `lens` says it
    /// @param statistics the columns to read, such as `entropy`
    /// @throws DataException when the run does not keep one of them
    public void texts(
            String study,
            String model,
            String lens,
            List<String> statistics,
            Consumer<StoredText> to) {
        requireKept(statistics);
        try (DuckDBConnection second = duplicate(file, connection);
                TextRows texts = TextRows.of(connection, study, model, Integer.MAX_VALUE);
                ProfileCursor profiles = ProfileCursor.of(second, study, model, lens, statistics)) {
            for (TextRow text = texts.next(); text != null; text = texts.next()) {
                to.accept(profiles.take(text));
            }
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    /// The first texts of a study and model, without what was measured on them.
    ///
    /// @param most of them
    public List<TextRow> firstTexts(String study, String model, int most) {
        List<TextRow> first = new ArrayList<>();
        try (TextRows texts = TextRows.of(connection, study, model, most)) {
            for (TextRow text = texts.next(); text != null; text = texts.next()) {
                first.add(text);
            }
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
        return first;
    }

    private void requireKept(List<String> statistics) {
        List<String> kept = statistics();
        for (String asked : statistics) {
            if (!kept.contains(asked)) {
                List<String> near = NearNames.of(asked, kept);
                throw new DataException(
                        "%s: does not keep '%s'%s; it keeps %s"
                                .formatted(
                                        file,
                                        asked,
                                        near.isEmpty()
                                                ? ""
                                                : " (did you mean " + near.getFirst() + "?)",
                                        String.join(", ", kept)));
            }
        }
    }

    /// Hands over every answer of a study and model, ordered by condition, part, k, draw and
    /// question.
    public void answers(String study, String model, Consumer<AnswerRow> to) {
        rows(
                "SELECT * FROM answers WHERE study = ? AND model = ?" + ORDER,
                study,
                model,
                row -> to.accept(StoredRows.answer(row)));
    }

    /// Hands over every loss of a study and model, ordered by condition, part, k, draw and text.
    public void losses(String study, String model, Consumer<LossRow> to) {
        rows(
                "SELECT * FROM losses WHERE study = ? AND model = ? ORDER BY condition, part, k, draw, text_id",
                study,
                model,
                row -> to.accept(StoredRows.loss(row)));
    }

    /// Hands over every move of a study and model, ordered by text, token and layer.
    public void moves(String study, String model, Consumer<MoveRow> to) {
        rows(
                "SELECT * FROM moves WHERE study = ? AND model = ? ORDER BY text_id, token, layer",
                study,
                model,
                row -> to.accept(StoredRows.move(row)));
    }

    /// Hands over what every block did to every text of a study and model, ordered by text and
    /// block.
    public void blocks(String study, String model, Consumer<BlockRow> to) {
        rows(
                "SELECT * FROM blocks WHERE study = ? AND model = ? ORDER BY text_id, block",
                study,
                model,
                row -> to.accept(StoredRows.block(row)));
    }

    /// The models of the run, in alphabetical order.
    public List<ModelRow> modelRows() {
        List<ModelRow> models = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM runs ORDER BY model")) {
            while (rows.next()) {
                models.add(StoredRows.model(rows));
            }
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
        return models;
    }

    @FunctionalInterface
    private interface RowConsumer {
        void accept(ResultSet row) throws SQLException;
    }

    private void rows(String sql, String study, String model, RowConsumer each) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, study);
            statement.setString(2, model);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(rows);
                }
            }
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }
}
