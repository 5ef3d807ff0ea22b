package entropylens.spark;

import entropylens.data.PromptRow;
import entropylens.data.Prompts;
import java.io.Serial;
import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/// Prompts on their way to the tasks that measure them.
final class PromptTable implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    static final StructType SCHEMA =
            new StructType()
                    .add("number", DataTypes.LongType, false)
                    .add("file", DataTypes.StringType, false)
                    .add("place", DataTypes.StringType, false)
                    .add("columns", DataTypes.StringType, true)
                    .add("prompt", DataTypes.StringType, true)
                    .add("conversation", DataTypes.BooleanType, false)
                    .add("answer", DataTypes.StringType, true)
                    .add("problem", DataTypes.StringType, true);

    private PromptTable() {}

    /// @param number over all files, from 1
    static Row row(PromptRow row, long number, String columns) {
        return RowFactory.create(
                number,
                row.file(),
                row.where(),
                columns,
                row.prompt(),
                row.chat() != null,
                row.answer(),
                row.problem());
    }

    static PromptRow of(Row row) {
        return new PromptRow(
                row.getLong(0),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getBoolean(5) ? Prompts.conversation(row.getString(4)) : null,
                row.getString(6),
                row.getString(7));
    }
}
