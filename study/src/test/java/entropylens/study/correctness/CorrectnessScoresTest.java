package entropylens.study.correctness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.data.AnswerRow;
import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.study.classify.Reading;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TestSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Invented answers, of which it is known what tells right from wrong.
class CorrectnessScoresTest {
    private static final Subject.About MODEL =
            new Subject.About("made up", "llama", 3, 100, OptionalLong.empty());

    private final List<AnswerRow> answers = new ArrayList<>();
    private final List<StoredText> texts = new ArrayList<>();

    /// Two tokens whose mean is the profile.
    private void add(int number, boolean right, double[] profile, double margin) {
        String id = StudyPrompt.id(number);
        double[] logits = {1, 1 - margin, -9, -10};
        answers.add(
                new AnswerRow(
                        "correctness",
                        "made up",
                        id,
                        null,
                        "intact",
                        null,
                        0,
                        null,
                        new int[0],
                        logits,
                        0,
                        right ? 0 : 1,
                        right ? margin : -margin));
        double[][] entropy = new double[2][profile.length];
        for (int l = 0; l < profile.length; l++) {
            entropy[0][l] = profile[l] - 0.25;
            entropy[1][l] = profile[l] + 0.25;
        }
        TextRow row =
                new TextRow(
                        "correctness",
                        "made up",
                        id,
                        "group " + number / 2,
                        null,
                        null,
                        null,
                        null,
                        new int[] {1},
                        new int[] {2, 3},
                        null,
                        null);
        texts.add(new StoredText(row, 0, 1, Map.of("entropy", entropy)));
    }

    private CorrectnessScores scores(Preset preset) {
        return CorrectnessScores.of(MODEL, answers, texts, TestSettings.of(preset));
    }

    /// Of 120 answers every other pair is right. The middle layer tells which; the last layer and
    /// the margin are noise.
    private void addTold() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 120; i++) {
            boolean right = i / 2 % 2 == 0;
            double[] profile = {
                random.nextDouble(), (right ? 1 : 2) + random.nextDouble(), random.nextDouble()
            };
            add(i, right, profile, random.nextDouble());
        }
    }

    @Test
    void rowsAreMeanProfilesWithMarginsAndGroups() {
        add(0, true, new double[] {1, 2, 3}, 0.5);
        add(1, false, new double[] {4, 5, 6}, 0.25);
        add(2, true, new double[] {1, 1, 1}, 2);
        CorrectnessData data = CorrectnessData.of(answers, texts);
        assertThat(data.profiles()[1]).containsExactly(4, 5, 6);
        assertThat(data.margins()).isDeepEqualTo(new double[][] {{0.5}, {0.25}, {2}});
        assertThat(data.cases().labels()).containsExactly(1, 0, 1);
        assertThat(data.cases().groups()).containsExactly(0, 0, 1);
        assertThat(data.sureness()).isDeepEqualTo(new double[][] {{-3}, {-6}, {-1}});
        assertThat(data.fewer()).isEqualTo(1);
        assertThat(data.rights()).isEqualTo(2);
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
        addTold();
        CorrectnessScores scores = scores(Preset.SOUND);
        assertThat(auroc(scores, "profile, k-NN, k = 29")).isGreaterThan(0.95);
        assertThat(auroc(scores, "profile, logistic regression")).isGreaterThan(0.95);
        assertThat(auroc(scores, "profile and margin, logistic regression")).isGreaterThan(0.95);
        assertThat(auroc(scores, "last layer's entropy, nothing learnt"))
                .isCloseTo(0.5, within(0.15));
        assertThat(auroc(scores, "answer margin, nothing learnt")).isCloseTo(0.5, within(0.15));
        // the labels that tell are gone, so the middle of the shuffles is near guessing
        assertThat(scores.control().orElseThrow().shuffled().estimate())
                .isCloseTo(0.5, within(0.1));
        assertThat(scores.control().orElseThrow().shuffled().high()).isLessThan(0.8);
        assertThat(scores.verdicts())
                .hasSize(2)
                .allMatch(verdict -> verdict.outcome() == Outcome.SUPPORTED);
    }

    @Test
    void theMarginIsReadAsItIs() {
        for (int i = 0; i < 60; i++) {
            add(i, i % 2 == 0, new double[] {1 + i % 7, 2, 3}, i % 2 == 0 ? 2 + i : 1);
        }
        CorrectnessScores scores = scores(Preset.SOUND);
        assertThat(auroc(scores, "answer margin, nothing learnt")).isEqualTo(1);
        assertThat(scores.verdicts().getLast().outcome()).isEqualTo(Outcome.NOT_SUPPORTED);
    }

    @Test
    void whatIsRightByChanceDecidesNothing() {
        for (int i = 0; i < 90; i++) {
            add(i, i % 4 == 0, new double[] {i % 4 == 0 ? 1 : 2, 2, 3}, 1 + i % 5);
        }
        CorrectnessScores scores = scores(Preset.SOUND);
        assertThat(scores.verdicts().getFirst().low()).isGreaterThan(0.5);
        assertThat(scores.verdicts())
                .allMatch(verdict -> verdict.outcome() == Outcome.UNDECIDED)
                .allMatch(verdict -> verdict.sentence().contains("no better than guessing"));
    }

    @Test
    void tooFewOfAKindDecideNothing() {
        for (int i = 0; i < 60; i++) {
            add(i, i < 19, new double[] {i < 19 ? 1 : 2, 2, 3}, 1);
        }
        CorrectnessScores scores = scores(Preset.SOUND);
        assertThat(scores.enough()).isFalse();
        Verdict verdict = scores.verdicts().getFirst();
        assertThat(verdict.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(verdict.value()).isNaN();
        assertThat(verdict.sentence()).startsWith("Only 19 of 60 answers are right");
    }

    @Test
    void thePapersProtocolHasNeitherBaselinesNorGroups() {
        addTold();
        CorrectnessScores scores = scores(Preset.PAPER);
        assertThat(scores.readings())
                .extracting(CorrectnessScores::label)
                .containsExactly("profile, k-NN, k = 29");
        assertThat(scores.readings().getFirst().scheme()).contains("as in the paper");
        assertThat(scores.control()).isEmpty();
        assertThat(scores.verdicts()).hasSize(1);
    }
}
