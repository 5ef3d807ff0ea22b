package entropylens.spark;

import entropylens.data.PlainTable;
import entropylens.lens.ReadoutRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/// The tables of docs/results.md in Spark's terms.
final class Tables {
    /// Columns of `profiles` that stand once for each text in what tasks give.
    private static final Set<String> OF_THE_TEXT = Set.of("run", "study", "model", "text_id");

    private Tables() {}

    /// What a task gives: a row for each text, with `text` and `profile`, and for each row that
    /// cannot be measured, with `problem`.
    static StructType measured(ReadoutRequest asked) {
        return new StructType()
                .add("text", struct(PlainTable.texts()), true)
                .add("profile", DataTypes.createArrayType(profile(asked), false), true)
                .add("problem", struct(PlainTable.problems()), true);
    }

    /// The columns of `profiles` that a token and layer has for itself.
    static StructType profile(ReadoutRequest asked) {
        StructField[] own =
                Arrays.stream(struct(PlainTable.profiles(asked)).fields())
                        .filter(field -> !OF_THE_TEXT.contains(field.name()))
                        .toArray(StructField[]::new);
        return new StructType(own);
    }

    /// The values of these columns, of a row of [PlainTable#profiles]: the text's come first.
    static Row profileRow(@Nullable Object[] values) {
        return RowFactory.create(Arrays.copyOfRange(values, OF_THE_TEXT.size(), values.length));
    }

    static StructType struct(PlainTable table) {
        return new StructType(
                table.columns().stream()
                        .map(column ->
                                DataTypes.createStructField(
                                        column.name(), type(column.type()), !column.required()))
                        .toArray(StructField[]::new));
    }

    static List<String> names(PlainTable table) {
        return table.columns().stream().map(PlainTable.Column::name).toList();
    }

    static DataType type(String duckdb) {
        if (duckdb.endsWith("[]")) {
            return DataTypes.createArrayType(type(duckdb.substring(0, duckdb.length() - 2)), false);
        }
        return switch (duckdb) {
            case "VARCHAR", "JSON" -> DataTypes.StringType;
            case "INTEGER" -> DataTypes.IntegerType;
            case "BIGINT" -> DataTypes.LongType;
            case "FLOAT" -> DataTypes.FloatType;
            case "DOUBLE" -> DataTypes.DoubleType;
            case "BOOLEAN" -> DataTypes.BooleanType;
            default -> throw new IllegalStateException("no type of Spark for " + duckdb);
        };
    }
}
