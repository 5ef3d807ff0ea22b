package entropylens.spark;

import entropylens.data.PromptRow;
import entropylens.data.Prompts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/// Entropy profiles of the prompts in a DataFrame.
///
/// ```
/// Dataset<Row> profiles = EntropyLensSpark.profiles(prompts, SparkSettings.of("/models/gpt2").tokens(16));
/// ```
///
/// Nothing is measured before the result is used, and it is measured again each time it is: write
/// it, or keep it with `persist`. Each partition is a unit of work; `repartition` decides how many
/// there are.
public final class EntropyLensSpark {
    private static final List<String> USUAL = List.of("prompt", "text", "question");

    /// What messages call a DataFrame.
    private static final String SOURCE = "DataFrame";

    private EntropyLensSpark() {}

    /// The table `profiles` of docs/results.md: a row for each token and layer. Rows that cannot be
    /// measured are left out and counted on Spark's pages; [#measure] says which they are and why.
    ///
    /// @throws IllegalArgumentException when a setting makes no sense, or a column is not there
    public static Dataset<Row> profiles(Dataset<Row> prompts, SparkSettings settings) {
        return profilesOf(measure(prompts, settings));
    }

    /// Everything that is found: a row for each text, with the columns `text` and `profile`, and
    /// one for each row that cannot be measured, with `problem`. The tables are made of it by
    /// [#textsOf], [#profilesOf] and [#problemsOf].
    ///
    /// @throws IllegalArgumentException when a setting makes no sense, or a column is not there
    public static Dataset<Row> measure(Dataset<Row> prompts, SparkSettings settings) {
        settings.check();
        Dataset<Row> rows =
                selected(prompts, settings)
                        .map(asPrompts(settings), Encoders.row(PromptTable.SCHEMA));
        TaskCounters counters = new TaskCounters(prompts.sparkSession().sparkContext());
        return measure(rows, settings, null, counters);
    }

    /// @param prompts as [PromptTable] has them
    /// @param expected what an executor said of the model; null where each finds out by itself
    static Dataset<Row> measure(
            Dataset<Row> prompts,
            SparkSettings settings,
            @Nullable ModelFacts expected,
            TaskCounters counters) {
        return prompts.mapPartitions(
                new MeasureTexts(settings, expected, codecs(prompts.sparkSession()), counters),
                Encoders.row(Tables.measured(settings.terms().readout())));
    }

    /// The table `texts` of what was measured.
    public static Dataset<Row> textsOf(Dataset<Row> measured) {
        return measured.where("text IS NOT NULL").select("text.*");
    }

    /// The table `profiles` of what was measured.
    public static Dataset<Row> profilesOf(Dataset<Row> measured) {
        return measured.where("text IS NOT NULL")
                .select(
                        functions.col("text.run"),
                        functions.col("text.study"),
                        functions.col("text.model"),
                        functions.col("text.text_id"),
                        functions.explode(functions.col("profile")).as("p"))
                .select("run", "study", "model", "text_id", "p.*");
    }

    /// The table `problems` of what was measured.
    public static Dataset<Row> problemsOf(Dataset<Row> measured) {
        return measured.where("problem IS NOT NULL").select("problem.*");
    }

    /// The settings of Spark that name a codec, `KEY=VALUE`.
    static List<String> codecs(SparkSession spark) {
        return List.of(
                "spark.sql.parquet.compression.codec="
                        + spark.conf().get("spark.sql.parquet.compression.codec"),
                "spark.io.compression.codec="
                        + spark.sparkContext().getConf().get("spark.io.compression.codec", "lz4"));
    }

    /// Number, prompt and answer, in columns of known places.
    private static Dataset<Row> selected(Dataset<Row> prompts, SparkSettings settings) {
        StructType schema = prompts.schema();
        String prompt = promptColumn(schema, settings);
        List<Column> columns = new ArrayList<>();
        String number = require(schema, settings.numberColumn(), "numbers the prompts from 1");
        String type = schema.apply(number).dataType().typeName();
        if (!List.of("byte", "short", "integer", "long").contains(type)) {
            throw new IllegalArgumentException(
                    "column '%s' must hold whole numbers, but is of type %s"
                            .formatted(number, type));
        }
        columns.add(column(prompts, number).cast(DataTypes.LongType));
        columns.add(text(prompts, prompt));
        if (settings.answerColumn() != null) {
            columns.add(
                    text(prompts, require(schema, settings.answerColumn(), "holds the answers")));
        }
        return prompts.select(columns.toArray(Column[]::new));
    }

    private static String promptColumn(StructType schema, SparkSettings settings) {
        if (settings.messagesColumn != null) {
            return require(schema, settings.messagesColumn, "holds the conversations, as JSON");
        }
        if (settings.promptColumn() != null) {
            return require(schema, settings.promptColumn(), "holds the prompts");
        }
        List<String> there = Arrays.asList(schema.fieldNames());
        return USUAL.stream()
                .filter(there::contains)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "there is no column 'prompt'; name the one that holds the prompts (promptColumn); there are "
                                        + String.join(", ", there)));
    }

    private static String require(StructType schema, String name, String what) {
        List<String> there = Arrays.asList(schema.fieldNames());
        if (!there.contains(name)) {
            throw new IllegalArgumentException(
                    "there is no column '%s', which %s; there are %s"
                            .formatted(name, what, String.join(", ", there)));
        }
        return name;
    }

    private static Column text(Dataset<Row> prompts, String name) {
        String type = prompts.schema().apply(name).dataType().typeName();
        if (!type.equals("string")) {
            throw new IllegalArgumentException(
                    "column '%s' must hold text, but is of type %s".formatted(name, type));
        }
        return column(prompts, name);
    }

    private static Column column(Dataset<Row> prompts, String name) {
        return prompts.col("`" + name.replace("`", "``") + "`");
    }

    private static MapFunction<Row, Row> asPrompts(SparkSettings settings) {
        boolean conversations = settings.messagesColumn != null;
        String asked = conversations ? settings.messagesColumn : settings.promptColumn();
        String prompt = asked == null ? "prompt" : asked;
        String answer = settings.answerColumn();
        String number = settings.numberColumn();
        return row -> {
            if (row.isNullAt(0) || row.getLong(0) < 1) {
                throw new SparkBatchException(
                        "column '%s' must number the prompts from 1, but is %s in a row"
                                .formatted(number, row.get(0)));
            }
            Map<String, @Nullable String> values = new HashMap<>();
            values.put(prompt, row.getString(1));
            if (answer != null) {
                values.put(answer, row.getString(2));
            }
            PromptRow checked =
                    Prompts.row(
                            row.getLong(0),
                            SOURCE,
                            values,
                            prompt,
                            conversations,
                            Optional.ofNullable(answer));
            return PromptTable.row(checked, row.getLong(0), "");
        };
    }
}
