package entropylens.result;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProfileSummaryTest {
    private static String of(double... mean) {
        ProfileSummary summary = new ProfileSummary(mean, 1, mean.length, "nats");
        return summary.changes() + " " + summary.peak();
    }

    @Test
    void upAndDown() {
        assertThat(of(1, 2, 3.5, 0.5))
                .isEqualTo(
                        "Expands at layers 2–3 (+2.50); prunes at layer 4 (−3.00). Entropy is largest, 3.50 nats, at layer 3 (depth 0.75).");
    }

    @Test
    void allUp() {
        assertThat(of(1, 2, 3))
                .startsWith("Expands at layers 2–3 (+2.00); prunes nowhere.")
                .contains("at layer 3 (depth 1.00)");
    }

    @Test
    void allDown() {
        assertThat(of(3, 2, 1))
                .startsWith("Expands nowhere; prunes at layers 2–3 (−2.00).")
                .contains("at layer 1 (depth 0.33)");
    }

    @Test
    void oneLayer() {
        assertThat(of(3)).startsWith("One layer: nothing to compare. Entropy is largest, 3.00");
    }

    @Test
    void aPlateauIsNeither() {
        assertThat(of(1, 2, 2, 3, 3))
                .startsWith("Expands at layer 2 (+1.00), layer 4 (+1.00); prunes nowhere.")
                .contains("3.00 nats, at layer 4");
        assertThat(of(2, 2, 2)).startsWith("Expands nowhere; prunes nowhere.");
    }

    @Test
    void layersAreCountedFromTheEmbedding() {
        var summary = new ProfileSummary(new double[] {1, 2, 0.5}, 0, 2, "of ln V");
        assertThat(summary.changes())
                .isEqualTo("Expands at layer 1 (+1.00); prunes at layer 2 (−1.50).");
        assertThat(summary.peak())
                .isEqualTo("Entropy is largest, 2.00 of ln V, at layer 1 (depth 0.50).");
    }

    @Test
    void onlyTheLargestOfManyStretchesAreNamed() {
        double[] mean = new double[48];
        for (int l = 0; l < mean.length; l++) {
            mean[l] = l % 2 == 0 ? 1 : 1 + (l % 8) * 0.1; // +0.1, +0.3, +0.5, +0.7, and over again
        }
        assertThat(of(mean))
                .startsWith(
                        "Expands at layer 8 (+0.70), layer 16 (+0.70), layer 24 (+0.70) and 21 smaller stretches (+7.50); prunes at layer 9 (−0.70), ");
    }
}
