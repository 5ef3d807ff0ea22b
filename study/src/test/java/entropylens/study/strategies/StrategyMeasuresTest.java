package entropylens.study.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
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
        double[][] entropy = {{1, 2 + shift, 4, 1}, {0.5, 3, 5 + shift, 2}};
        double[][] sizes = new double[2][4];
        double[][] shared = {{Double.NaN, 0.5, 0.25, 1}, {Double.NaN, 0.5, 0.75, 0}};
        for (int t = 0; t < 2; t++) {
            for (int l = 0; l < 4; l++) {
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
        assertThat(outcomes(measures)).containsExactly(Outcome.SUPPORTED, Outcome.SUPPORTED);
    }

    @Test
    void setsThatShrinkAsTheEntropyGrowsContradictTheClaim() {
        StrategyMeasures measures = StrategyMeasures.of(texts(6, -1), SETTINGS);
        assertThat(measures.correlation().estimate()).isCloseTo(-1, within(1e-12));
        assertThat(outcomes(measures)).containsExactly(Outcome.SUPPORTED, Outcome.NOT_SUPPORTED);
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
    void oneTextDecidesNothing() {
        StrategyMeasures measures = StrategyMeasures.of(texts(1, 1), SETTINGS);
        assertThat(outcomes(measures)).containsExactly(Outcome.UNDECIDED, Outcome.UNDECIDED);
    }

    private static List<Outcome> outcomes(StrategyMeasures measures) {
        return measures.verdicts(MODEL).stream().map(Verdict::outcome).toList();
    }
}
