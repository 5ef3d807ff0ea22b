package entropylens.study.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.study.workbench.Subject;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FamilyProfilesTest {
    private static Subject.About model(String name, String family, int blocks) {
        return new Subject.About(name, family, blocks, 100, OptionalLong.empty());
    }

    /// Family a falls from 2 to 1, family b rises from 1 to 2, at any depth; 6 texts per model.
    private static FamilyProfiles twoFamilies() {
        List<Subject.About> models =
                List.of(
                        model("a-4", "a", 4),
                        model("a-8", "a", 8),
                        model("b-4", "b", 4),
                        model("b-8", "b", 8));
        double[][] profiles = new double[24][];
        int[] owners = new int[24];
        int[] families = new int[24];
        for (int i = 0; i < 24; i++) {
            owners[i] = i / 6;
            families[i] = i / 12;
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
        assertThat(profiles.recognised(profiles.rescaled())).containsOnly(1);
        assertThat(profiles.chance()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void oneModelPerFamilyIsNotEnoughToCompare() {
        FamilyProfiles profiles = twoFamilies();
        assertThat(profiles.canCompare()).isTrue();
        assertThat(profiles.only(about -> about.blocks() == 4).canCompare()).isFalse();
    }
}
