package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Profiles on a common grid of relative depth, and how far they are apart.
class ProfilesTest {
    /// Worst seen of 5 profiles of 4 to 28 layers, relative above 1: 8.9e-16, doubled.
    private static final double GRID = 1.8e-15;

    /// Worst seen of distances and their means 4.3e-15, doubled.
    private static final double DISTANCES = 8.6e-15;

    private final JsonNode vectors = Vectors.read("profiles");

    private double[][] profiles() {
        return vectors.required("profiles")
                .valueStream()
                .map(node -> Vectors.doubles(node, "entropy"))
                .toArray(double[][]::new);
    }

    @Test
    void interpolationIsNumpys() {
        double[][] profiles = profiles();
        int[] layers = IntStream.range(0, 5).map(i -> profiles[i].length).toArray();
        double[] grid = RelativeDepth.commonGrid(layers, vectors.required("points").intValue());
        double[][] expected = Vectors.matrix(vectors, "interpolated");
        double[] wide = Vectors.doubles(vectors, "wide_grid");
        double[][] clamped = Vectors.matrix(vectors, "clamped");
        Worst worst = new Worst("interpolated profiles");
        worst.see(grid, Vectors.doubles(vectors, "grid"));
        for (int i = 0; i < profiles.length; i++) {
            worst.see(RelativeDepth.interpolate(profiles[i], grid), expected[i]);
            worst.see(RelativeDepth.clamped(profiles[i], wide), clamped[i]);
        }
        worst.requireWithin(GRID);
    }

    @Test
    void aModelSeenAtItsOwnDepthsIsItself() {
        for (int layers : new int[] {2, 3, 7, 12, 28, 48}) {
            double[] profile = IntStream.range(0, layers).mapToDouble(l -> l * l).toArray();
            double[] own =
                    IntStream.rangeClosed(1, layers)
                            .mapToDouble(l -> (double) l / layers)
                            .toArray();
            double[] seen = RelativeDepth.interpolate(profile, own);
            for (int l = 0; l < layers; l++) {
                assertThat(seen[l]).isEqualTo(profile[l], within(1e-10));
            }
        }
    }

    @Test
    void whatIsShallowerThanTheFirstLayerIsRefused() {
        double[] profile = {1, 2, 3, 4};
        assertThatThrownBy(() -> RelativeDepth.interpolate(profile, new double[] {0.2, 1}))
                .hasMessageContaining(
                        "4 layers has values at depths 0.25 .. 1, the grid asks for 0.2");
        assertThatThrownBy(() -> RelativeDepth.interpolate(profile, new double[] {0.5, 1.1}))
                .hasMessageContaining("the grid asks for 1.1");
        assertThat(RelativeDepth.clamped(profile, new double[] {0, 2})).containsExactly(1, 4);
        assertThat(RelativeDepth.zeroPadded(profile, 6)).containsExactly(1, 2, 3, 4, 0, 0);
        assertThatThrownBy(() -> RelativeDepth.zeroPadded(profile, 3))
                .hasMessage("a profile of 4 layers does not fit into 3 values");
        assertThatThrownBy(() -> RelativeDepth.commonGrid(new int[] {1, 12}, 10))
                .hasMessageContaining("number of layers is 1");
    }

    @Test
    void distancesAreScikitLearns() {
        double[][] rows = Vectors.matrix(vectors, "interpolated");
        int[] labels = Vectors.ints(vectors, "labels");
        double[][] euclidean = Distances.euclidean(rows);
        Worst worst = new Worst("distances of profiles");
        worst.see(euclidean, Vectors.matrix(vectors, "euclidean"));
        worst.see(Distances.rootMeanSquare(rows), Vectors.matrix(vectors, "rms"));
        GroupDistances groups = GroupDistances.of(euclidean, labels, Vectors.range(0, 5));
        worst.see(groups.within(), Vectors.number(vectors, "within"));
        worst.see(groups.between(), Vectors.number(vectors, "between"));
        worst.requireWithin(DISTANCES);
    }

    @Test
    void samplesOfOneModelAreNoEvidenceForItsFamily() {
        // 6 models at random places with 10 samples each; families by chance
        double[][] rows = new double[60][1];
        int[] models = new int[60];
        int[] families = new int[60];
        double[] places = {0, 10, 20, 31, 43, 56};
        int[] familyOf = {0, 1, 2, 0, 1, 2};
        for (int row = 0; row < 60; row++) {
            models[row] = row / 10;
            families[row] = familyOf[models[row]];
            rows[row][0] = places[models[row]] + 0.01 * (row % 10);
        }
        double[][] distances = Distances.euclidean(rows);
        assertThat(GroupDistances.permutationTest(distances, families, models, 999, 1).pValue())
                .isGreaterThan(0.3);
        // taken as independent, the same rows look like clear families
        assertThat(
                        GroupDistances.permutationTest(
                                        distances, families, Vectors.range(0, 60), 999, 1)
                                .pValue())
                .isLessThan(0.01);
    }

    @Test
    void familiesThatAreThereAreFound() {
        double[][] rows = {{0}, {1}, {2}, {10}, {11}, {12}, {20}, {21}, {22}};
        int[] families = {0, 0, 0, 1, 1, 1, 2, 2, 2};
        double[][] distances = Distances.euclidean(rows);
        Permuted result =
                GroupDistances.permutationTest(distances, families, Vectors.range(0, 9), 1_999, 1);
        // 280 ways to make three families of three; this one is the best
        assertThat(result.pValue()).isEqualTo(1.0 / 280);
        assertThat(Arrangements.smallestP(families)).isEqualTo(1.0 / 280);
        GroupDistances groups = GroupDistances.of(distances, families, Vectors.range(0, 9));
        assertThat(result.statistic()).isEqualTo(groups.difference());
        assertThat(groups.within()).isEqualTo(4 / 3.0);
    }

    @Test
    void groupsThatCannotBeComparedAreRefused() {
        double[][] distances = Distances.euclidean(new double[][] {{0}, {1}, {2}});
        int[] units = {0, 1, 2};
        assertThatThrownBy(() -> GroupDistances.of(distances, new int[] {0, 1, 2}, units))
                .hasMessageContaining("0 pairs within groups and 3 between them");
        assertThatThrownBy(() -> GroupDistances.of(distances, new int[] {0, 1, 1}, new int[3]))
                .hasMessageContaining("group 0 has rows of label 0 and of label 1");
        assertThatThrownBy(() -> Distances.euclidean(new double[][] {{1}, {1, 2}}))
                .hasMessageContaining("row 1 has 2 values, expected 1; bring rows to one length");
    }
}
