package entropylens.study.skip;

import entropylens.study.statistics.AdjustedDifference;
import entropylens.study.statistics.Arrangements;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Jackknife;
import entropylens.study.workbench.Intervals;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/// What skipping blocks that expand costs beyond skipping blocks that do not. Blocks are the units.
///
/// @param traits of the blocks
/// @param damage what it costs to skip each, larger where it is worse
/// @param damageOfTexts the same of several samples of the texts or questions, `[sample][block]`
/// @param damageOfFifths the same of five parts of the texts or questions that share none,
///   `[part][block]`
record BlockContrast(
        BlockTraits traits, double[] damage, double[][] damageOfTexts, double[][] damageOfFifths) {
    private static final double Z = Interval.halfWidthErrors(Intervals.LEVEL);

    private int blocks() {
        return traits.blocks();
    }

    int expanding() {
        return Arrays.stream(traits.kinds()).sum();
    }

    /// What an expanding block costs beyond blocks as deep that do not expand, less what a pruning
    /// block costs beyond blocks as deep that do not prune. A block's controls are all blocks of
    /// the other kind, weighing as one by their distance. The interval is over blocks, each left
    /// out in turn, and over texts.
    Interval nearBlocks() {
        int[] kinds = traits.kinds();
        double estimate = nearBlocks(kinds, damage, -1);
        Interval overBlocks =
                Jackknife.interval(
                        estimate,
                        blocks(),
                        block -> {
                            double without = nearBlocks(kinds, damage, block);
                            return Double.isNaN(without) ? estimate : without;
                        },
                        Intervals.LEVEL);
        double texts = halfOverTexts(damages -> nearBlocks(kinds, damages, -1));
        return new Interval(
                estimate,
                estimate - Math.hypot(estimate - overBlocks.low(), texts),
                estimate + Math.hypot(overBlocks.high() - estimate, texts),
                Intervals.LEVEL);
    }

    private double halfOverTexts(ToDoubleFunction<double[]> statistic) {
        return Z
                * Math.sqrt(
                        Spread.variance(
                                Arrays.stream(damageOfTexts).mapToDouble(statistic).toArray()));
    }

    /// What an expanding block costs beyond one that does not, given depth. [#nearBlocks()] does
    /// not hold depth fixed where one kind stands before the other, so this one decides. The
    /// interval is over blocks (least squares), with the variance over texts added.
    Interval givenDepth() {
        Interval overBlocks = ofSample(damage);
        double texts = halfOverTexts(damages -> ofSample(damages).estimate());
        double half = Math.hypot(overBlocks.high() - overBlocks.estimate(), texts);
        return new Interval(
                overBlocks.estimate(),
                overBlocks.estimate() - half,
                overBlocks.estimate() + half,
                Intervals.LEVEL);
    }

    /// The difference by other texts or questions: of each fifth of them.
    double[] overFifths() {
        return Arrays.stream(damageOfFifths)
                .mapToDouble(damages -> ofSample(damages).estimate())
                .toArray();
    }

    private Interval ofSample(double[] damages) {
        return adjusted(damages).interval(traits.kinds(), Intervals.LEVEL);
    }

    /// Two-sided p: which blocks expand changes places, their number stays.
    double givenDepthP(long seed) {
        return adjusted(damage).pValue(traits.kinds(), BlockEvidence.PERMUTATIONS, seed);
    }

    private AdjustedDifference adjusted(double[] damages) {
        return new AdjustedDifference(traits.of(BlockTrait.DEPTH), damages);
    }

    /// The smallest p that [#givenDepthP] can have: of halves, either may be called the expanding
    /// one. 1 where all blocks are of one kind.
    double smallestP() {
        return expanding() % blocks() == 0 ? 1 : Arrangements.smallestP(traits.kinds());
    }

    /// @param without a block that is left out; -1 for none
    private static double nearBlocks(int[] kinds, double[] damages, int without) {
        return beyond(kinds, damages, 1, without) - beyond(kinds, damages, 0, without);
    }

    /// The mean over blocks of a kind of their damage less that of the others, nearer ones first.
    private static double beyond(int[] kinds, double[] damages, int kind, int without) {
        double sum = 0;
        int count = 0;
        for (int block = 0; block < kinds.length; block++) {
            if (kinds[block] == kind && block != without) {
                sum += damages[block] - nearOthers(kinds, damages, block, without);
                count++;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    /// The mean damage of blocks of the other kind, weighing as one by their distance.
    private static double nearOthers(int[] kinds, double[] damages, int block, int without) {
        double weighted = 0;
        double weights = 0;
        for (int other = 0; other < kinds.length; other++) {
            if (kinds[other] != kinds[block] && other != without) {
                double weight = 1.0 / Math.abs(other - block);
                weighted += weight * damages[other];
                weights += weight;
            }
        }
        return weighted / weights;
    }
}
