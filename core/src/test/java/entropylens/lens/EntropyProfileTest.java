package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EntropyProfileTest {
    private static final EntropyProfile FOUR_TOKENS =
            new EntropyProfile(new double[][] {{1, 5}, {3, 5}, {5, 1}, {7, 1}});

    @Test
    void windowsAverageTheirTokens() {
        assertThat(FOUR_TOKENS.windows(2).entropy()).isDeepEqualTo(new double[][] {{2, 5}, {6, 1}});
        assertThat(FOUR_TOKENS.windows(1).entropy()[0]).containsExactly(FOUR_TOKENS.mean());
        assertThat(FOUR_TOKENS.windows(4).entropy()).isDeepEqualTo(FOUR_TOKENS.entropy());
    }

    @Test
    void spreadIsTheSampleStandardDeviation() {
        assertThat(FOUR_TOKENS.spread()[0]).isEqualTo(Math.sqrt(20.0 / 3));
        assertThat(FOUR_TOKENS.windowSpreads(2)[0]).containsExactly(Math.sqrt(2), 0);
        assertThat(new EntropyProfile(new double[][] {{1, 2}}).spread()).containsExactly(0, 0);
    }

    @Test
    void windowsThatDoNotDivideAreRefused() {
        assertThatThrownBy(() -> FOUR_TOKENS.windows(3))
                .hasMessage("3 windows do not divide 4 tokens into equal parts");
        assertThatThrownBy(() -> FOUR_TOKENS.windows(0)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void deltaIsTheStepToTheNextLayer() {
        assertThat(EntropyProfile.delta(new double[] {1, 4, 2})).containsExactly(3, -2);
    }

    @Test
    void theProfileKeepsItsOwnCopy() {
        double[][] given = {{1, 2}};
        EntropyProfile profile = new EntropyProfile(given);
        given[0][0] = 100;
        assertThat(profile.mean()).containsExactly(1, 2);
    }
}
