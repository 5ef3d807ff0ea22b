package entropylens.study.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Labels that belong to whole groups, whose rows are alike: a difference is found, and what groups
/// have of their own is not taken for one.
class GroupLabelsTest {
    private static final int LAYERS = 6;
    private static final int GROUPS = 24;
    private static final int ROWS = 5;
    private static final List<String> TWO = List.of("a", "b");

    /// Of 200 runs without an effect, 5 % find one on average; 9.6 % is three standard errors more.
    /// Of 1,000, 3.4 % (labels of whole groups), 4.5 % (mixed) and 5.0 % (rows) do.
    private static final int SEEDS = 200;

    private static final double MOST_FALSE = 0.096;

    /// Profiles of texts: of the group's own, which its rows share, and of the row's own.
    ///
    /// @param effect on the third layer of class 1
    private static double[][] profiles(Cases cases, double ofGroup, double effect, long seed) {
        Random random = new Random(seed);
        double[][] own = new double[GROUPS * ROWS][LAYERS];
        for (double[] group : own) {
            Arrays.setAll(group, l -> ofGroup * random.nextGaussian());
        }
        double[][] profiles = new double[cases.rows()][LAYERS];
        for (int row = 0; row < profiles.length; row++) {
            int group = cases.groups()[row];
            int label = cases.labels()[row];
            Arrays.setAll(
                    profiles[row],
                    l -> own[group][l] + random.nextGaussian() + (l == 2 ? effect * label : 0));
        }
        return profiles;
    }

    /// Each group has one class, drawn at random, the same number of groups each.
    private static Cases ofWholeGroups(long seed) {
        List<Integer> labels =
                new java.util.ArrayList<>(IntStream.range(0, GROUPS).mapToObj(g -> g % 2).toList());
        java.util.Collections.shuffle(labels, new Random(seed));
        int[] groups = IntStream.range(0, GROUPS * ROWS).map(row -> row / ROWS).toArray();
        return new Cases(Arrays.stream(groups).map(labels::get).toArray(), TWO, groups);
    }

    /// Every other group has one class, the others have both, and sizes differ.
    private static Cases mixed(long seed) {
        Random random = new Random(seed);
        int[] groups = IntStream.range(0, GROUPS * ROWS).map(row -> row * row / 700 % 20).toArray();
        int[] ofGroup = IntStream.range(0, GROUPS).map(_ -> random.nextInt(2)).toArray();
        int[] labels =
                Arrays.stream(groups)
                        .map(group -> group % 2 == 0 ? ofGroup[group] : random.nextInt(2))
                        .toArray();
        return new Cases(labels, TWO, groups);
    }

    private static Cases ofRows(long seed) {
        Random random = new Random(seed);
        int[] labels =
                IntStream.range(0, 60).map(row -> row < 6 ? row % 2 : random.nextInt(2)).toArray();
        return new Cases(labels, TWO, IntStream.range(0, 60).toArray());
    }

    @Test
    void groupsOfOneClassExchangeItAndOthersShuffleInside() {
        for (Cases cases : List.of(ofWholeGroups(1), mixed(1), ofRows(1))) {
            Cases exchanged = cases.exchanged(5);
            assertThat(exchanged.groups()).isEqualTo(cases.groups());
            assertThat(exchanged.labels()).isNotEqualTo(cases.labels());
            for (int group : IntStream.of(cases.groups()).distinct().toArray()) {
                int[] before = sorted(cases, group);
                int[] after = sorted(exchanged, group);
                boolean one = before[0] == before[before.length - 1];
                if (one) {
                    assertThat(after[0]).isEqualTo(after[after.length - 1]);
                } else {
                    assertThat(after).isEqualTo(before);
                }
            }
        }
        assertThat(IntStream.of(ofRows(1).exchanged(5).labels()).sum())
                .isEqualTo(IntStream.of(ofRows(1).labels()).sum());
    }

    private static int[] sorted(Cases cases, int group) {
        return IntStream.range(0, cases.rows())
                .filter(row -> cases.groups()[row] == group)
                .map(row -> cases.labels()[row])
                .sorted()
                .toArray();
    }

    @Test
    void aDifferenceIsFoundInItsLayerAndByItsSize() {
        Cases cases = ofWholeGroups(3);
        double[][] profiles = profiles(cases, 0.5, 2, 3);
        FeatureTests tests = FeatureTests.of(cases, profiles, 999, 1);
        assertThat(tests.below(0.05)).containsExactly(2);
        assertThat(tests.adjusted()[2]).isEqualTo(0.001);
        assertThat(tests.share()[2]).isGreaterThan(0.5);
        LargestDifference largest = LargestDifference.of(cases, profiles, 500, 0.95, 1);
        assertThat(largest.feature()).isEqualTo(2);
        assertThat(largest.first()).isEqualTo(1);
        assertThat(largest.difference().estimate()).isCloseTo(2, within(0.6));
        assertThat(largest.difference().contains(2)).isTrue();
        assertThat(largest.difference().low()).isPositive();
    }

    @Test
    void theLargestOfManyNoisyDifferencesIsNotTakenAtItsWord() {
        double sum = 0;
        int holds = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Cases cases = ofWholeGroups(seed);
            LargestDifference found =
                    LargestDifference.of(cases, profiles(cases, 1, 0, seed), 200, 0.95, seed);
            sum += found.difference().estimate();
            holds += found.difference().contains(0) ? 1 : 0;
        }
        assertThat(sum / SEEDS).isCloseTo(0, within(0.1));
        assertThat(holds / (double) SEEDS).isGreaterThan(0.9);
    }

    @Test
    void profilesOfGroupsAreNotTakenForADifferenceOfTheirLabels() {
        for (java.util.function.LongFunction<Cases> design :
                List.<java.util.function.LongFunction<Cases>>of(
                        GroupLabelsTest::ofWholeGroups,
                        GroupLabelsTest::mixed,
                        GroupLabelsTest::ofRows)) {
            int found = 0;
            for (int seed = 0; seed < SEEDS; seed++) {
                Cases cases = design.apply(seed);
                FeatureTests tests =
                        FeatureTests.of(cases, profiles(cases, 2, 0, seed + 100_000), 199, seed);
                found += tests.smallest() < 0.05 ? 1 : 0;
            }
            assertThat(found / (double) SEEDS).isBetween(0.005, MOST_FALSE);
        }
    }

    @Test
    void foldsThatKeepGroupsWholeDoNotReadTheGroup() {
        double grouped = 0;
        double ungrouped = 0;
        int found = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Cases cases = ofWholeGroups(seed);
            double[][] profiles = profiles(cases, 3, 0, seed);
            Classification classification = new Classification(cases, 50, 0.95, seed);
            Reading reading =
                    classification.readWithNull(
                            "profile",
                            profiles,
                            Classifiers.nearest(9),
                            Scheme.grouped("grouped", cases, seed),
                            Shuffling.ofGroups(seed),
                            60);
            Reading leaking =
                    classification.read(
                            "profile",
                            profiles,
                            Classifiers.nearest(9),
                            Scheme.ungrouped("ungrouped", cases, seed));
            grouped += reading.auc().estimate() / SEEDS;
            ungrouped += leaking.auc().estimate() / SEEDS;
            double p = reading.shuffled().orElseThrow().pValue(reading.auc().estimate());
            found += p < 0.05 && reading.auc().estimate() > 0.5 ? 1 : 0;
        }
        assertThat(grouped).isLessThan(0.53);
        assertThat(ungrouped).isGreaterThan(0.85);
        assertThat(found / (double) SEEDS).isLessThan(MOST_FALSE);
    }
}
