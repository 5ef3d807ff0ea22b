package entropylens.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/// Tables of two runs, row for row.
final class Compared {
    private Compared() {}

    static void equal(SparkSession spark, Path cluster, Path machine) {
        for (String table : List.of("texts", "profiles", "inputs", "problems")) {
            equal(table(spark, cluster, table), table(spark, machine, table));
        }
    }

    static Dataset<Row> table(SparkSession spark, Path run, String name) {
        return spark.read().parquet(run.resolve(name + ".parquet").toString());
    }

    static void equal(Dataset<Row> ours, Dataset<Row> theirs) {
        assertThat(columns(ours)).isEqualTo(columns(theirs));
        assertThat(rows(ours)).isEqualTo(rows(theirs)).isNotEmpty();
    }

    private static List<String> columns(Dataset<Row> table) {
        return Arrays.stream(table.schema().fields())
                .map(field -> field.name() + " " + field.dataType().simpleString())
                .toList();
    }

    /// Every value of every row to its last bit.
    static List<String> rows(Dataset<Row> table) {
        return table.collectAsList().stream().map(Row::json).sorted().toList();
    }
}
