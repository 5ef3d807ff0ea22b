package entropylens.study.correctness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.study.classify.Cases;
import entropylens.study.classify.Reading;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.TestSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Invented answers, of which it is known what tells right from wrong.
class CorrectnessScoresTest {
    private final InventedAnswers invented = new InventedAnswers();

    @Test
    void rowsAreMeanProfilesWithMarginsAndGroups() {
        invented.add(0, true, new double[] {1, 2, 3}, 0.5);
        invented.add(1, false, new double[] {4, 5, 6}, 0.25);
        invented.add(2, true, new double[] {1, 1, 1}, 2);
        CorrectnessData data = CorrectnessData.of(invented.answers, invented.texts);
        assertThat(data.profiles()[1]).containsExactly(4, 5, 6);
        assertThat(data.margins()).isDeepEqualTo(new double[][] {{0.5}, {0.25}, {2}});
        assertThat(data.cases().labels()).containsExactly(1, 0, 1);
        assertThat(data.cases().groups()).containsExactly(0, 0, 1);
        assertThat(data.sureness()).isDeepEqualTo(new double[][] {{-3}, {-6}, {-1}});
        assertThat(data.fewer()).isEqualTo(1);
        assertThat(data.rights()).isEqualTo(2);
    }

    private static List<Verdict> verdicts(CorrectnessScores scores) {
        return new CorrectnessVerdicts(scores, Optional.empty()).all();
    }

