package entropylens.study.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Permuted;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyInputs;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FamilyProfilesTest {
    private static final StudySettings SETTINGS =
            new StudySettings(
                    Preset.QUICK,
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalDouble.empty(),
                    1,
                    16,
                    StudyInputs.NONE);
    private static final FamilyProfiles NONE =
            new FamilyProfiles(List.of(), new double[0][], new int[0], new int[0]);

    private static Subject.About model(String name, String family, int blocks) {
        return new Subject.About(name, family, blocks, 100, OptionalLong.empty());
    }

    /// Family a falls from 2 to 1, family b rises from 1 to 2, at any depth.
    private static FamilyProfiles twoFamilies() {
        return twoFamilies(6);
    }

    private static FamilyProfiles twoFamilies(int texts) {
        List<Subject.About> models =
                List.of(
                        model("a-4", "a", 4),
                        model("a-8", "a", 8),
                        model("b-4", "b", 4),
                        model("b-8", "b", 8));
        double[][] profiles = new double[4 * texts][];
        int[] owners = new int[profiles.length];
        int[] families = new int[profiles.length];
        for (int i = 0; i < profiles.length; i++) {
            owners[i] = i / texts;
            families[i] = i / (2 * texts);
            int blocks = models.get(owners[i]).blocks();
            profiles[i] = new double[blocks];
            for (int l = 1; l <= blocks; l++) {
                double depth = l / (double) blocks;
                profiles[i][l - 1] = (families[i] == 0 ? 2 - depth : 1 + depth) + 0.01 * (i % 6);
            }
        }
        return new FamilyProfiles(models, profiles, owners, families);
    }

    @Test
    void profilesThatAreOneCurveOverRelativeDepthComeTogetherWhenRescaled() {
        FamilyProfiles profiles = twoFamilies();
        var rescaled = profiles.distances(profiles.rescaled());
        assertThat(rescaled.within()).isLessThan(0.03);
        assertThat(rescaled.between()).isGreaterThan(0.3);
        var byLayer = profiles.distances(profiles.notRescaled());
        assertThat(byLayer.within()).isGreaterThan(5 * rescaled.within());
    }

    @Test
    void aFamilyIsRecognisedByItsOtherModel() {
        FamilyProfiles profiles = twoFamilies();
        assertThat(profiles.recognisedByModel(profiles.rescaled())).containsOnly(1);
        Permuted found = profiles.recognised(profiles.rescaled(), SETTINGS);
        // three ways to make two pairs of four models, and in the other two every guess is wrong
        assertThat(found.pValue()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(found.mean()).isCloseTo(1 / 3.0, within(1e-12));
    }

    @Test
    void tooFewModelsAreNotTestableAndTheVerdictSaysHowManyItTakes() {
        FamilyProfiles profiles = twoFamilies();
        List<Verdict> verdicts = new FamilyVerdicts(profiles, NONE, SETTINGS).all();
        assertThat(verdicts).allMatch(verdict -> verdict.outcome() == Outcome.NOT_TESTABLE);
        assertThat(verdicts.getFirst().sentence())
                .contains("below 0.33")
                .contains("Two families take 4 models each; three take 3 each");
        Evidence closer = verdicts.getFirst().evidence();
        assertThat(closer.n()).isEqualTo(4);
        assertThat(closer.nullLevel()).isFinite();
        assertThat(closer.worth()).isEqualTo(0.1);
        assertThat(closer.p()).isNaN();
        assertThat(closer.noTwin()).isNotEmpty();
        Evidence recognised = verdicts.getLast().evidence();
        assertThat(recognised.nullLevel()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(recognised.overSeeds()).as("six texts have no fifths").isEmpty();
    }

    @Test
    void fifthsOfTheTextsSayHowTheFiguresMove() {
        List<Verdict> verdicts = new FamilyVerdicts(twoFamilies(30), NONE, SETTINGS).all();
        assertThat(Arrays.stream(verdicts.getFirst().evidence().overSeeds()).boxed())
                .hasSize(5)
                .allMatch(difference -> difference > 0.3 && difference < 0.5);
        assertThat(verdicts.getLast().evidence().overSeeds()).containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void shapesOfFamiliesAreFoundWithFourModelsOfEach() {
        List<Verdict> verdicts =
                new FamilyVerdicts(invented(new Random(1), 4, 1, 0.1), NONE, SETTINGS).all();
        assertThat(verdicts).allMatch(verdict -> verdict.outcome() == Outcome.SUPPORTED);
        assertThat(verdicts).allMatch(verdict -> verdict.evidence().p() < 0.05);
    }

    @Test
    void shapesThatUntrainedTwinsHaveTooHoldByConstruction() {
        FamilyProfiles shaped = invented(new Random(1), 4, 1, 0.1);
        FamilyProfiles twins = invented(new Random(2), 4, 1, 0.1);
        assertThat(new FamilyVerdicts(shaped, twins, SETTINGS).all())
                .allMatch(verdict -> verdict.outcome() == Outcome.BY_CONSTRUCTION);
    }

    /// Of 200 runs at 5 %, more than 18 are as rare as 1 in 100.
    @Test
    void familiesWithoutAShapeAreFoundInOneRunOfTwenty() {
        Random random = new Random(7);
        int closer = 0;
        int recognised = 0;
        double share = 0;
        for (int run = 0; run < 200; run++) {
            List<Verdict> verdicts =
                    new FamilyVerdicts(invented(random, 4, 0, 0.3), NONE, SETTINGS).all();
            closer += verdicts.getFirst().evidence().p() < 0.05 ? 1 : 0;
            recognised += verdicts.getLast().evidence().p() < 0.05 ? 1 : 0;
            share += verdicts.getLast().value() / 200;
        }
        assertThat(closer).isLessThanOrEqualTo(18);
        assertThat(recognised).isLessThanOrEqualTo(18);
        // votes are balanced, and still a model left out finds its own family the rarer one
        assertThat(share).isBetween(0.35, 0.55);
    }

    /// Two families of models of 4, 6, 8 … blocks; what is a model's own is as large as `own`.
    private static FamilyProfiles invented(Random random, int each, double shape, double own) {
        List<Subject.About> models = new ArrayList<>();
        int texts = 5;
        double[][] profiles = new double[2 * each * texts][];
        int[] owners = new int[profiles.length];
        int[] families = new int[profiles.length];
        for (int model = 0; model < 2 * each; model++) {
            int family = model % 2;
            int blocks = 4 + 2 * (model / 2);
            models.add(model("m" + model, family == 0 ? "a" : "b", blocks));
            double level = own * random.nextGaussian();
            double slope = own * random.nextGaussian();
            for (int text = 0; text < texts; text++) {
                int row = model * texts + text;
                owners[row] = model;
                families[row] = family;
                profiles[row] = new double[blocks];
                for (int l = 1; l <= blocks; l++) {
                    double depth = l / (double) blocks;
                    profiles[row][l - 1] =
                            level
                                    + slope * depth
                                    + shape * (family == 0 ? depth : 1 - depth)
                                    + 0.05 * random.nextGaussian();
                }
            }
        }
        return new FamilyProfiles(models, profiles, owners, families);
    }

    @Test
    void oneModelPerFamilyIsNotEnoughToCompare() {
        FamilyProfiles profiles = twoFamilies();
        assertThat(profiles.canCompare()).isTrue();
        assertThat(profiles.only(about -> about.blocks() == 4).canCompare()).isFalse();
    }
}
