package entropylens.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutorShareTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    local                       |    | 1
                    local[3]                    |    | 3
                    local[3,4]                  |    | 3
                    local[*]                    |    | 16
                    local-cluster[2,5,1024]     |    | 5
                    local-cluster[2,5,1024]     | 4  | 4
                    spark://host:7077           | 6  | 6
                    yarn                        |    | 16
                    """)
    void coresAreThoseOfTheExecutor(String master, Integer configured, int cores) {
        SparkConf conf = new SparkConf(false).set("spark.master", master);
        if (configured != null) {
            conf.set("spark.executor.cores", configured.toString());
        }
        assertThat(ExecutorShare.cores(conf, 16)).isEqualTo(cores);
    }

    @Test
    void threadsAreDividedAmongTasks() {
        assertThat(ExecutorShare.of(16, 1, 8L << 30, 0.6))
                .extracting("tasks", "threads")
                .containsExactly(16, 1);
        assertThat(ExecutorShare.of(16, 16, 8L << 30, 0.6))
                .extracting("tasks", "threads")
                .containsExactly(1, 16);
        assertThat(ExecutorShare.of(16, 5, 8L << 30, 0.6))
                .extracting("tasks", "threads")
                .containsExactly(3, 5);
    }

    @Test
    void heapIsWhatSparkLeaves() {
        assertThat(ExecutorShare.of(4, 1, 1L << 30, 0.6).heapBytes() >> 20).isEqualTo(589);
        assertThat(ExecutorShare.of(4, 1, 1L << 30, 0).heapBytes()).isEqualTo(1L << 30);
    }
}
