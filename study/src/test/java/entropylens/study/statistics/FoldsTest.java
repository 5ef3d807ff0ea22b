package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FoldsTest {
    @Test
    void classesAreSharedOutAsScikitLearnDoes() {
        JsonNode vectors = Vectors.read("folds");
        int[] labels = Vectors.ints(vectors, "labels");
        int[][] expected = Vectors.intMatrix(vectors, "class_sizes");
        List<Fold> folds = Folds.stratified(labels, expected.length, 5);
        requireEveryRowOnce(folds, labels.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(classSizes(folds.get(i).test(), labels, 3)).isEqualTo(expected[i]);
        }
    }

    private static int[] classSizes(int[] rows, int[] labels, int classes) {
        int[] sizes = new int[classes];
        Arrays.stream(rows).forEach(row -> sizes[labels[row]]++);
        return sizes;
    }

    private static void requireEveryRowOnce(List<Fold> folds, int rows) {
        int[] tested = folds.stream().flatMapToInt(f -> Arrays.stream(f.test())).sorted().toArray();
        assertThat(tested).isEqualTo(Vectors.range(0, rows));
        for (Fold fold : folds) {
            Set<Integer> both = set(fold.train());
            both.addAll(set(fold.test()));
            assertThat(both).hasSize(rows);
            assertThat(fold.train().length + fold.test().length).isEqualTo(rows);
        }
    }

    private static Set<Integer> set(int[] values) {
        return Arrays.stream(values).boxed().collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void groupsInAscendingOrderGoWhereScikitLearnPutsThem() {
        for (JsonNode c : Vectors.read("folds").required("grouped")) {
            int[] labels = Vectors.ints(c, "labels");
            int[] groups = Vectors.ints(c, "groups");
            int[] names = Arrays.stream(groups).distinct().sorted().toArray();
            int[] ours = GroupFolds.assign(labels, groups, names, c.required("folds").intValue());
            assertThat(inOrderOfAppearance(ours))
                    .isEqualTo(inOrderOfAppearance(Vectors.ints(c, "tested_in")));
        }
    }

    /// Folds by another number: while folds are empty, rounding alone decides which is as even.
    private static int[] inOrderOfAppearance(int[] testedIn) {
        List<Integer> names = Arrays.stream(testedIn).distinct().boxed().toList();
        return Arrays.stream(testedIn).map(names::indexOf).toArray();
    }

    @Test
    void noGroupStandsOnBothSidesAndClassesStayClose() {
        // 30 stories, each with 3 classes of 4 rows
        int[] labels = IntStream.range(0, 360).map(row -> row % 3).toArray();
        int[] groups = IntStream.range(0, 360).map(row -> row / 12).toArray();
        for (long seed = 0; seed < 20; seed++) {
            List<Fold> folds = Folds.stratifiedGroups(labels, groups, 10, seed);
            requireEveryRowOnce(folds, 360);
            for (Fold fold : folds) {
                Set<Integer> shared = set(LabelledData.pick(groups, fold.train()));
                shared.retainAll(set(LabelledData.pick(groups, fold.test())));
                assertThat(shared).isEmpty();
                assertThat(classSizes(fold.test(), labels, 3)).containsExactly(12, 12, 12);
            }
        }
    }

    @Test
    void theSeedDecidesAndNothingElse() {
        int[] labels = IntStream.range(0, 60).map(row -> row % 2).toArray();
        int[] groups = IntStream.range(0, 60).map(row -> row / 4).toArray();
        assertThat(testSides(Folds.stratifiedGroups(labels, groups, 5, 1)))
                .isEqualTo(testSides(Folds.stratifiedGroups(labels, groups, 5, 1)))
                .isNotEqualTo(testSides(Folds.stratifiedGroups(labels, groups, 5, 2)));
        assertThat(testSides(Folds.stratified(labels, 5, 1)))
                .isEqualTo(testSides(Folds.stratified(labels, 5, 1)))
                .isNotEqualTo(testSides(Folds.stratified(labels, 5, 2)));
    }

    private static List<String> testSides(List<Fold> folds) {
        return folds.stream().map(fold -> Arrays.toString(fold.test())).toList();
    }

    @Test
    void foldsThatCannotBeCutAreRefused() {
        int[] labels = {0, 0, 0, 1, 1, 1};
        assertThatThrownBy(() -> Folds.stratified(labels, 4, 1))
                .hasMessageContaining("class 0 of 2 has 3 rows, fewer than the 4 folds");
        assertThatThrownBy(() -> Folds.stratified(labels, 1, 1))
                .hasMessageContaining("number of folds is 1, expected at least 2");
        int[] three = {1, 1, 2, 2, 3, 3};
        assertThatThrownBy(() -> Folds.stratifiedGroups(labels, three, 4, 1))
                .hasMessageContaining("4 folds of 3 groups");
        int[] alone = {1, 1, 1, 2, 2, 2};
        assertThatThrownBy(() -> Folds.stratifiedGroups(labels, alone, 2, 1))
                .hasMessageContaining("class 0 is found in one group only");
    }

    /// As `StratifiedKFold(3).split(zeros(8), [0, 0, 0, 1, 1, 1, 1, 1])` of scikit-learn cuts them.
    @Test
    void foldsInOrderAreThoseOfScikitLearn() {
        List<Fold> folds = Folds.stratifiedInOrder(new int[] {0, 0, 0, 1, 1, 1, 1, 1}, 3);
        assertThat(folds.get(0).test()).containsExactly(0, 3, 4);
        assertThat(folds.get(1).test()).containsExactly(1, 5, 6);
        assertThat(folds.get(2).test()).containsExactly(2, 7);
    }
}
