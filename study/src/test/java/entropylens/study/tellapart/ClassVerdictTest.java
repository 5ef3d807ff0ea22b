package entropylens.study.tellapart;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyInputs;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Made-up texts of twenty stories, in which it is known what tells the tasks apart.
class ClassVerdictTest {
    private static final Subject.About MODEL =
            new Subject.About("made up", "llama", 3, 100, OptionalLong.empty());

    private static StudySettings settings(Preset preset) {
        return new StudySettings(
                preset,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                1,
                16,
                StudyInputs.NONE);
    }

    /// @param inner what a class adds to the entropy of the inner layers
    /// @param last what it adds to that of the last layer
    /// @param length what it adds to the prompt's length
    private static LabelledTexts texts(double inner, double last, int length) {
        SplittableRandom random = new SplittableRandom(9);
        List<StoredText> texts = new ArrayList<>();
        for (int i = 0; i < 240; i++) {
            int label = i % 3;
            double[][] entropy = new double[2][];
            for (int t = 0; t < 2; t++) {
                entropy[t] =
                        new double[] {
                            inner * label + random.nextGaussian(),
                            -inner * label + random.nextGaussian(),
                            last * label + random.nextGaussian()
                        };
            }
            texts.add(
                    new StoredText(
                            row(i, label, 20 + length * label), 0, 1, Map.of("entropy", entropy)));
        }
        return LabelledTexts.of(texts, Tasks.PLAN.classes());
    }

    private static TextRow row(int number, int label, int promptLength) {
        return new TextRow(
                Tasks.ID,
                MODEL.name(),
                StudyPrompt.id(number),
                "story " + number / 12,
                Tasks.PLAN.classes().get(label),
                null,
                "wording %d of %d".formatted(number / 3 % 2, label),
                null,
                new int[promptLength],
                new int[] {1, 2},
                null,
                null);
    }

    private static ClassReadings readings(Preset preset, LabelledTexts texts) {
        return ClassReadings.of(
                MODEL,
                texts,
                Tasks.features(texts),
                Optional.of(Tasks.features(texts(0, 0, 0)).profile()),
                Tasks.PLAN,
                settings(preset));
    }

    private static Verdict verdict(LabelledTexts texts) {
        return ClassVerdict.of(Tasks.PLAN, readings(Preset.SOUND, texts));
    }

    @Test
    void profilesThatTellMoreThanTheTrivialSupportTheClaim() {
        Verdict verdict = verdict(texts(3, 0, 0));
        assertThat(verdict.outcome()).isEqualTo(Outcome.SUPPORTED);
        assertThat(verdict.low()).isGreaterThan(0.5).isLessThanOrEqualTo(verdict.value());
        assertThat(verdict.sentence()).contains("better than what is known without them");
    }

    @Test
    void whatTheLengthTellsAsWellIsNoSupport() {
        Verdict verdict = verdict(texts(3, 0, 5));
        assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_SUPPORTED);
        assertThat(verdict.low()).isGreaterThan(0.5);
        assertThat(verdict.sentence())
                .startsWith("Told apart, but prompt length alone does as well");
    }

    @Test
    void whatTheLastLayerTellsAloneIsNoSupport() {
        Verdict verdict = verdict(texts(0, 4, 0));
        assertThat(verdict.outcome()).isIn(Outcome.NOT_SUPPORTED, Outcome.UNDECIDED);
        assertThat(verdict.sentence()).contains("last-layer entropy");
    }

    @Test
    void noiseTellsNothing() {
        Verdict verdict = verdict(texts(0, 0, 0));
        assertThat(verdict.outcome()).isNotEqualTo(Outcome.SUPPORTED);
        assertThat(verdict.value()).isBetween(0.35, 0.6);
    }

    @Test
    void thePaperIsReadInUngroupedFoldsWithItsOwnKAndTheOthersBeside() {
        ClassReadings paper = readings(Preset.PAPER, texts(3, 0, 0));
        assertThat(paper.headline().reader()).isEqualTo("k-NN, k = 29");
        assertThat(paper.headline().scheme()).isEqualTo("ungrouped (the paper's)");
        assertThat(paper.otherFolds().scheme()).isEqualTo("by story");
        ClassReadings sound = readings(Preset.SOUND, texts(3, 0, 0));
        assertThat(sound.headline().reader()).isEqualTo("k-NN, k by nested folds");
        assertThat(sound.headline().scheme()).isEqualTo("by story");
        assertThat(sound.otherFolds().scheme()).isEqualTo("ungrouped (the paper's)");
        assertThat(sound.all().stream().map(reading -> reading.scheme()))
                .contains("by story, other wordings");
    }

    @Test
    void theTwinIsAControlWithAComparison() {
        ClassReadings readings = readings(Preset.SOUND, texts(3, 0, 0));
        assertThat(readings.twin().orElseThrow().auc().estimate()).isLessThan(0.65);
        assertThat(readings.comparisons())
                .anyMatch(pair ->
                        pair.second().features().equals(ClassReadings.TWIN)
                                && pair.firstIsBetter());
    }
}
