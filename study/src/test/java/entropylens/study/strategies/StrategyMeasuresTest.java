package entropylens.study.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyInputs;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StrategyMeasuresTest {
    private static final StudySettings SETTINGS =
            new StudySettings(
                    Preset.QUICK,
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalDouble.empty(),
                    1,
                    16,
                    StudyInputs.NONE);
    private static final Subject.About MODEL =
            new Subject.About("made up", "llama", 4, 100, OptionalLong.empty());

    /// Two tokens of four layers: up, up, down; sizes are what entropy is multiplied by.
    private static StoredText text(int number, double shift, double sizeFactor) {
        return text(
                number, new double[][] {{1, 2 + shift, 4, 1}, {0.5, 3, 5 + shift, 2}}, sizeFactor);
    }

    private static StoredText text(int number, double[][] entropy, double sizeFactor) {
        int layers = entropy[0].length;
        double[][] sizes = new double[2][layers];
        double[][] shared = new double[2][layers];
        for (int t = 0; t < 2; t++) {
            Arrays.fill(shared[t], 0.5);
            shared[t][0] = Double.NaN;
            for (int l = 0; l < layers; l++) {
                sizes[t][l] = Math.rint(100 * sizeFactor * entropy[t][l]);
            }
        }
        TextRow row =
                new TextRow(
                        "strategies",
                        "made up",
                        StudyPrompt.id(number),
                        null,
                        null,
                        null,
                        null,
                        null,
                        new int[] {1},
                        new int[] {2, 3},
                        null,
                        null);
        return new StoredText(
                row,
                0,
                1,
                Map.of(
                        "entropy", entropy,
                        "top_p_size_0_6", sizes,
                        "top_p_size_0_9", sizes,
                        "jaccard_0_6", shared,
                        "containment_0_6", shared));
    }

    private static List<StoredText> texts(int count, double sizeFactor) {
        List<StoredText> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text(i, 0.1 * i, sizeFactor));
        }
        return texts;
    }

    @Test
    void setsThatGrowWithTheEntropyCorrelatePerfectly() {
        StrategyMeasures measures = StrategyMeasures.of(texts(6, 1), SETTINGS);
        assertThat(measures.correlation().estimate()).isCloseTo(1, within(1e-12));
    }

    @Test
    void whatAnUntrainedTwinHasTooHoldsByConstruction() {
        StrategyMeasures trained = StrategyMeasures.of(texts(6, 1), SETTINGS);
        assertThat(outcomes(trained, trained))
                .containsExactly(
                        Outcome.BY_CONSTRUCTION, Outcome.BY_CONSTRUCTION, Outcome.BY_CONSTRUCTION);
    }

    @Test
    void setsThatShrinkInTheTwinLetTheTrainedModelSupportTheClaim() {
        StrategyMeasures trained = StrategyMeasures.of(texts(6, 1), SETTINGS);
        StrategyMeasures twin = StrategyMeasures.of(texts(6, -1), SETTINGS);
        assertThat(outcomes(trained, twin).get(1)).isEqualTo(Outcome.SUPPORTED);
        assertThat(outcomes(twin, trained).get(1)).isEqualTo(Outcome.NO_EFFECT);
    }

    /// The largest of many noisy means is far from 0, the same layer on other texts is not.
    @Test
    void noiseThatIsDrawnAnewInEveryTextIsNoStrategy() {
        Random random = new Random(3);
        double[][] entropy = new double[64][13];
        for (double[] row : entropy) {
            Arrays.setAll(row, _ -> random.nextGaussian());
        }
        List<StoredText> texts = new ArrayList<>();
        for (int i = 0; i < entropy.length; i++) {
            texts.add(text(i, new double[][] {entropy[i], entropy[i]}, 1));
        }
        StrategyMeasures noise = StrategyMeasures.of(texts, SETTINGS);
        assertThat(noise.strength().low()).isNegative();
        double largest =
                Arrays.stream(noise.change()).mapToDouble(Interval::estimate).max().orElseThrow();
        assertThat(largest).isGreaterThan(0.2);
    }

    @Test
    void theTurnIsTheRelativeDepthOfTheLargestEntropy() {
        StrategyMeasures measures = StrategyMeasures.of(texts(6, 1), SETTINGS);
        assertThat(measures.turn().estimate()).isEqualTo(0.75);
        // mean over tokens: layer 3 to 4 falls from (4 + 5 + shift) / 2 to 1.5
        assertThat(measures.change()[2].estimate()).isCloseTo(-3.125, within(1e-12));
        assertThat(measures.jaccard()[0].estimate()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void fifthsOfTheTextsSayHowTheFiguresMove() {
        StrategyMeasures trained = StrategyMeasures.of(texts(15, 1), SETTINGS);
        StrategyMeasures twin = StrategyMeasures.of(texts(15, -1), SETTINGS);
        List<Verdict> verdicts = new StrategyVerdicts(MODEL, trained, twin).all();
        assertThat(verdicts).allMatch(verdict -> verdict.evidence().overSeeds().length == 5);
        // sizes go up with the entropy in one, and down in the other, whichever fifth is looked at
        assertThat(verdicts.get(1).evidence().overSeeds())
                .containsOnly(new double[] {2}, within(0.01));
        assertThat(verdicts.get(2).evidence().overSeeds())
                .containsOnly(new double[] {0}, within(1e-12));
        assertThat(verdicts.get(1).evidence().noTwin()).isNotEmpty();
    }

    /// One half of a fifth chooses the layers, the other is measured.
    @Test
    void aFifthOfOneTextHasNoStrength() {
        StrategyMeasures few = StrategyMeasures.of(texts(6, 1), SETTINGS);
        assertThat(few.fifths().strength()).isEmpty();
        assertThat(few.fifths().overlap()).hasSize(5);
    }

    @Test
    void oneTextDecidesNothing() {
        StrategyMeasures measures = StrategyMeasures.of(texts(1, 1), SETTINGS);
        assertThat(outcomes(measures, measures)).containsOnly(Outcome.UNDECIDED);
    }

    private static List<Outcome> outcomes(StrategyMeasures trained, StrategyMeasures twin) {
        return new StrategyVerdicts(MODEL, trained, twin)
                .all().stream().map(Verdict::outcome).toList();
    }
}
