package entropylens.study.tellapart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.batch.BatchSettings.Measured;
import entropylens.data.LabelledColumns;
import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.workbench.OwnPrompts;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TestSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The verdicts on invented profiles of a user's prompts: of 20 groups, three prompts each.
class GroupVerdictTest {
    private static final int GROUPS = 20;
    private static final int ROWS = 3;
    private static final int TOKENS = 4;
    private static final int LAYERS = 5;
    private static final StudySettings SETTINGS = TestSettings.of(Preset.QUICK);
    private static final Subject.About MODEL =
            new Subject.About("invented", "llama", LAYERS, 100, OptionalLong.empty());

    /// Of 15 runs without an effect; each verdict needs p below 0.05 and more. Of 80 runs, 0 and 2
    /// were found.
    private static final int SEEDS = 15;

    private static final int MOST_FALSE = 3;

    private static ClassPlan plan() {
        OwnPrompts own =
                new OwnPrompts(
                        List.of(),
                        new LabelledColumns(
                                Optional.empty(), Optional.empty(), "kind", Optional.of("by")),
                        Measured.GENERATED);
        return Groups.plan(
                new GroupPrompts(own, List.of(), List.of("a", "b"), List.of(), "own.csv"));
    }

    /// @param effect on the second layer of label b, nats
    /// @param whole whether a group is of one label
    private static LabelledTexts texts(double effect, double ofGroup, boolean whole, long seed) {
        Random random = new Random(seed);
        List<StoredText> texts = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            labels.add(group % 2);
        }
        java.util.Collections.shuffle(labels, random);
        for (int group = 0; group < GROUPS; group++) {
            double[] own = random.doubles(LAYERS, -ofGroup, ofGroup + 1e-9).toArray();
            for (int row = 0; row < ROWS; row++) {
                int label = whole ? labels.get(group) : random.nextInt(2);
                texts.add(text(texts.size(), group, label, own, effect, random));
            }
        }
        return LabelledTexts.of(texts, List.of("a", "b"));
    }

    private static StoredText text(
            int number, int group, int label, double[] own, double effect, Random random) {
        double[][] entropy = new double[TOKENS][LAYERS];
        for (double[] token : entropy) {
            Arrays.setAll(
                    token,
                    l -> 3 + own[l] + (l == 1 ? effect * label : 0) + 0.5 * random.nextGaussian());
        }
        TextRow row =
                new TextRow(
                        Groups.ID,
                        MODEL.name(),
                        StudyPrompt.id(number),
                        String.valueOf(group),
                        label == 0 ? "a" : "b",
                        null,
                        null,
                        "prompt",
                        random.ints(6 + random.nextInt(3), 0, 50).toArray(),
                        random.ints(TOKENS, 0, 50).toArray(),
                        null,
                        null);
        return new StoredText(row, 0, 1, Map.of("entropy", entropy));
    }

    private static List<Verdict> verdicts(LabelledTexts texts) {
        ClassPlan plan = plan();
        ClassFeatures features = GroupFeatures.of(texts, Measured.GENERATED);
        ClassReadings readings =
                ClassReadings.of(MODEL, texts, features, Optional.empty(), plan, SETTINGS);
        GroupDifferences differences =
                GroupDifferences.of(texts.cases(), features.profile(), Optional.empty(), SETTINGS);
        List<Verdict> verdicts = new ArrayList<>();
        verdicts.add(
                GroupVerdict.differ(
                        plan,
                        readings,
                        differences,
                        GroupFeatures.lengthsName(Measured.GENERATED)));
        verdicts.addAll(ClassVerdict.of(plan, readings));
        return verdicts;
    }

    @Test
    void aDifferenceInOneLayerIsFoundAndToldApart() {
        List<Verdict> verdicts = verdicts(texts(1.5, 0.3, true, 7));
        assertThat(verdicts)
                .extracting(Verdict::claim)
                .containsExactly(
                        "(iii) mean profiles of the labels of 'kind' differ",
                        "(iii) profiles tell the labels of 'kind' apart",
                        "(iii) profiles tell the labels of 'kind' apart better than what is known without them",
                        "(iii) the layers before the last add to telling the labels of 'kind' apart");
        Verdict differ = verdicts.getFirst();
        assertThat(differ.outcome()).isEqualTo(Outcome.SUPPORTED);
        assertThat(differ.value()).isCloseTo(1.5, within(0.3));
        assertThat(differ.sentence())
                .contains("most in layer 2 of 5: b 4.")
                .contains("Layers whose p is below 0.05 after correction for their number: 2.")
                .doesNotContain("one of length");
        assertThat(differ.evidence().unit()).isEqualTo("groups");
        assertThat(differ.evidence().n()).isEqualTo(GROUPS);
        Verdict apart = verdicts.get(1);
        assertThat(apart.outcome()).isEqualTo(Outcome.SUPPORTED);
        assertThat(apart.effect()).startsWith("AUROC of profiles, folds by group");
        assertThat(apart.value()).isGreaterThan(0.9);
        assertThat(verdicts.get(3).outcome()).isEqualTo(Outcome.SUPPORTED);
    }

    @Test
    void labelsWithoutAnEffectAreSupportedNoMoreOftenThanByChance() {
        for (boolean whole : new boolean[] {true, false}) {
            int[] found = new int[2];
            for (int seed = 0; seed < SEEDS; seed++) {
                List<Verdict> verdicts = verdicts(texts(0, 1, whole, seed));
                for (int v = 0; v < 2; v++) {
                    found[v] += verdicts.get(v).outcome() == Outcome.SUPPORTED ? 1 : 0;
                }
            }
            assertThat(found[0]).isLessThanOrEqualTo(MOST_FALSE);
            assertThat(found[1]).isLessThanOrEqualTo(MOST_FALSE);
        }
    }

    @Test
    void movesAreMeansOverLayers() {
        double[] profile = {1, 3, 2.5, 2.5, 3.5};
        assertThat(GroupDifferences.move(profile, 1)).isEqualTo(0.75);
        assertThat(GroupDifferences.move(profile, -1)).isEqualTo(0.125);
        assertThat(GroupDifferences.move(new double[] {1}, 1)).isZero();
    }

    @Test
    void layersAreNamedInRanges() {
        assertThat(GroupVerdict.ranges(List.of(1, 2, 3, 5, 7, 8))).isEqualTo("1 to 3, 5, 7 to 8");
    }
}
