package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CrossValidationTest {
    /// 40 stories with 6 rows each. A row is near its story, so a classifier that has seen the
    /// story knows the label of the story; the label itself is by chance.
    private static LabelledData stories() {
        SplittableRandom random = new SplittableRandom(1);
        double[][] features = new double[240][4];
        int[] labels = new int[240];
        int[] groups = new int[240];
        for (int story = 0; story < 40; story++) {
            double[] centre = random.doubles(4).toArray();
            for (int row = story * 6; row < story * 6 + 6; row++) {
                groups[row] = story;
                labels[row] = story % 2;
                for (int i = 0; i < 4; i++) {
                    features[row][i] = centre[i] + 0.01 * random.nextGaussian();
                }
            }
        }
        return new LabelledData(features, labels, 2, groups);
    }

    /// Two classes at -1 and 1 with noise, one row a group.
    private static LabelledData separate(double noise) {
        SplittableRandom random = new SplittableRandom(2);
        double[][] features = new double[100][1];
        int[] labels = new int[100];
        for (int row = 0; row < 100; row++) {
            labels[row] = row % 2;
            features[row][0] = 2 * labels[row] - 1 + noise * random.nextGaussian();
        }
        return LabelledData.ungrouped(features, labels, 2);
    }

    @Test
    void foldsThatSplitStoriesSeeWhatIsNotThere() {
        LabelledData data = stories();
        NearestNeighbours learner = new NearestNeighbours(3);
        double split = auc(data, Folds.stratified(data.labels(), 10, 1), learner);
        double whole =
                auc(data, Folds.stratifiedGroups(data.labels(), data.groups(), 10, 1), learner);
        assertThat(split).isGreaterThan(0.99);
        assertThat(whole).isBetween(0.3, 0.7);
    }

    private static double auc(LabelledData data, List<Fold> folds, Learner learner) {
        return Scores.macroAuc(CrossValidation.probabilities(data, folds, learner), data.labels());
    }

    @Test
    void shuffledLabelsCannotBeLearnt() {
        LabelledData data = separate(0.5);
        List<Fold> folds = Folds.stratified(data.labels(), 5, 1);
        Learner learner = new LogisticRegression(1).standardised();
        assertThat(auc(data, folds, learner)).isGreaterThan(0.95);
        LabelledData shuffled = data.withLabels(Shuffles.all(data.labels(), 1));
        assertThat(auc(shuffled, folds, learner)).isBetween(0.25, 0.75);
    }

    @Test
    void scoresAreOfEachFold() {
        LabelledData data = separate(0.01);
        double[] scores =
                CrossValidation.scores(
                        data,
                        Folds.stratified(data.labels(), 5, 1),
                        new NearestNeighbours(1),
                        Scores::accuracy);
        assertThat(scores).containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void manyNeighboursAreChosenWhereLabelsAreNoisy() {
        LabelledData data = separate(1.5);
        InnerSelection selection = InnerSelection.ofNeighbours(List.of(1, 25), 5, 1);
        assertThat(selection.choose(data)).isEqualTo(1);
        double[][] ours = selection.fit(data).probabilities(data.features());
        double[][] chosen = new NearestNeighbours(25).fit(data).probabilities(data.features());
        assertThat(ours).isDeepEqualTo(chosen);
    }

    @Test
    void ofEquallyGoodCandidatesTheFirstIsChosen() {
        assertThat(InnerSelection.ofNeighbours(List.of(5, 1, 3), 5, 1).choose(separate(0.01)))
                .isZero();
    }

    @Test
    void innerFoldsKeepGroupsWhole() {
        LabelledData data = stories();
        int[] seen = {0};
        Learner watching =
                training -> {
                    // every story that is there is there with all of its 6 rows
                    for (int group : training.groups()) {
                        assertThat(Arrays.stream(training.groups()))
                                .filteredOn(other -> other == group)
                                .hasSize(6);
                    }
                    seen[0]++;
                    return new NearestNeighbours(3).fit(training);
                };
        new InnerSelection(List.of(watching), 5, 1, Scores::macroAuc).fit(data);
        assertThat(seen[0]).isEqualTo(6);
    }

    @Test
    void foldsThatForgetRowsAreRefused() {
        LabelledData data = separate(0.1);
        List<Fold> folds = Folds.stratified(data.labels(), 5, 1).subList(0, 4);
        assertThatThrownBy(
                        () -> CrossValidation.probabilities(data, folds, new NearestNeighbours(1)))
                .hasMessageContaining("folds test 80 rows in all, expected each of the 100 rows");
        assertThatThrownBy(() -> InnerSelection.ofNeighbours(List.of(), 5, 1))
                .hasMessageContaining("number of candidates is 0");
        assertThatThrownBy(() -> InnerSelection.ofNeighbours(List.of(90), 5, 1).fit(data))
                .hasMessageContaining("90 nearest neighbours of 80 training rows");
    }
}
