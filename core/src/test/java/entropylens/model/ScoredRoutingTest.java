package entropylens.model;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.model.Routing.Groups;
import entropylens.model.Routing.Score;
import entropylens.model.Routing.Scored;
import java.util.OptionalDouble;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Experts that are chosen by scores, a correction and groups.
class ScoredRoutingTest {
    private static final float[] LOGITS = {9, 2, 1, 0, -1, 3, 4, -2};
    private static final Offset<Float> ROUNDING = Offset.offset(1e-6f);

    private final int[] experts = new int[2];
    private final float[] shares = new float[2];

    private void choose(Score score, float @Nullable [] correction, @Nullable Groups groups) {
        new Scored(2, score, correction, groups, OptionalDouble.empty(), 1)
                .choose(LOGITS, 1, 6, experts, shares);
    }

    private static float sigmoid(double x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    @Test
    void theLargestScoresAreChosen() {
        choose(Score.SIGMOID, null, null);
        assertThat(experts).containsExactly(4, 5);
        assertThat(shares[0]).isCloseTo(sigmoid(3), ROUNDING);
        assertThat(shares[1]).isCloseTo(sigmoid(4), ROUNDING);
    }

    @Test
    void aCorrectionChangesTheChoiceAndNotTheShares() {
        choose(Score.SIGMOID, new float[] {0, 0, 0, 2, 0, 0}, null);
        assertThat(experts).containsExactly(3, 5);
        assertThat(shares[0]).isCloseTo(sigmoid(-1), ROUNDING);
    }

    @Test
    void expertsOutsideTheBestGroupsAreNotChosen() {
        choose(Score.SIGMOID, null, new Groups(3, 1, 2)); // 2 and 1 make more than 0 and -1
        assertThat(experts).containsExactly(4, 5);
        choose(Score.SIGMOID, new float[] {1, 1, 0, 0, 0, 0}, new Groups(3, 1, 2));
        assertThat(experts).containsExactly(0, 1);
    }

    @Test
    void aGroupMayBeJudgedByItsBestAlone() {
        float[] correction = {0, 0, 3, -9, 0, 0};
        choose(Score.SIGMOID, correction, new Groups(3, 1, 1));
        assertThat(experts).containsExactly(2, 3);
        choose(Score.SIGMOID, correction, new Groups(3, 1, 2));
        assertThat(experts).containsExactly(4, 5);
    }

    @Test
    void sharesMaySumToAScale() {
        new Scored(2, Score.SOFTMAX, null, null, OptionalDouble.of(1e-20), 2.5)
                .choose(LOGITS, 1, 6, experts, shares);
        assertThat(shares[0] + shares[1]).isCloseTo(2.5f, ROUNDING);
        assertThat(shares[1] / shares[0]).isCloseTo((float) Math.E, Offset.offset(1e-5f));
    }

    @Test
    void theirSumMayBeMadeLarger() {
        new Scored(2, Score.SOFTMAX, null, null, OptionalDouble.of(0), 0.25, 1)
                .choose(new float[] {0, 0, 0, 0, 0, 0, 0, 0}, 0, 8, experts, shares);
        assertThat(shares).containsExactly(0.25f, 0.25f);
    }

    @Test
    void softmaxIsOverAllExperts() {
        choose(Score.SOFTMAX, null, null);
        double all = 0;
        for (int e = 1; e < 7; e++) {
            all += Math.exp(LOGITS[e]);
        }
        assertThat(shares[1]).isCloseTo((float) (Math.exp(4) / all), ROUNDING);
    }

    @Test
    void aSumOfNothingIsNotDividedBy() {
        new Scored(2, Score.SOFTMAX, null, null, OptionalDouble.of(0.5), 1)
                .choose(new float[] {0, 0, 0, 0, 0, 0, 0, 0}, 0, 8, experts, shares);
        assertThat(shares).containsExactly(0.25f, 0.25f);
    }

    /// Their sigmoids are 1 in float32.
    @Test
    void llama4ChoosesByLogitsAndNotBySigmoids() {
        int[] one = new int[1];
        float[] share = new float[1];
        Routing routing = new Routing.Sigmoids(1);
        routing.choose(new float[] {9, 40, 50, 45}, 1, 3, one, share);
        assertThat(one).containsExactly(1);
        assertThat(share[0]).isEqualTo(1);
        routing.choose(new float[] {9, -3, -1, -2}, 1, 3, one, share);
        assertThat(share[0]).isCloseTo(sigmoid(-1), ROUNDING);
    }
}
