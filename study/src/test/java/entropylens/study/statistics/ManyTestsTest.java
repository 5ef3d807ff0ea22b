package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Corrections for several tests, intervals of shares, shuffles and permutation tests.
class ManyTestsTest {
    /// Equal when measured, one rounding allowed.
    private static final double HOLM = 2.3e-16;

    /// Worst seen of 5 intervals 1.7e-16, doubled.
    private static final double WILSON = 3.4e-16;

    private final JsonNode vectors = Vectors.read("corrections");

    @Test
    void holmsCorrectionIsThatOfStatsmodels() {
        Worst worst = new Worst("Holm's correction");
        for (JsonNode c : vectors.required("holm")) {
            worst.see(Holm.adjusted(Vectors.doubles(c, "p")), Vectors.doubles(c, "adjusted"));
        }
        worst.requireWithin(HOLM);
        assertThatThrownBy(() -> Holm.adjusted(new double[] {0.1, 1.2}))
                .hasMessage("p-value 1.2, expected between 0 and 1");
    }

    @Test
    void wilsonsIntervalIsThatOfStatsmodels() {
        Worst worst = new Worst("Wilson's interval");
        for (JsonNode c : vectors.required("wilson")) {
            Interval interval =
                    Proportions.wilson(
                            c.required("successes").intValue(),
                            c.required("cases").intValue(),
                            Vectors.number(c, "level"));
            worst.see(
                    new double[] {interval.low(), interval.high()}, Vectors.doubles(c, "interval"));
        }
        worst.requireWithin(WILSON);
        assertThatThrownBy(() -> Proportions.wilson(4, 3, 0.95))
                .hasMessage("4 successes of 3 cases, expected 0 .. 3");
    }

    @Test
    void aPermutationTestIsNeverCertain() {
        assertThat(PermutationTest.pValue(5, new double[] {1, 2, 3})).isEqualTo(0.25);
        assertThat(PermutationTest.pValue(2, new double[] {1, 2, 3})).isEqualTo(0.75);
        // 0.1 + 0.2 and 0.3 are one number in another order of summing
        assertThat(PermutationTest.pValue(0.1 + 0.2, new double[] {0.3})).isEqualTo(1);
    }

    @Test
    void whereNothingIsToBeFoundSmallPValuesAreAsRareAsTheySay() {
        double[] values = {3, 1, 4, 1.5, 5, 9, 2, 6, 5.3, 3.5};
        int[] labels = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
        int small = 0;
        for (long seed = 0; seed < 400; seed++) {
            int[] shuffled = Shuffles.all(labels, 1_000 + seed);
            Permuted result =
                    PermutationTest.larger(
                            shuffled,
                            Arrangements.of(shuffled, 99, seed),
                            l -> sumOfOnes(values, l));
            small += result.pValue() <= 0.1 ? 1 : 0;
        }
        assertThat(small).isBetween(20, 60); // 40 expected, standard deviation 6
    }

    private static double sumOfOnes(double[] values, int[] labels) {
        return IntStream.range(0, values.length).mapToDouble(i -> labels[i] * values[i]).sum();
    }

    @Test
    void shufflesKeepWhatTheySay() {
        int[] labels = {0, 0, 0, 1, 1, 1, 2, 2};
        int[] groups = {5, 5, 5, 5, 8, 8, 8, 8};
        int[] all = Shuffles.all(labels, 3);
        assertThat(sorted(all)).isEqualTo(labels);
        assertThat(all).isNotEqualTo(labels).isEqualTo(Shuffles.all(labels, 3));
        int[] within = Shuffles.withinGroups(labels, groups, 3);
        assertThat(sorted(Arrays.copyOf(within, 4))).containsExactly(0, 0, 0, 1);
        assertThat(sorted(Arrays.copyOfRange(within, 4, 8))).containsExactly(1, 1, 2, 2);
        assertThat(labels).isSorted();
    }

    private static int[] sorted(int[] values) {
        return Arrays.stream(values).sorted().toArray();
    }

    @Test
    void labelsOfGroupsMoveWithThem() {
        int[] labels = {0, 0, 1, 1, 2, 2, 3};
        int[] groups = {4, 4, 2, 2, 9, 9, 7};
        int[] shuffled = Shuffles.ofGroups(labels, groups, 1);
        assertThat(shuffled).isNotEqualTo(labels);
        assertThat(Arrays.stream(shuffled).distinct()).hasSize(4);
        for (int row = 0; row < 6; row += 2) {
            assertThat(shuffled[row]).isEqualTo(shuffled[row + 1]);
        }
        assertThatThrownBy(() -> Shuffles.ofGroups(new int[] {0, 1}, new int[] {4, 4}, 1))
                .hasMessage(
                        "group 4 has rows of label 0 and of label 1, expected one label for a group");
    }
}
