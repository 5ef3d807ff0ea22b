package entropylens.study.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// The smallest set that reaches p, and what enters and leaves it.
class CandidatesTest {
    private static float[] logits(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]) + 3;
        }
        return logits;
    }

    @Test
    void theSetEndsWhereItsProbabilityReachesP() {
        Candidates candidates = Candidates.of(logits(0.1, 0.45, 0.2, 0.25), 0.6);
        assertThat(candidates.ids()).containsExactly(1, 3);
        assertThat(candidates.entropy()).isCloseTo(1.258, within(1e-3));
        assertThat(Candidates.of(logits(0.1, 0.45, 0.2, 0.25), 0.95).ids())
                .containsExactly(1, 3, 2, 0);
    }

    @Test
    void equallyProbableTokensComeByTheirIds() {
        assertThat(Candidates.of(new float[] {1, 1, 1, 1}, 0.5).ids()).containsExactly(0, 1);
    }

    @Test
    void whatEntersIsWhatWasNotThere() {
        Candidates before = Candidates.of(logits(0.7, 0.1, 0.1, 0.1), 0.6);
        Candidates after = Candidates.of(logits(0.1, 0.35, 0.2, 0.35), 0.6);
        assertThat(after.without(before)).containsExactly(1, 3);
        assertThat(before.without(after)).containsExactly(0);
    }
}
