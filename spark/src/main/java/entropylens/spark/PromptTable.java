package entropylens.spark;

import entropylens.data.PromptRow;
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
                null, // conversations are not read here
                row.getString(5),
                row.getString(6));
    }
}
