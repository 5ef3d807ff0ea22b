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
            double[][] entropy = new double[6][];
            for (int t = 0; t < entropy.length; t++) {
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
                Optional.of(Tasks.features(texts(0, 0, 0))),
                Tasks.PLAN,
                settings(preset));
    }

    private static List<Verdict> verdicts(LabelledTexts texts) {
        return ClassVerdict.of(Tasks.PLAN, readings(Preset.SOUND, texts));
    }

    private static List<Outcome> outcomes(LabelledTexts texts) {
        return verdicts(texts).stream().map(Verdict::outcome).toList();
    }

    @Test
    void profilesThatTellMoreThanEveryControlSupportAllClaims() {
        List<Verdict> verdicts = verdicts(texts(1, 0, 0));
        assertThat(verdicts).allMatch(verdict -> verdict.outcome() == Outcome.SUPPORTED);
        Verdict chance = verdicts.getFirst();
        assertThat(chance.low()).isGreaterThan(0.5).isLessThanOrEqualTo(chance.value());
        assertThat(chance.evidence().p()).isLessThan(0.001);
        assertThat(chance.evidence().n()).isEqualTo(20);
        assertThat(chance.evidence().overSeeds()).hasSize(5);
        // the first of the five seeds is that of the figure
        assertThat(chance.evidence().overSeeds()[0]).isEqualTo(chance.value());
        assertThat(chance.evidence().twin()).isBetween(0.35, 0.65);
        for (Verdict difference : verdicts.subList(1, 3)) {
            assertThat(difference.evidence().overSeeds()).hasSize(5);
            assertThat(difference.evidence().overSeeds()[0]).isEqualTo(difference.value());
            assertThat(difference.evidence().twin()).isBetween(-0.2, 0.2);
        }
    }

    @Test
    void whatTheLengthTellsAsWellIsNoSupport() {
        List<Verdict> verdicts = verdicts(texts(3, 0, 5));
        assertThat(verdicts.get(0).outcome()).isEqualTo(Outcome.SUPPORTED);
        assertThat(verdicts.get(1).outcome()).isEqualTo(Outcome.NOT_SUPPORTED);
        assertThat(verdicts.get(1).sentence()).contains("length");
    }

    /// Averaged over tokens, the last layer would lose to the profile; token by token it does not.
    @Test
    void whatTheLastLayerTellsTokenByTokenIsNoSupport() {
        List<Verdict> verdicts = verdicts(texts(0, 4, 0));
        assertThat(verdicts.get(1).outcome()).isEqualTo(Outcome.NOT_SUPPORTED);
        assertThat(verdicts.get(2).outcome()).isNotEqualTo(Outcome.SUPPORTED);
    }

    @Test
    void noiseIsNeverSupported() {
        assertThat(outcomes(texts(0, 0, 0))).doesNotContain(Outcome.SUPPORTED);
        assertThat(verdicts(texts(0, 0, 0)).getFirst().value()).isBetween(0.35, 0.6);
    }

    @Test
    void aTwinThatTellsAsMuchMakesItHoldByConstruction() {
        LabelledTexts texts = texts(1, 0, 0);
        ClassReadings withTwin =
                ClassReadings.of(
                        MODEL,
                        texts,
                        Tasks.features(texts),
                        Optional.of(Tasks.features(texts)),
                        Tasks.PLAN,
                        settings(Preset.SOUND));
        assertThat(ClassVerdict.of(Tasks.PLAN, withTwin))
                .allMatch(verdict -> verdict.outcome() == Outcome.BY_CONSTRUCTION)
                .allMatch(verdict -> verdict.evidence().twin() == verdict.value());
    }

    @Test
    void thePaperIsReadInUngroupedFoldsAndTheOthersBeside() {
        ClassReadings paper = readings(Preset.PAPER, texts(3, 0, 0));
        assertThat(paper.headline().reader()).isEqualTo("k-NN, k = 29");
        assertThat(paper.headline().scheme()).isEqualTo("ungrouped (the paper's)");
        assertThat(paper.otherFolds().orElseThrow().scheme()).isEqualTo("by story");
        assertThat(paper.otherWordings()).isEmpty();
        assertThat(ClassVerdict.of(Tasks.PLAN, paper).getFirst().claim())
                .doesNotContain("whatever the wording");
        ClassReadings sound = readings(Preset.SOUND, texts(3, 0, 0));
        assertThat(sound.headline().reader()).isEqualTo("k-NN, k = 29");
        assertThat(sound.headline().scheme()).isEqualTo("by story");
        assertThat(sound.otherFolds().orElseThrow().scheme()).isEqualTo("ungrouped (the paper's)");
        assertThat(sound.otherWordings().orElseThrow().scheme())
                .isEqualTo("by story, other wordings");
    }
}
