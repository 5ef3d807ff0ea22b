package entropylens.data;

import entropylens.lens.ReadoutRequest;
import entropylens.lens.Readouts;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// Writes the rows of a unit, in the order of the columns in [Schema].
final class RowWriter {
    private final DuckDBConnection connection;
    private final Manifest manifest;
    private final ProfileColumns columns;

    RowWriter(DuckDBConnection connection, Manifest manifest, ProfileColumns columns) {
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
    }

    private void profile(DuckDBAppender to, ProfileRows rows) throws SQLException {
        int layers = rows.measured().layers();
        for (int at = 0; at < rows.measured().rows() * layers; at++) {
            int row = at / layers;
            to.beginRow();
            to.append(manifest.run()).append(rows.study()).append(rows.model());
            to.append(rows.textId()).append(row + 1);
            to.append(rows.measured().firstPosition() + row);
            to.append(at % layers + (rows.embedding() ? 0 : 1));
            statistics(to, rows, at);
            to.endRow();
        }
    }

    private void statistics(DuckDBAppender to, ProfileRows rows, int at) throws SQLException {
        Readouts found = rows.measured().readouts();
        ReadoutRequest kept = columns.statistics();
        to.append((float) found.entropy()[at]);
        for (double alpha : kept.alphas()) {
            real(to, column(found.renyi(), rows.asked().alphas().indexOf(alpha)), at);
        }
        for (double p : kept.topPs()) {
            int index = rows.asked().topPs().indexOf(p);
            if (index < 0) {
                to.appendNull();
            } else {
                to.append(found.topPSize()[index][at]);
            }
        }
        if (columns.overlap()) {
            overlap(to, rows, at);
        }
        top(to, found, at);
        target(to, rows, at);
        optional(to, kept.divergence(), found.divergence(), at);
        optional(to, kept.logitStd(), found.logitStd(), at);
        optional(to, kept.norm(), found.norm(), at);
    }

    private void overlap(DuckDBAppender to, ProfileRows rows, int at) throws SQLException {
        for (double p : columns.statistics().topPs()) {
            int index = rows.asked().topPs().indexOf(p);
            ProfileRows.Overlap overlap = rows.overlap().orElse(null);
            real(to, overlap == null ? null : column(overlap.jaccard(), index), at);
            real(to, overlap == null ? null : column(overlap.containment(), index), at);
        }
    }

    private void top(DuckDBAppender to, Readouts found, int at) throws SQLException {
        if (columns.statistics().topK() == 0) {
            return;
        }
        if (found.topIds().length == 0) {
            to.appendNull().appendNull();
        } else {
            to.append(found.topIds()[at]).append(found.topProbabilities()[at]);
        }
    }

    /// The last position of a text that was only read has no token that follows.
    private void target(DuckDBAppender to, ProfileRows rows, int at) throws SQLException {
        if (!columns.statistics().target()) {
            return;
        }
        var measured = rows.measured();
        int next = measured.firstPosition() + at / measured.layers() + 1;
        int length = measured.promptIds().length + measured.generatedIds().length;
        if (next >= length || measured.readouts().targetRank().length == 0) {
            to.appendNull().appendNull();
        } else {
            to.append((float) measured.readouts().targetProbability()[at]);
            to.append(measured.readouts().targetRank()[at]);
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

    private static void optional(DuckDBAppender to, boolean kept, double[] column, int at)
            throws SQLException {
        if (kept) {
            real(to, column, at);
        }
    }

    private static double @Nullable [] column(double[][] columns, int index) {
        return index < 0 ? null : columns[index];
    }

    /// NaN stands for what is not there, as between the first layer and none before it.
    private static void real(DuckDBAppender to, double @Nullable [] column, int at)
            throws SQLException {
        if (column == null || column.length == 0 || Double.isNaN(column[at])) {
            to.appendNull();
        } else {
            to.append((float) column[at]);
        }
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
