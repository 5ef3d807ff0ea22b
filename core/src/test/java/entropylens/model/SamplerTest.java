package entropylens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.kernels.Kernels;
import org.junit.jupiter.api.Test;

class SamplerTest {
    /// Probabilities ½, ¼, ⅛, ⅛ at temperature 1, after two floats that are not part of the row.
    private static final float[] LOGITS = {99, 99, (float) Math.log(4), (float) Math.log(2), 0, 0};

    private static final int DRAWS = 20_000;

    /// Five standard deviations of a share of ½ in 20,000 draws.
    private static final double SHARE = 0.018;

    private static double[] shares(Sampling sampling) {
        Sampler sampler = new Sampler(sampling, 0, Kernels.best());
        double[] shares = new double[4];
        for (int i = 0; i < DRAWS; i++) {
            shares[sampler.next(LOGITS, 2, 4)] += 1.0 / DRAWS;
        }
        return shares;
    }

    private static void assertShares(Sampling sampling, double... expected) {
        double[] shares = shares(sampling);
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] == 0) {
                assertThat(shares[i]).isZero();
            } else {
                assertThat(Math.abs(shares[i] - expected[i])).isLessThan(SHARE);
            }
        }
    }

    @Test
    void temperatureOneDrawsByProbability() {
        assertShares(new Sampling(1, 1, 7), 0.5, 0.25, 0.125, 0.125);
    }

    @Test
    void temperatureOneHalfSquaresProbabilities() {
        double sum = 16 + 4 + 1 + 1;
        assertShares(new Sampling(0.5, 1, 7), 16 / sum, 4 / sum, 1 / sum, 1 / sum);
    }

    @Test
    void topPKeepsTheSmallestSetThatReachesIt() {
        assertShares(new Sampling(1, 0.6, 7), 2.0 / 3, 1.0 / 3, 0, 0);
        assertShares(new Sampling(1, 0.4, 7), 1, 0, 0, 0);
    }

    @Test
    void greedyTakesTheFirstOfEqualLogits() {
        Sampler sampler = new Sampler(Sampling.GREEDY, 0, Kernels.best());
        assertThat(sampler.next(new float[] {1, 3, 3, 2}, 0, 4)).isEqualTo(1);
    }

    @Test
    void drawsDependOnSeedAndSequenceAlone() {
        Sampling sampling = new Sampling(1, 1, 3);
        assertThat(draws(sampling, 5)).isEqualTo(draws(sampling, 5));
        assertThat(draws(sampling, 5)).isNotEqualTo(draws(sampling, 6));
        assertThat(draws(sampling, 5)).isNotEqualTo(draws(new Sampling(1, 1, 4), 5));
    }

    private static String draws(Sampling sampling, int sequence) {
        Sampler sampler = new Sampler(sampling, sequence, Kernels.best());
        StringBuilder drawn = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            drawn.append(sampler.next(LOGITS, 2, 4));
        }
        return drawn.toString();
    }

    @Test
    void aVeryLowTemperatureIsGreedyAndDoesNotOverflow() {
        assertShares(new Sampling(1e-30, 1, 7), 1, 0, 0, 0);
    }

    @Test
    void logitsThatAreNotNumbersAreRefused() {
        Sampler sampler = new Sampler(Sampling.GREEDY, 0, Kernels.best());
        float none = Float.NEGATIVE_INFINITY;
        assertThatThrownBy(() -> sampler.next(new float[] {0, Float.NaN}, 0, 2))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("token 1");
        assertThatThrownBy(() -> sampler.next(new float[] {none, none}, 0, 2))
                .isInstanceOf(ArithmeticException.class);
    }
}