    /// A sure model is right: the last layer's entropy says it, and the profile that holds it too.
    @Test
    void whatTheLastLayerSaysWithNothingLearntIsNoSupport() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 120; i++) {
            double last = (i % 2 == 0 ? 1 : 2) + 0.5 * random.nextGaussian();
            invented.add(i, i % 2 == 0, new double[] {random.nextGaussian(), 2, last}, 1 + i % 5);
        }
        List<Verdict> verdicts = verdicts(invented.scores(Preset.SOUND));
        assertThat(verdicts.get(0).outcome()).isEqualTo(Outcome.SUPPORTED);
        // whole below what is worth the name, though it may be as far below 0
        assertThat(verdicts.get(1).high()).isLessThan(0.02);
        assertThat(verdicts.get(1).low()).isLessThan(-0.02);
        assertThat(verdicts.get(1).outcome()).isEqualTo(Outcome.NOT_SUPPORTED);
    }

    private static double auroc(CorrectnessScores scores, String label) {
        return scores.readings().stream()
                .filter(reading -> CorrectnessScores.label(reading).equals(label))
                .map(Reading::auc)
                .findFirst()
                .orElseThrow()
                .estimate();
    }

    @Test
    void aProfileThatTellsIsFoundAndOneThatDoesNotIsNot() {
        invented.addTold();
        CorrectnessScores scores = invented.scores(Preset.SOUND);
        assertThat(auroc(scores, "profile, k-NN, k = 29")).isGreaterThan(0.95);
        assertThat(auroc(scores, "profile, logistic regression")).isGreaterThan(0.95);
        assertThat(auroc(scores, "profile and margin, logistic regression")).isGreaterThan(0.95);
        assertThat(auroc(scores, "last layer's entropy, nothing learnt"))
                .isCloseTo(0.5, within(0.15));
        assertThat(auroc(scores, "answer margin, nothing learnt")).isCloseTo(0.5, within(0.15));
        // the labels that tell are gone, so the middle of the shuffles is near guessing
        assertThat(scores.control().orElseThrow().shuffled().mean()).isCloseTo(0.5, within(0.1));
        assertThat(verdicts(scores))
                .hasSize(3)
                .allMatch(verdict -> verdict.outcome() == Outcome.SUPPORTED);
    }

    @Test
    void theMarginIsReadAsItIs() {
        for (int i = 0; i < 60; i++) {
            invented.add(i, i % 2 == 0, new double[] {1 + i % 7, 2, 3}, i % 2 == 0 ? 2 + i : 1);
        }
        CorrectnessScores scores = invented.scores(Preset.SOUND);
        assertThat(auroc(scores, "answer margin, nothing learnt")).isEqualTo(1);
        assertThat(verdicts(scores).getLast().outcome()).isEqualTo(Outcome.NOT_SUPPORTED);
    }

    @Test
    void whatIsRightByChanceDecidesNothing() {
        for (int i = 0; i < 90; i++) {
            invented.add(i, i % 4 == 0, new double[] {i % 4 == 0 ? 1 : 2, 2, 3}, 1 + i % 5);
        }
        CorrectnessScores scores = invented.scores(Preset.SOUND);
        assertThat(scores.readings().getFirst().auc().low()).isGreaterThan(0.5);
        assertThat(verdicts(scores))
                .allMatch(verdict -> verdict.outcome() == Outcome.NOT_TESTABLE)
                .allMatch(verdict -> verdict.sentence().contains("not shown to exceed guessing"));
    }

    @Test
    void tooFewOfAKindDecideNothing() {
        for (int i = 0; i < 60; i++) {
            invented.add(i, i < 19, new double[] {i < 19 ? 1 : 2, 2, 3}, 1);
        }
        CorrectnessScores scores = invented.scores(Preset.SOUND);
        assertThat(scores.enough()).isFalse();
        Verdict verdict = verdicts(scores).getFirst();
        assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_TESTABLE);
        assertThat(verdict.value()).isNaN();
        assertThat(verdict.sentence()).startsWith("Only 19 of 60 answers are right");
    }

    @Test
    void thePapersProtocolHasNeitherBaselinesNorGroups() {
        invented.addTold();
        CorrectnessScores scores = invented.scores(Preset.PAPER);
        assertThat(scores.readings())
                .extracting(CorrectnessScores::label)
                .containsExactly("profile, k-NN, k = 29");
        assertThat(scores.readings().getFirst().scheme()).contains("as in the paper");
        assertThat(scores.control()).isEmpty();
        assertThat(verdicts(scores)).hasSize(1);
    }

    private List<Verdict> toldBeside(InventedAnswers twin) {
        invented.addTold();
        return new CorrectnessVerdicts(
                        invented.scores(Preset.SOUND), Optional.of(twin.scores(Preset.SOUND)))
                .all();
    }

    @Test
    void theTwinsFigureIsThatOfItsOwnAnswers() {
        InventedAnswers twin = new InventedAnswers();
        twin.addUntold(8);
        List<Verdict> verdicts = toldBeside(twin);
        assertThat(verdicts).allMatch(verdict -> verdict.outcome() == Outcome.SUPPORTED);
        assertThat(verdicts.getFirst().evidence().twin())
                .isEqualTo(auroc(twin.scores(Preset.SOUND), "profile, k-NN, k = 29"));
        assertThat(verdicts).allMatch(verdict -> verdict.evidence().noTwin().isEmpty());
    }

    @Test
    void whatTheTwinTellsAsWellHoldsByConstruction() {
        InventedAnswers twin = new InventedAnswers();
        twin.addTold();
        assertThat(toldBeside(twin))
                .allMatch(verdict -> verdict.outcome() == Outcome.BY_CONSTRUCTION);
    }

    @Test
    void aTwinThatIsAlwaysWrongHasNoFigureAndTheReasonIsGiven() {
        InventedAnswers twin = new InventedAnswers();
        for (int i = 0; i < 60; i++) {
            twin.add(i, false, new double[] {i, 2, 3}, 1);
        }
        List<Verdict> verdicts = toldBeside(twin);
        assertThat(verdicts).hasSize(3).allMatch(v -> Double.isNaN(v.evidence().twin()));
        assertThat(verdicts.getLast().evidence().noTwin())
                .isEqualTo(
                        "0 of its 60 answers are right; an AUC takes 20 right and 20 wrong ones");
    }

    @Test
    void theFirstOfFiveSeedsIsThatOfTheFigure() {
        invented.addTold();
        assertThat(verdicts(invented.scores(Preset.SOUND)))
                .hasSize(3)
                .allSatisfy(verdict -> {
                    assertThat(verdict.evidence().overSeeds()).hasSize(5);
                    assertThat(verdict.evidence().overSeeds()[0]).isEqualTo(verdict.value());
                });
    }

    @Test
    void anAucIsHeldAgainstWhatDecides() {
        invented.addTold();
        Verdict verdict = verdicts(invented.scores(Preset.SOUND)).getFirst();
        assertThat(verdict.threshold()).isEqualTo(Math.max(0.5, verdict.evidence().nullLevel()));
        // two questions share a text
        assertThat(verdict.evidence().n()).isEqualTo(60);
    }

    /// Nine texts of ten questions each, of which three are answered, are nine cases and not
    /// ninety.
    @Test
    void questionsOnOneTextAreOneCaseOfGuessing() {
        List<Interval> accuracies = new ArrayList<>();
        for (int size : new int[] {1, 10}) {
            int[] right = IntStream.range(0, 90).map(i -> i % 30 < 10 ? 1 : 0).toArray();
            int[] groups = IntStream.range(0, 90).map(i -> i / size).toArray();
            Cases cases = new Cases(right, List.of("wrong", "right"), groups);
            CorrectnessData data = new CorrectnessData(new double[90][3], new double[90][1], cases);
            accuracies.add(data.accuracy(TestSettings.of(Preset.SOUND)));
        }
        assertThat(accuracies).allMatch(accuracy -> accuracy.estimate() == 1 / 3.0);
        assertThat(accuracies.getFirst().low()).isBetween(0.2, 0.26);
        assertThat(accuracies.getLast().low()).isLessThan(0.12);
    }
}
