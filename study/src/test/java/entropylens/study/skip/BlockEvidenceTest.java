package entropylens.study.skip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// Invented blocks, of which it is known what their damage depends on.
class BlockEvidenceTest {
    /// Damage that grows with depth alone looks as if it tracked a ΔH that falls with depth.
    @Test
    void whatDepthExplainsIsTakenAway() {
        double[] change = {5, 4.5, 3, 3.1, 2, 1.4, 0.2, 0.3, -1, -2, -2.5};
        double[] damage = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        BlockEvidence blocks = new BlockEvidence(change, damage, new double[0][]);
        assertThat(blocks.correlation()).isLessThan(-0.9);
        // nothing of the damage is left beside depth
        assertThat(blocks.partial().estimate()).isNaN();
        assertThat(blocks.partialP(1)).isEqualTo(1);
    }

    @Test
    void expandingBlocksThatCostMoreThanTheirNeighboursAreAContrast() {
        double[] change = {1, -1, 1, -1, 1, -1, 1, -1};
        double[] damage = {2, 1, 2, 1, 2, 1, 2, 1};
        BlockEvidence blocks = new BlockEvidence(change, damage, new double[0][]);
        // 1 more than those near, and 1 less than those near
        assertThat(blocks.contrast().estimate()).isCloseTo(2, within(1e-12));
        // of 70 ways to choose four of eight, this one and its opposite
        assertThat(blocks.contrastP(1)).isCloseTo(2 / 70.0, within(1e-12));
        assertThat(blocks.smallestP()).isCloseTo(1 / 70.0, within(1e-12));
    }

    @Test
    void fewBlocksFindLittle() {
        assertThat(blocks(new SplittableRandom(1), 3, x -> x).detectable()).isEqualTo(1);
        assertThat(blocks(new SplittableRandom(1), 11, x -> x).detectable()).isBetween(0.75, 0.8);
        assertThat(BlockEvidence.blocksNeeded(0.5)).isBetween(30, 33);
        assertThat(BlockEvidence.blocksNeeded(0.3)).isBetween(85, 90);
    }

    /// Damage depends on depth, and on ΔH as told.
    private static BlockEvidence blocks(
            SplittableRandom random, int count, DoubleUnaryOperator ofChange) {
        double[] change = new double[count];
        Arrays.setAll(change, i -> random.nextGaussian() - 0.2 * i);
        double[] damage = new double[count];
        Arrays.setAll(
                damage, i -> 0.3 * i + random.nextGaussian() + ofChange.applyAsDouble(change[i]));
        return new BlockEvidence(change, damage, new double[0][]);
    }

    /// Of 200 runs at 5 %, more than 18 are as rare as 1 in 100.
    @Test
    void damageOfDepthAloneIsFoundInOneRunOfTwenty() {
        SplittableRandom random = new SplittableRandom(11);
        int correlated = 0;
        int contrasted = 0;
        for (int run = 0; run < 200; run++) {
            BlockEvidence blocks = blocks(random, 8, x -> 0);
            correlated += blocks.partialP(run) < 0.05 ? 1 : 0;
            boolean testable = blocks.smallestP() < 0.05;
            contrasted += testable && blocks.contrastP(run) < 0.05 ? 1 : 0;
        }
        assertThat(correlated).isLessThanOrEqualTo(18);
        assertThat(contrasted).isLessThanOrEqualTo(18);
    }

    @Test
    void aStrongEffectIsFoundInAModelOfSixteenBlocks() {
        SplittableRandom random = new SplittableRandom(5);
        int found = 0;
        for (int run = 0; run < 10; run++) {
            found += blocks(random, 15, x -> 2 * x).partialP(run) < 0.05 ? 1 : 0;
        }
        assertThat(found).isGreaterThanOrEqualTo(9);
    }
}
