package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BootstrapTest {
    /// Worst seen of two intervals over 200 given samples 1.1e-16, doubled.
    private static final double INTERVAL = 2.3e-16;

    private static ToDoubleFunction<int[]> mean(double[] values) {
        return rows -> Arrays.stream(rows).mapToDouble(row -> values[row]).average().orElseThrow();
    }

    @Test
    void intervalsOverGivenSamplesAreNumpys() {
        JsonNode vectors = Vectors.read("bootstrap");
        double[] a = Vectors.doubles(vectors, "a");
        double[] b = Vectors.doubles(vectors, "b");
        int[][] samples = Vectors.intMatrix(vectors, "samples");
        double level = Vectors.number(vectors, "level");
        Interval ofMean = Bootstrap.interval(a.length, samples, mean(a), level);
        ToDoubleFunction<int[]> difference =
                rows -> mean(a).applyAsDouble(rows) - mean(b).applyAsDouble(rows);
        Interval ofDifference = Bootstrap.interval(a.length, samples, difference, level);
        Worst worst = new Worst("bootstrap intervals");
        worst.see(parts(ofMean), Vectors.doubles(vectors, "mean"));
        worst.see(parts(ofDifference), Vectors.doubles(vectors, "paired_difference"));
        Interval ofOther = Bootstrap.interval(b.length, samples, mean(b), level);
        worst.see(
                parts(ofMean.lessPaired(ofOther).orElseThrow()),
                Vectors.doubles(vectors, "paired_difference"));
        worst.requireWithin(INTERVAL);
    }

    /// What both figures share from sample to sample is not in their difference.
    @Test
    void figuresOfTheSameSamplesArePairedAndOthersAreNot() {
        double[] values = new SplittableRandom(1).doubles(50).toArray();
        double[] more = Arrays.stream(values).map(value -> value + 0.25).toArray();
        Interval one = Bootstrap.interval(50, mean(values), 500, 7, 0.95);
        Interval other = Bootstrap.interval(50, mean(more), 500, 7, 0.95);
        Interval paired = other.lessPaired(one).orElseThrow();
        assertThat(paired.low()).isCloseTo(0.25, offset(1e-12));
        assertThat(paired.high()).isCloseTo(0.25, offset(1e-12));
        Interval unpaired = other.less(one);
        assertThat(unpaired.high() - unpaired.low()).isGreaterThan(0.1);
        // a difference is of the same samples too
        assertThat(other.less(one).lessPaired(one.less(one)).orElseThrow().high())
                .isCloseTo(0.25, offset(1e-12));
        assertThat(other.lessPaired(Bootstrap.interval(50, mean(values), 500, 8, 0.95))).isEmpty();
        assertThat(other.lessPaired(Bootstrap.interval(50, mean(values), 400, 7, 0.95))).isEmpty();
        assertThat(other.lessPaired(new Interval(0, -1, 1, 0.95))).isEmpty();
    }

    private static double[] parts(Interval interval) {
        return new double[] {interval.estimate(), interval.low(), interval.high()};
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        double[] values = new SplittableRandom(1).doubles(50).toArray();
        Interval first = Bootstrap.interval(50, mean(values), 500, 7, 0.95);
        assertThat(Bootstrap.interval(50, mean(values), 500, 7, 0.95)).isEqualTo(first);
        assertThat(Bootstrap.interval(50, mean(values), 500, 8, 0.95)).isNotEqualTo(first);
    }

    @Test
    void anIntervalOfAMeanIsAsWideAsItsStandardError() {
        double[] values = new SplittableRandom(2).doubles(400).toArray();
        Interval interval = Bootstrap.interval(400, mean(values), 4_000, 1, 0.95);
        double standardError = Math.sqrt(1 / 12.0 / 400);
        assertThat((interval.high() - interval.low()) / (2 * 1.96 * standardError))
                .isBetween(0.9, 1.1);
        assertThat(interval.contains(interval.estimate())).isTrue();
    }

    @Test
    void rowsThatRepeatEachOtherInAGroupWidenTheInterval() {
        // 20 groups of 9 equal rows are 20 observations, not 180: wider by the root of 9
        double[] ofGroup = new SplittableRandom(3).doubles(20).toArray();
        int[] groups = new int[180];
        double[] values = new double[180];
        for (int i = 0; i < 180; i++) {
            groups[i] = i / 9;
            values[i] = ofGroup[groups[i]];
        }
        Interval rows = Bootstrap.interval(180, mean(values), 4_000, 1, 0.95);
        Interval whole =
                Bootstrap.interval(180, Resampling.ofGroups(groups), mean(values), 4_000, 1, 0.95);
        assertThat((whole.high() - whole.low()) / (rows.high() - rows.low())).isBetween(2.7, 3.3);
    }

    @Test
    void aSampleOfGroupsHoldsThemWhole() {
        int[] groups = {4, 4, 4, 9, 9, 2};
        SplittableRandom random = new SplittableRandom(1);
        for (int draw = 0; draw < 100; draw++) {
            int[] sample = Resampling.ofGroups(groups).draw(random);
            long fours = Arrays.stream(sample).filter(row -> groups[row] == 4).count();
            long nines = Arrays.stream(sample).filter(row -> groups[row] == 9).count();
            long twos = Arrays.stream(sample).filter(row -> groups[row] == 2).count();
            assertThat(fours / 3 + nines / 2 + twos).isEqualTo(3);
            assertThat(fours % 3).isZero();
            assertThat(nines % 2).isZero();
        }
    }

    @Test
    void aSampleWithinStrataKeepsTheirSizes() {
        int[] strata = {1, 0, 1, 1, 0};
        int[] sample = Resampling.withinStrata(strata).draw(new SplittableRandom(5));
        assertThat(Arrays.stream(sample).filter(row -> strata[row] == 1)).hasSize(3);
        assertThat(sample).hasSize(5);
    }

    @Test
    void aStatisticThatASampleLacksIsAnError() {
        assertThatThrownBy(() -> Bootstrap.interval(3, rows -> Double.NaN, 10, 1, 0.95))
                .hasMessageContaining("of 3 rows is NaN; draw within strata");
        assertThatThrownBy(() -> Bootstrap.interval(3, rows -> 1, 10, 1, 95))
                .hasMessageContaining("level is 95.0, expected between 0 and 1");
        assertThatThrownBy(() -> Bootstrap.interval(3, rows -> 1, 0, 1, 0.95))
                .hasMessageContaining("number of bootstrap samples is 0");
        assertThatThrownBy(() -> Resampling.ofGroups(new int[0]))
                .hasMessageContaining("rows to resample is 0, expected at least 1");
    }
}
