package entropylens.study.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.study.statistics.Classifier;
import entropylens.study.statistics.Fold;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Scores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassificationTest {
    private static final List<String> CLASSES = List.of("a", "b", "c");
    private static final int STORIES = 30;
    private static final int ROWS = STORIES * 6;

    /// Thirty stories with two rows of each class.
    private static Cases cases() {
        List<String> labels = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            labels.add(CLASSES.get(row % 3));
            groups.add("story " + row / 6);
        }
        return Cases.of(labels, CLASSES, groups);
    }

    /// The class, and noise of a given size.
    private static double[][] features(double signal, double noise) {
        SplittableRandom random = new SplittableRandom(5);
        double[][] features = new double[ROWS][2];
        for (int row = 0; row < ROWS; row++) {
            features[row][0] = signal * (row % 3) + noise * random.nextGaussian();
            features[row][1] = noise * random.nextGaussian();
        }
        return features;
    }

    private static Classification classification() {
        return new Classification(cases(), 500, 0.95, 1);
    }

    private static Scheme byStory() {
        return Scheme.grouped("by story", cases(), 1);
    }

    @Test
    void whatIsThereIsReadAndWhatIsNotIsNot() {
        for (Classifiers.Reader reader :
                List.of(
                        Classifiers.nearest(5),
                        Classifiers.nearestChosen(1),
                        Classifiers.logistic())) {
            Reading clear = classification().read("x", features(5, 1), reader, byStory());
            assertThat(clear.auc().low()).as(reader.name()).isGreaterThan(0.9);
            assertThat(clear.accuracy().estimate()).as(reader.name()).isGreaterThan(0.9);
            Reading noise = classification().read("x", features(0, 1), reader, byStory());
            assertThat(noise.auc().estimate()).as(reader.name()).isBetween(0.35, 0.65);
            ShuffledNull shuffled =
                    classification()
                            .readWithNull("x", features(5, 1), reader, byStory(), 5)
                            .shuffled()
                            .orElseThrow();
            assertThat(shuffled.mean()).as(reader.name()).isBetween(0.4, 0.6);
            assertThat(shuffled.pValue(clear.auc().estimate())).isLessThan(0.001);
        }
    }

    /// Votes that are only counted anew are those that would be learnt anew.
    @Test
    void countedVotesAreThoseOfTheLearner() {
        double[][] features = features(1, 1);
        Reading learnt = classification().read("x", features, Classifiers.nearest(7), byStory());
        Reading counted =
                classification().readWithNull("x", features, Classifiers.nearest(7), byStory(), 5);
        for (int row = 0; row < ROWS; row++) {
            assertThat(counted.probabilities()[row])
                    .containsExactly(learnt.probabilities()[row], within(1e-12));
        }
        assertThat(counted.auc().estimate()).isEqualTo(learnt.auc().estimate());
        assertThat(counted.auc().low()).isLessThanOrEqualTo(learnt.auc().low());
    }

    @Test
    void figuresAreThoseOfTheScores() {
        Reading reading =
                classification().read("x", features(1, 1), Classifiers.nearest(5), byStory());
        assertThat(reading.auc().estimate())
                .isCloseTo(
                        Scores.macroAuc(reading.probabilities(), reading.labels()), within(1e-12));
        assertThat(reading.accuracy().estimate())
                .isCloseTo(
                        Scores.accuracy(reading.probabilities(), reading.labels()), within(1e-12));
        Fold first = byStory().folds().getFirst();
        double[][] tested =
                Arrays.stream(first.test())
                        .mapToObj(row -> reading.probabilities()[row])
                        .toArray(double[][]::new);
        int[] labels = Arrays.stream(first.test()).map(row -> reading.labels()[row]).toArray();
        assertThat(reading.foldAucs()[0]).isCloseTo(Scores.macroAuc(tested, labels), within(1e-12));
        assertThat(reading.foldAucs()).hasSize(10);
    }

    @Test
    void aRowThatCountsTwiceIsTwoRows() {
        double[][] probabilities = {{0.2, 0.8}, {0.6, 0.4}, {0.4, 0.6}, {0.4, 0.6}, {0.9, 0.1}};
        int[] labels = {1, 0, 0, 1, 1};
        int[] weights = {2, 1, 3, 1, 0};
        double[][] repeated = {
            {0.2, 0.8}, {0.2, 0.8}, {0.6, 0.4}, {0.4, 0.6}, {0.4, 0.6}, {0.4, 0.6}, {0.4, 0.6}
        };
        int[] repeatedLabels = {1, 1, 0, 0, 0, 0, 1};
        WeightedScores scores = new WeightedScores(probabilities, labels);
        assertThat(scores.auc(weights))
                .isCloseTo(Scores.macroAuc(repeated, repeatedLabels), within(1e-12));
        assertThat(scores.accuracy(weights))
                .isCloseTo(Scores.accuracy(repeated, repeatedLabels), within(1e-12));
    }

    /// Rows of one story are near each other, and a story's label is by chance.
    @Test
    void groupedFoldsKeepStoriesWhole() {
        SplittableRandom random = new SplittableRandom(2);
        List<String> labels = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        double[][] features = new double[ROWS][1];
        for (int row = 0; row < ROWS; row++) {
            int story = row / 6;
            labels.add(story * 7 % 30 < 15 ? "a" : "b");
            groups.add("story " + story);
            features[row][0] = story * 13 % 30 + 0.01 * random.nextGaussian();
        }
        Cases cases = Cases.of(labels, List.of("a", "b"), groups);
        Classification classification = new Classification(cases, 200, 0.95, 1);
        Reading whole =
                classification.read(
                        "x", features, Classifiers.nearest(3), Scheme.grouped("whole", cases, 1));
        Reading split =
                classification.read(
                        "x", features, Classifiers.nearest(3), Scheme.ungrouped("split", cases, 1));
        assertThat(split.auc().estimate()).isGreaterThan(0.99);
        assertThat(whole.auc().estimate()).isLessThan(0.8);
        for (Fold fold : Scheme.grouped("whole", cases, 1).folds()) {
            assertThat(groupsOf(cases, fold.train()))
                    .doesNotContainAnyElementsOf(groupsOf(cases, fold.test()));
        }
    }

    private static List<Integer> groupsOf(Cases cases, int[] rows) {
        return Arrays.stream(rows).mapToObj(row -> cases.groups()[row]).distinct().toList();
    }

    @Test
    void whatIsTestedAcrossKindsWasLearntFromOtherKindsAndOtherStories() {
        Cases cases = cases();
        int[] kinds = IntStream.range(0, ROWS).map(row -> row / 3 % 2).toArray();
        Scheme across = Scheme.acrossKinds("across", cases, kinds, 1).orElseThrow();
        int tested = 0;
        for (Fold fold : across.folds()) {
            tested += fold.test().length;
            assertThat(groupsOf(cases, fold.train()))
                    .doesNotContainAnyElementsOf(groupsOf(cases, fold.test()));
            int kind = kinds[fold.test()[0]];
            assertThat(Arrays.stream(fold.test()).allMatch(row -> kinds[row] == kind)).isTrue();
            assertThat(Arrays.stream(fold.train()).noneMatch(row -> kinds[row] == kind)).isTrue();
        }
        assertThat(tested).isEqualTo(ROWS);
        assertThat(Scheme.acrossKinds("one", cases, new int[ROWS], 1)).isEmpty();
    }

    @Test
    void aBetterReadingIsFoundBetterAndAnEqualOneIsNot() {
        Classification classification = classification();
        Reading good =
                classification.read("good", features(3, 1), Classifiers.logistic(), byStory());
        Reading bad = classification.read("bad", features(0, 1), Classifiers.logistic(), byStory());
        Comparison first = classification.compare(good, bad);
        assertThat(first.difference().low()).isPositive();
        assertThat(first.correctedT()).isLessThan(0.05);
        // the correction for overlapping training rows makes p larger
        assertThat(first.correctedT()).isGreaterThan(first.pairedT());
        assertThat(classification.compare(good, good).correctedT()).isEqualTo(1);
        assertThat(classification.compare(bad, good).difference().high()).isNegative();
    }

    @Test
    void theIntervalOfSomeRowsIsOfThemAlone() {
        Classification classification = classification();
        Reading reading =
                classification.read("x", features(1, 1), Classifiers.nearest(5), byStory());
        boolean[] even = new boolean[ROWS];
        for (int row = 0; row < ROWS; row++) {
            even[row] = row / 3 % 2 == 0;
        }
        Interval some = classification.aucOf(reading, even);
        int[] rows = IntStream.range(0, ROWS).filter(row -> even[row]).toArray();
        double expected =
                Scores.macroAuc(
                        Arrays.stream(rows)
                                .mapToObj(row -> reading.probabilities()[row])
                                .toArray(double[][]::new),
                        Arrays.stream(rows).map(row -> reading.labels()[row]).toArray());
        assertThat(some.estimate()).isCloseTo(expected, within(1e-12));
        assertThat(some.low()).isLessThan(some.estimate());
    }

    @Test
    void theDummyGuessesAnewInEveryFoldAndIsRightByChance() {
        Reading dummy =
                classification().read("nothing", features(5, 1), Classifiers.dummy(1), byStory());
        assertThat(dummy.auc().contains(0.5)).isTrue();
        int[] guessed = Classifier.mostProbable(dummy.probabilities());
        List<List<Integer>> guesses = new ArrayList<>();
        for (Fold fold : byStory().folds()) {
            guesses.add(Arrays.stream(fold.test()).mapToObj(row -> guessed[row]).toList());
        }
        assertThat(guesses).doesNotHaveDuplicates();
    }

    @Test
    void tooFewGroupsAreAnObstacleThatSaysWhichClass() {
        Cases few =
                Cases.of(
                        List.of("a", "a", "a", "b", "b"),
                        List.of("a", "b"),
                        List.of("1", "2", "3", "4", "5"));
        assertThat(few.obstacle("questions"))
                .contains("class 'b' occurs in 2 questions, and at least 3 are needed");
        assertThat(cases().obstacle("stories")).isEmpty();
    }

    /// One row for each group, as many rights as wrongs: what a study of answers has.
    @Test
    void rowsOfGroupsOfTheirOwnCanBeRead() {
        int n = 60;
        int[] labels = IntStream.range(0, n).map(row -> row % 3 == 0 ? 1 : 0).toArray();
        double[][] features =
                Arrays.stream(labels)
                        .mapToObj(label -> new double[] {label, 0})
                        .toArray(double[][]::new);
        Cases cases =
                Cases.of(
                        labels,
                        List.of("wrong", "right"),
                        IntStream.range(0, n).mapToObj(row -> "question " + row).toList());
        Scheme folds = Scheme.grouped("folds", cases, 3);
        Classification classification = new Classification(cases, 200, 0.95, 3);
        assertThat(
                        classification
                                .read("x", features, Classifiers.nearestChosen(3), folds)
                                .auc()
                                .estimate())
                .isEqualTo(1);
        assertThat(
                        classification
                                .readWithNull("x", features, Classifiers.logistic(), folds, 9)
                                .shuffled()
                                .orElseThrow()
                                .mean())
                .isBetween(0.2, 0.8);
    }
}
