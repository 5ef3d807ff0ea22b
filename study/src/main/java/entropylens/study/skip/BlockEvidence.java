package entropylens.study.skip;

import entropylens.study.statistics.Interval;
import entropylens.study.statistics.PartialRank;
import entropylens.study.workbench.Intervals;
import java.util.Arrays;
import java.util.List;

/// What single blocks say: each is skipped by itself, and what that costs is held against what is
/// known of it. Blocks are the units.
///
/// @param traits of the blocks
/// @param damage what it costs to skip each, larger where it is worse
/// @param damageOfTexts the same of several samples of the texts or questions, `[sample][block]`
/// @param damageOfFifths the same of five parts of the texts or questions that share none,
///   `[part][block]`
record BlockEvidence(
        BlockTraits traits, double[] damage, double[][] damageOfTexts, double[][] damageOfFifths) {
    static final int PERMUTATIONS = 20_000;

    private static final double Z = Interval.halfWidthErrors(Intervals.LEVEL);
    private static final double FOUND = Interval.detectableErrors(Intervals.LEVEL);

    /// Fisher's z of a rank correlation, k others held fixed, has a spread of 1 / √(n − 3 − k).
    private static final int FIXED = 3;

    int blocks() {
        return traits.blocks();
    }

    /// How blocks that expand differ from the others.
    BlockContrast contrast() {
        return new BlockContrast(traits, damage, damageOfTexts, damageOfFifths);
    }

    /// Spearman of a trait with the damage, others held fixed. The interval is over blocks
    /// (Fisher's z) and texts together; from −1 to 1 where there are too few blocks for any.
    Interval correlation(BlockTrait trait, List<BlockTrait> given) {
        double r = estimate(trait, given, damage);
        if (!enough(given.size()) || Double.isNaN(r)) {
            return new Interval(r, -1, 1, Intervals.LEVEL);
        }
        double half = Z * Math.sqrt(variance(trait, given));
        double z = fisher(r);
        return new Interval(r, Math.tanh(z - half), Math.tanh(z + half), Intervals.LEVEL);
    }

    /// Of Fisher's z: over blocks, and over texts.
    double variance(BlockTrait trait, List<BlockTrait> given) {
        double[] ofTexts =
                Arrays.stream(damageOfTexts)
                        .mapToDouble(damages -> fisher(estimate(trait, given, damages)))
                        .toArray();
        return 1.0 / (blocks() - FIXED - given.size()) + Spread.variance(ofTexts);
    }

    /// The correlation by other texts or questions: of each fifth of them.
    double[] overFifths(BlockTrait trait, List<BlockTrait> given) {
        return Arrays.stream(damageOfFifths)
                .mapToDouble(damages -> estimate(trait, given, damages))
                .toArray();
    }

    private double estimate(BlockTrait trait, List<BlockTrait> given, double[] damages) {
        return partial(given).correlation(traits.of(trait), damages);
    }

    /// Two-sided p of [#correlation], by exchange of what is left of the trait between blocks.
    double pValue(BlockTrait trait, List<BlockTrait> given, long seed) {
        return partial(given).pValue(traits.of(trait), damage, PERMUTATIONS, seed);
    }

    /// [#correlation] where there is nothing to find.
    double[] permuted(BlockTrait trait, List<BlockTrait> given, long seed) {
        return partial(given).permuted(traits.of(trait), damage, PERMUTATIONS, seed);
    }

    private PartialRank partial(List<BlockTrait> given) {
        return PartialRank.given(blocks(), given.stream().map(traits::of).toArray(double[][]::new));
    }

    /// Whether there are blocks enough for an interval, so many traits held fixed.
    boolean enough(int given) {
        return blocks() > FIXED + given;
    }

    static double fisher(double r) {
        double bounded = Math.max(-0.999, Math.min(0.999, r));
        return Math.log((1 + bounded) / (1 - bounded)) / 2;
    }

    /// The smallest partial correlation that so few blocks would show in 80 % of runs.
    double detectable(int given) {
        return enough(given) ? Math.tanh(FOUND / Math.sqrt(blocks() - FIXED - given)) : 1;
    }

    /// How many blocks a model needs, its first included, for a partial correlation of that size to
    /// be found in 80 % of runs.
    static int blocksNeeded(double correlation, int given) {
        return 1 + FIXED + given + (int) Math.ceil(Math.pow(FOUND / fisher(correlation), 2));
    }
}
