package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Intervals that hold for all columns at once.
class SimultaneousIntervalsTest {
    private static final double LEVEL = 0.95;

    /// Columns that share a part, of different spread, with skewed noise: as entropies of layers.
    private static double[][] rows(int rows, int columns, Random random) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            double common = random.nextGaussian();
            for (int j = 0; j < columns; j++) {
                double own = Math.log(1e-12 + random.nextDouble()) + 1;
                row[j] = (j + 1) * (0.7 * common + 0.7 * own);
            }
        }
        return values;
    }

    /// 1,000 runs give a share of 0.95 to 0.007 (one standard error). With 24 rows the bootstrap of
    /// skewed values misses somewhat more often than it says.
    @ParameterizedTest
    @CsvSource({"24, 11, 0.92", "64, 11, 0.935", "24, 1, 0.92"})
    void allTrueMeansAreInsideAtOnce(int rows, int columns, double least) {
        int runs = 1000;
        int held = 0;
        Random random = new Random(5);
        for (int run = 0; run < runs; run++) {
            Interval[] found =
                    SimultaneousIntervals.ofMeans(rows(rows, columns, random), 300, run, LEVEL);
            if (Arrays.stream(found).allMatch(interval -> interval.contains(0))) {
                held++;
            }
        }
        assertThat(held / (double) runs).isBetween(least, 0.985);
    }

    @Test
    void columnsThatDoNotVaryHaveNoWidth() {
        double[][] rows = {{1, 2, 3}, {1, 2, 5}, {1, 2, 4}};
        Interval[] found = SimultaneousIntervals.ofMeans(rows, 200, 1, LEVEL);
        assertThat(found[0]).isEqualTo(new Interval(1, 1, 1, LEVEL));
        assertThat(found[1]).isEqualTo(new Interval(2, 2, 2, LEVEL));
        assertThat(found[2].low()).isLessThan(4);
        assertThat(found[2].high()).isGreaterThan(4);
    }
}
