package entropylens.study.skip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
            assertThat(CHOICES.near(List.of(4), random).orElseThrow()).doesNotContain(1);
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

    @Test
    void standInsAreTheNearestThatAreLeft() {
        SplittableRandom random = new SplittableRandom(3);
        Set<List<Integer>> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            seen.add(CHOICES.near(List.of(5), random).orElseThrow());
        }
        assertThat(seen).containsExactlyInAnyOrder(List.of(4), List.of(6));
        seen.clear();
        for (int i = 0; i < 500; i++) {
            CHOICES.near(List.of(4, 6), random).ifPresent(seen::add);
        }
        // 2 with 5, or 5 with 8, could be drawn too, but are more than a block off on average
        assertThat(seen).containsExactlyInAnyOrder(List.of(3, 5), List.of(3, 7), List.of(5, 7));
    }

    @Test
    void standInsAreAsManyAsDeepAndNoneIsAmongTheChosen() {
        SplittableRandom random = new SplittableRandom(4);
        double[] change = IntStream.range(0, 31).mapToDouble(i -> Math.sin(3.0 * i)).toArray();
        SkipChoices choices = new SkipChoices(change);
        for (int k = 1; k <= 15; k++) {
            List<Integer> chosen = choices.expansion(k);
            int found = 0;
            for (int i = 0; i < 50; i++) {
                Optional<List<Integer>> near = choices.near(chosen, random);
                found += near.isPresent() ? 1 : 0;
                near.ifPresent(blocks -> {
                    assertThat(blocks).hasSize(chosen.size()).doesNotHaveDuplicates();
                    assertThat(blocks).doesNotContainAnyElementsOf(chosen);
                    assertThat(mean(blocks)).isCloseTo(mean(chosen), within(4.0));
                });
            }
            assertThat(found).as("k = %d", k).isPositive();
        }
    }

    private static double mean(List<Integer> blocks) {
        return blocks.stream().mapToInt(block -> block).average().orElseThrow();
    }

    @Test
    void whereTooFewAreLeftThereAreNoStandIns() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 50; i++) {
            assertThat(CHOICES.near(List.of(2, 4, 6, 8), random)).isEmpty();
            // enough are left, but all of them deeper
            assertThat(CHOICES.near(List.of(2, 3), random)).isEmpty();
        }
    }
}
