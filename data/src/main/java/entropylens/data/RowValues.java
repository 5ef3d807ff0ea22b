package entropylens.data;

import entropylens.lens.ReadoutRequest;
import entropylens.lens.Readouts;
import entropylens.lens.Statistic;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The values of each kind of row, in the order of the columns in [Schema].
final class RowValues {
    private final String run;
    private final Supplier<String> manifest;
    private final ReadoutRequest columns;

    /// @param run names the run
    /// @param manifest its JSON
    /// @param columns what the table `profiles` keeps
    RowValues(String run, Supplier<String> manifest, ReadoutRequest columns) {
        this.run = run;
        this.manifest = manifest;
        this.columns = columns;
    }

    void model(RowSink to, ModelRow row) throws SQLException {
        to.append(run).append(row.name()).append(row.family());
        to.append(row.blocks()).append(row.vocabulary()).append(row.parameters());
        number(to, row.untrainedSeed());
        to.append(Schema.VERSION).append(manifest.get());
    }

    void text(RowSink to, TextRow row) throws SQLException {
        to.append(run).append(row.study()).append(row.model()).append(row.textId());
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

    void profile(RowSink to, ProfileRows rows) throws SQLException {
        for (StreamPoint point : rows.measured().points()) {
            profile(to, rows, rows.measured().at(point));
        }
    }

    private void profile(RowSink to, ProfileRows rows, TextProfile measured) throws SQLException {
        int layers = measured.layers();
        boolean embedding = rows.embedding() && measured.point() == StreamPoint.RESID_POST;
        for (int at = 0; at < measured.positions() * layers; at++) {
            int row = at / layers;
            to.beginRow();
            to.append(run).append(rows.study()).append(rows.model());
            to.append(rows.textId()).append(row + 1);
            to.append(measured.firstPosition() + row);
            to.append(measured.point().word());
            to.append(rows.lens());
            to.append(at % layers + (embedding ? 0 : 1));
            statistics(to, measured.readouts(), at);
            to.endRow();
        }
    }

    private void statistics(RowSink to, Readouts found, int at) throws SQLException {
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
    private static void statistic(RowSink to, Statistic statistic, double value)
            throws SQLException {
        if (Double.isNaN(value) && statistic.mayBeAbsent()) {
            to.appendNull();
        } else if (statistic.isCount()) {
            to.append((int) value);
        } else {
            to.append(Double.isFinite(value) ? (float) value : Float.NaN);
        }
    }

    void answer(RowSink to, AnswerRow row) throws SQLException {
        to.append(run).append(row.study()).append(row.model()).append(row.questionId());
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

    void loss(RowSink to, LossRow row) throws SQLException {
        to.append(run).append(row.study()).append(row.model()).append(row.condition());
        text(to, row.part());
        number(to, row.k());
        number(to, row.draw());
        to.append(row.textId()).append(row.nats()).append(row.tokens());
    }

    void move(RowSink to, MoveRow row) throws SQLException {
        to.append(run).append(row.study()).append(row.model()).append(row.textId());
        to.append(row.token()).append(row.layer()).append(row.change());
        to.append(JsonText.list(row.enter())).append(row.entering());
        to.append(JsonText.list(row.leave())).append(row.leaving());
    }

    void block(RowSink to, BlockRow row) throws SQLException {
        to.append(run).append(row.study()).append(row.model()).append(row.textId());
        to.append(row.block());
        to.append(row.inputNorm()).append(row.updateNorm()).append(row.cosine());
    }

    void input(RowSink to, InputRow row) throws SQLException {
        to.append(run).append(row.inputId()).append(row.file()).append(row.place());
        to.append(row.columns());
    }

    void problem(RowSink to, ProblemRow row) throws SQLException {
        to.append(run).append(row.model()).append(row.inputId()).append(row.reason());
    }

    private static void text(RowSink to, @Nullable String value) throws SQLException {
        if (value == null) {
            to.appendNull();
        } else {
            to.append(value);
        }
    }

    private static void number(RowSink to, @Nullable Integer value) throws SQLException {
        if (value == null) {
            to.appendNull();
        } else {
            to.append(value.intValue());
        }
    }

    private static void number(RowSink to, @Nullable Long value) throws SQLException {
        if (value == null) {
            to.appendNull();
        } else {
            to.append(value.longValue());
        }
    }
}
