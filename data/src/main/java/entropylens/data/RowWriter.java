package entropylens.data;

import entropylens.lens.ReadoutRequest;
import entropylens.lens.Readouts;
import entropylens.lens.Statistic;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// Writes the rows of a unit, in the order of the columns in [Schema].
final class RowWriter {
    private final DuckDBConnection connection;
    private final Manifest manifest;
    private final ReadoutRequest columns;

    RowWriter(DuckDBConnection connection, Manifest manifest, ReadoutRequest columns) {
        this.connection = connection;
        this.manifest = manifest;
        this.columns = columns;
    }

    /// Writes one row into an appender that has begun it.
    @FunctionalInterface
    private interface Row<R> {
        void write(DuckDBAppender to, R row) throws SQLException;
    }

    void write(UnitRows rows) throws SQLException {
        each("runs", rows.models, this::model);
        each("texts", rows.texts, this::text);
        table("profiles", rows.profiles, this::profile);
        each("answers", rows.answers, this::answer);
        each("losses", rows.losses, this::loss);
        each("moves", rows.moves, this::move);
        each("blocks", rows.blocks, this::block);
        each("inputs", rows.inputs, this::input);
        each("problems", rows.problems, this::problem);
    }

    private <R> void each(String table, List<R> rows, Row<R> row) throws SQLException {
        table(
                table,
                rows,
                (to, one) -> {
                    to.beginRow();
                    row.write(to, one);
                    to.endRow();
                });
    }

    private <R> void table(String table, List<R> rows, Row<R> row) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (DuckDBAppender to = connection.createAppender(table)) {
            for (R one : rows) {
                row.write(to, one);
            }
            to.flush(); // close() hides a failed flush, and rows would be missing
        }
    }

    private void model(DuckDBAppender to, ModelRow row) throws SQLException {
        to.append(manifest.run()).append(row.name()).append(row.family());
        to.append(row.blocks()).append(row.vocabulary()).append(row.parameters());
        number(to, row.untrainedSeed());
        to.append(Schema.VERSION).append(manifest.json());
    }

    private void text(DuckDBAppender to, TextRow row) throws SQLException {
        to.append(manifest.run()).append(row.study()).append(row.model()).append(row.textId());
        text(to, row.groupId());
        text(to, row.label());
        text(to, row.variant());
        text(to, row.wording());
        text(to, row.prompt());
        to.append(row.promptIds()).append(row.generatedIds());
        text(to, row.generatedText());
        number(to, row.seed());
        WrittenPrompt written = row.written();
        text(to, written == null ? null : written.template());
        text(to, written == null ? null : written.system());
        text(to, written == null ? null : written.text());
    }

    private void profile(DuckDBAppender to, ProfileRows rows) throws SQLException {
        int layers = rows.measured().layers();
        for (int at = 0; at < rows.measured().positions() * layers; at++) {
            int row = at / layers;
            to.beginRow();
            to.append(manifest.run()).append(rows.study()).append(rows.model());
            to.append(rows.textId()).append(row + 1);
            to.append(rows.measured().firstPosition() + row);
            to.append(at % layers + (rows.embedding() ? 0 : 1));
            statistics(to, rows.measured().readouts(), at);
            to.endRow();
        }
    }

    private void statistics(DuckDBAppender to, Readouts found, int at) throws SQLException {
        for (Statistic statistic : columns.statistics()) {
            if (!found.request().statistics().contains(statistic)) {
                to.appendNull();
            } else {
                statistic(to, statistic, found.column(statistic)[at]);
            }
        }
        if (columns.topK() > 0 && found.topIds().length == 0) {
            to.appendNull().appendNull();
        } else if (columns.topK() > 0) {
            to.append(found.topIds()[at]).append(found.topProbabilities()[at]);
        }
    }

    /// NULL where it is absent, NaN where it is not finite.
    private static void statistic(DuckDBAppender to, Statistic statistic, double value)
            throws SQLException {
        if (Double.isNaN(value) && statistic.mayBeAbsent()) {
            to.appendNull();
        } else if (statistic.isCount()) {
            to.append((int) value);
        } else {
            to.append(Double.isFinite(value) ? (float) value : Float.NaN);
        }
    }

    private void answer(DuckDBAppender to, AnswerRow row) throws SQLException {
        to.append(manifest.run()).append(row.study()).append(row.model()).append(row.questionId());
        text(to, row.subject());
        to.append(row.condition());
        text(to, row.part());
        number(to, row.k());
        number(to, row.draw());
        to.append(row.skipped()).append(row.logits()).append(row.predicted()).append(row.answer());
        to.append(row.correct());
        if (row.margin() == null) {
            to.appendNull();
        } else {
            to.append(row.margin().doubleValue());
        }
    }

    private void loss(DuckDBAppender to, LossRow row) throws SQLException {
        to.append(manifest.run()).append(row.study()).append(row.model()).append(row.condition());
        text(to, row.part());
        number(to, row.k());
        number(to, row.draw());
        to.append(row.textId()).append(row.nats()).append(row.tokens());
    }

    private void move(DuckDBAppender to, MoveRow row) throws SQLException {
        to.append(manifest.run()).append(row.study()).append(row.model()).append(row.textId());
        to.append(row.token()).append(row.layer()).append(row.change());
        to.append(JsonText.list(row.enter())).append(row.entering());
        to.append(JsonText.list(row.leave())).append(row.leaving());
    }

    private void block(DuckDBAppender to, BlockRow row) throws SQLException {
        to.append(manifest.run()).append(row.study()).append(row.model()).append(row.textId());
        to.append(row.block());
        to.append(row.inputNorm()).append(row.updateNorm()).append(row.cosine());
    }

    private void input(DuckDBAppender to, InputRow row) throws SQLException {
        to.append(manifest.run()).append(row.inputId()).append(row.file()).append(row.place());
        to.append(row.columns());
    }

    private void problem(DuckDBAppender to, ProblemRow row) throws SQLException {
        to.append(manifest.run()).append(row.model()).append(row.inputId()).append(row.reason());
    }

    private static void text(DuckDBAppender to, @Nullable String value) throws SQLException {
        if (value == null) {
            to.appendNull();
        } else {
            to.append(value);
        }
    }

    private static void number(DuckDBAppender to, @Nullable Integer value) throws SQLException {
        if (value == null) {
            to.appendNull();
        } else {
            to.append(value.intValue());
        }
    }

    private static void number(DuckDBAppender to, @Nullable Long value) throws SQLException {
        if (value == null) {
            to.appendNull();
        } else {
            to.append(value.longValue());
        }
    }
}
