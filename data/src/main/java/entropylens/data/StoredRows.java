package entropylens.data;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rows of the tables as records.
final class StoredRows {
    private StoredRows() {}

    static ModelRow model(ResultSet row) throws SQLException {
        return new ModelRow(
                row.getString("model"),
                row.getString("family"),
                row.getInt("blocks"),
                row.getInt("vocabulary"),
                row.getLong("parameters"),
                longOrNull(row, "untrained_seed"));
    }

    static TextRow text(ResultSet row) throws SQLException {
        return new TextRow(
                row.getString("study"),
                row.getString("model"),
                row.getString("text_id"),
                row.getString("group_id"),
                row.getString("label"),
                row.getString("variant"),
                row.getString("wording"),
                row.getString("prompt"),
                ints(row.getArray("prompt_ids")),
                ints(row.getArray("generated_ids")),
                row.getString("generated_text"),
                longOrNull(row, "seed"),
                written(row));
    }

    private static @Nullable WrittenPrompt written(ResultSet row) throws SQLException {
        String template = row.getString("chat_template");
        return template == null
                ? null
                : new WrittenPrompt(
                        template, row.getString("system_prompt"), row.getString("chat_prompt"));
    }

    static AnswerRow answer(ResultSet row) throws SQLException {
        double margin = row.getDouble("margin");
        return new AnswerRow(
                row.getString("study"),
                row.getString("model"),
                row.getString("question_id"),
                row.getString("subject"),
                row.getString("condition"),
                row.getString("part"),
                intOrNull(row, "k"),
                intOrNull(row, "draw"),
                ints(row.getArray("skipped")),
                doubles(row.getArray("logits")),
                row.getInt("predicted"),
                row.getInt("answer"),
                row.getObject("margin") == null ? null : (Double) margin);
    }

    static LossRow loss(ResultSet row) throws SQLException {
        return new LossRow(
                row.getString("study"),
                row.getString("model"),
                row.getString("condition"),
                row.getString("part"),
                intOrNull(row, "k"),
                intOrNull(row, "draw"),
                row.getString("text_id"),
                row.getDouble("nats"),
                row.getInt("tokens"));
    }

    static MoveRow move(ResultSet row) throws SQLException {
        return new MoveRow(
                row.getString("study"),
                row.getString("model"),
                row.getString("text_id"),
                row.getInt("token"),
                row.getInt("layer"),
                row.getDouble("change"),
                JsonText.strings(row.getString("enter")),
                row.getInt("entering"),
                JsonText.strings(row.getString("leave")),
                row.getInt("leaving"));
    }

    static BlockRow block(ResultSet row) throws SQLException {
        return new BlockRow(
                row.getString("study"),
                row.getString("model"),
                row.getString("text_id"),
                row.getInt("block"),
                row.getDouble("input_norm"),
                row.getDouble("update_norm"),
                row.getDouble("cosine"));
    }

    private static @Nullable Integer intOrNull(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    private static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private static int[] ints(Array list) throws SQLException {
        return Arrays.stream((Object[]) list.getArray()).mapToInt(i -> (Integer) i).toArray();
    }

    private static double[] doubles(Array list) throws SQLException {
        return Arrays.stream((Object[]) list.getArray()).mapToDouble(d -> (Double) d).toArray();
    }
}
