package entropylens.study.skip;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.hook.Intervention;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.TestSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class SkipPlanTest {
    private static final SkipChoices CHOICES =
            new SkipChoices(new double[] {0.5, -0.2, 0.1, -0.9, 0.4, -0.4, -0.3});

    private static SkipDesign design(SkipPart... parts) {
        return new SkipDesign(10, 10, List.of(1, 2, 4), List.of(parts), 3, true);
    }

    @Test
    void theIntactModelComesFirst() {
        SkipPlan plan = SkipPlan.of(CHOICES, design(SkipPart.BLOCK), 1);
        assertThat(plan.skips().getFirst()).isEqualTo(Skip.NONE);
        assertThat(plan.distinct().iterator().next()).containsExactly(Skip.NONE);
    }

    @Test
    void blocksCountFromOneAndInterventionsFromZero() {
        assertThat(Skip.NONE.intervention()).isEqualTo(Intervention.NONE);
        Skip second = new Skip(SkipCondition.SINGLE, SkipPart.BLOCK, 2, List.of(2));
        assertThat(second.intervention()).isEqualTo(Intervention.skip(1));
    }

    @Test
    void whatIsDoneTwiceIsMeasuredOnce() {
        SkipPlan plan = SkipPlan.of(CHOICES, design(SkipPart.BLOCK), 1);
        List<Skip> blockTwo =
                plan.distinct().stream()
                        .filter(same -> same.getFirst().what().equals("block/2"))
                        .findFirst()
                        .orElseThrow();
        assertThat(blockTwo)
                .extracting(Skip::condition)
                .contains(SkipCondition.EXPANSION, SkipCondition.SINGLE);
        assertThat(plan.distinct().stream().mapToInt(List::size).sum())
                .isEqualTo(plan.skips().size());
        assertThat(plan.distinct())
                .extracting(same -> same.getFirst().what())
                .doesNotHaveDuplicates();
    }

    @Test
    void namesTellAllChoicesApart() {
        SkipPlan plan = SkipPlan.of(CHOICES, design(SkipPart.values()), 1);
        assertThat(plan.skips()).extracting(Skip::name).doesNotHaveDuplicates();
    }

    @Test
    void drawsDifferWhereTheyCan() {
        SkipPlan plan = SkipPlan.of(CHOICES, design(SkipPart.BLOCK), 5);
        for (int k : List.of(1, 2, 4)) {
            assertThat(plan.of(SkipCondition.RANDOM, SkipPart.BLOCK, k))
                    .hasSize(3)
                    .extracting(Skip::blocks)
                    .doesNotHaveDuplicates();
        }
        // blocks 2, 4 and 6 expand
        assertThat(plan.of(SkipCondition.NEAR_EXPANSION, SkipPart.BLOCK, 1))
                .hasSize(3)
                .extracting(Skip::blocks)
                .allMatch(blocks -> blocks.stream().allMatch(b -> List.of(3, 5, 7, 8).contains(b)));
    }

    @Test
    void theSeedDecidesAndAllPartsSkipTheSameBlocks() {
        SkipPlan plan = SkipPlan.of(CHOICES, design(SkipPart.values()), 7);
        assertThat(SkipPlan.of(CHOICES, design(SkipPart.values()), 7)).isEqualTo(plan);
        assertThat(SkipPlan.of(CHOICES, design(SkipPart.values()), 8)).isNotEqualTo(plan);
        for (SkipCondition condition : SkipCondition.values()) {
            assertThat(plan.of(condition, SkipPart.MLP, 2))
                    .extracting(Skip::blocks)
                    .isEqualTo(
                            plan.of(condition, SkipPart.BLOCK, 2).stream()
                                    .map(Skip::blocks)
                                    .toList());
        }
    }

    @Test
    void numbersOfBlocksReachFromOneToHalf() {
        assertThat(SkipDesign.spread(4)).containsExactly(1, 2, 3, 4);
        assertThat(SkipDesign.spread(16)).hasSize(8).startsWith(1).endsWith(16).isSorted();
        assertThat(SkipDesign.spread(1)).containsExactly(1);
        StudySettings quick = TestSettings.of(Preset.QUICK);
        assertThat(SkipDesign.of(quick, 8).ks()).containsExactly(1, 2, 4);
        assertThat(SkipDesign.of(TestSettings.of(Preset.PAPER), 32).ks()).containsExactly(1, 2, 3);
        assertThat(SkipDesign.of(quick, 2).possible()).isFalse();
        assertThat(SkipDesign.of(quick, 3).ks()).containsExactly(1);
    }
}
