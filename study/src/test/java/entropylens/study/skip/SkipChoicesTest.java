package entropylens.study.skip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SkipChoicesTest {
    /// Blocks 2 to 8.
    private static final SkipChoices CHOICES =
            new SkipChoices(new double[] {0.5, -0.2, 0.1, -0.9, 0.5, -0.4, -0.3});

    @Test
    void expansionIsTheLargestChangesAndPruningTheMostNegative() {
        assertThat(CHOICES.expansion(1)).containsExactly(2); // of equal ones the lower
        assertThat(CHOICES.expansion(3)).containsExactly(2, 4, 6);
        assertThat(CHOICES.pruning(1)).containsExactly(5);
        assertThat(CHOICES.pruning(3)).containsExactly(5, 7, 8);
    }

    @Test
    void whereNothingExpandsExpansionIsWhatPrunesLeast() {
        assertThat(new SkipChoices(new double[] {-3, -1, -2}).expansion(1)).containsExactly(3);
    }

    @Test
    void blockOneIsNeverChosen() {
        SplittableRandom random = new SplittableRandom(1);
        assertThat(CHOICES.expansion(7)).containsExactly(2, 3, 4, 5, 6, 7, 8);
        for (int i = 0; i < 200; i++) {
            assertThat(CHOICES.random(4, random)).doesNotContain(1).hasSize(4);
            assertThat(CHOICES.near(List.of(4), true, random).orElseThrow()).doesNotContain(1);
        }
    }

    @Test
    void everyRandomBlockIsAsLikely() {
        SplittableRandom random = new SplittableRandom(2);
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 7000; i++) {
            CHOICES.random(2, random).forEach(block -> counts.merge(block, 1, Integer::sum));
        }
        // 2,000 expected, standard deviation 38
        assertThat(counts.values()).hasSize(7).allMatch(count -> count > 1850 && count < 2150);
    }

    /// Blocks 2, 4, 6 … expand, 3, 5, 7 … do not.
    private static final SkipChoices IN_TURN =
            new SkipChoices(IntStream.range(0, 8).mapToDouble(i -> i % 2 == 0 ? 1 : -1).toArray());

    @Test
    void standInsAreOfTheOtherKindAndNearOnesTheLikelier() {
        SplittableRandom random = new SplittableRandom(3);
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 3000; i++) {
            int standIn = IN_TURN.near(List.of(4), true, random).orElseThrow().getFirst();
            counts.merge(standIn, 1, Integer::sum);
        }
        assertThat(counts.keySet()).containsExactly(3, 5, 7, 9);
        // weights 1, 1, 1/3 and 1/5 of 2.53: 1,184, 1,184, 395 and 237
        assertThat(counts.get(3)).isBetween(1100, 1270);
        assertThat(counts.get(7)).isBetween(330, 460);
        assertThat(counts.get(9)).isBetween(180, 295);
    }

    @Test
    void standInsAreAsManyAndDifferent() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 50; i++) {
            assertThat(IN_TURN.near(List.of(3, 5, 9), false, random).orElseThrow())
                    .hasSize(3)
                    .doesNotHaveDuplicates()
                    .allMatch(block -> block % 2 == 0);
        }
    }

    @Test
    void whereTheOtherKindHasTooFewBlocksThereIsNoStandIn() {
        SkipChoices falling = new SkipChoices(new double[] {1, -1, -1, -1});
        SplittableRandom random = new SplittableRandom(6);
        assertThat(falling.near(List.of(3, 4), false, random)).isEmpty();
        assertThat(falling.near(List.of(3), false, random)).contains(List.of(2));
    }
}
