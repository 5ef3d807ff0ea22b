package entropylens.study.skip;

import entropylens.study.statistics.AdjustedDifference;
import entropylens.study.statistics.Arrangements;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Jackknife;
import entropylens.study.statistics.PartialRank;
import entropylens.study.statistics.RankCorrelation;
import entropylens.study.workbench.Intervals;
import java.util.Arrays;
import java.util.stream.IntStream;

/// What single blocks say: each is skipped by itself, and what that costs is held against its ΔH.
/// Blocks are the units. Block 1 has no ΔH and is not among them.
///
/// @param change mean ΔH of the blocks 2 … L, nats
/// @param damage what it costs to skip each, larger where it is worse
/// @param damageOfTexts the same of several samples of the texts or questions, `[sample][block]`
record BlockEvidence(double[] change, double[] damage, double[][] damageOfTexts) {
    private static final int PERMUTATIONS = 20_000;

    private static final double Z = Interval.halfWidthErrors(Intervals.LEVEL);
    private static final double FOUND = Interval.detectableErrors(Intervals.LEVEL);

    /// Quantities that a partial correlation of ranks is computed from; Fisher's z has a spread of
    /// 1 / √(n − 4).
    private static final int FIXED = 4;

    int blocks() {
        return change.length;
    }

    /// Spearman of ΔH with the damage.
    double correlation() {
        return RankCorrelation.spearman(change, damage).orElse(Double.NaN);
    }

    /// The same for |ΔH|.
    double correlationOfSize() {
        double[] sizes = Arrays.stream(change).map(Math::abs).toArray();
        return RankCorrelation.spearman(sizes, damage).orElse(Double.NaN);
    }

    /// Spearman of depth with the damage.
    double correlationOfDepth() {
        return RankCorrelation.spearman(depths(), damage).orElse(Double.NaN);
    }

    private double[] depths() {
        return IntStream.range(0, blocks()).asDoubleStream().toArray();
    }

    /// Spearman of ΔH with the damage, given depth; interval over blocks (Fisher's z) and texts
    /// together.
    Interval partial() {
        double r = PartialRank.correlation(change, damage, depths());
        if (blocks() <= FIXED || Double.isNaN(r)) {
            return new Interval(r, -1, 1, Intervals.LEVEL);
        }
        double z = fisher(r);
        double variance = 1.0 / (blocks() - FIXED) + varianceOverTexts(this::fisherOf);
        double half = Z * Math.sqrt(variance);
        return new Interval(r, Math.tanh(z - half), Math.tanh(z + half), Intervals.LEVEL);
    }

    private double fisherOf(double[] damages) {
        return fisher(PartialRank.correlation(change, damages, depths()));
    }

    private static double fisher(double r) {
        double bounded = Math.max(-0.999, Math.min(0.999, r));
        return Math.log((1 + bounded) / (1 - bounded)) / 2;
    }

    private double varianceOverTexts(java.util.function.ToDoubleFunction<double[]> statistic) {
        double[] values =
                Arrays.stream(damageOfTexts)
                        .mapToDouble(statistic)
                        .filter(Double::isFinite)
                        .toArray();
        double mean = Arrays.stream(values).average().orElse(0);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return values.length < 2 ? 0 : squares / (values.length - 1);
    }

    double partialP(long seed) {
        return PartialRank.pValue(change, damage, depths(), PERMUTATIONS, seed);
    }

    /// The smallest partial correlation that so few blocks would show in 80 % of runs.
    double detectable() {
        return blocks() <= FIXED ? 1 : Math.tanh(FOUND / Math.sqrt(blocks() - FIXED));
    }

    /// How many blocks it takes to find a partial correlation of that size in 80 % of runs.
    static int blocksNeeded(double correlation) {
        double z = fisher(correlation);
        return 1 + FIXED + (int) Math.ceil(Math.pow(FOUND / z, 2));
    }

    /// What an expanding block costs beyond blocks as deep that do not expand, less what a pruning
    /// block costs beyond blocks as deep that do not prune. A block's controls are all blocks of
    /// the other kind, weighing as one by their distance. The interval is over blocks, each left
    /// out in turn, and over texts.
    Interval contrast() {
        double estimate = contrast(kinds(), damage);
        Interval overBlocks =
                Jackknife.interval(
                        estimate,
                        blocks(),
                        block -> {
                            double without = contrast(kinds(), damage, block);
                            return Double.isNaN(without) ? estimate : without;
                        },
                        Intervals.LEVEL);
        double texts = Z * Math.sqrt(varianceOverTexts(damages -> contrast(kinds(), damages)));
        return new Interval(
                estimate,
                estimate - Math.hypot(estimate - overBlocks.low(), texts),
                estimate + Math.hypot(overBlocks.high() - estimate, texts),
                Intervals.LEVEL);
    }

    /// What an expanding block costs beyond one that does not, given depth. [#contrast()] does not
    /// hold depth fixed where one kind stands before the other, so this one decides. The interval
    /// is over blocks (least squares), with the variance over texts added.
    Interval givenDepth() {
        Interval overBlocks = adjusted(damage).interval(kinds(), Intervals.LEVEL);
        double texts =
                Z
                        * Math.sqrt(
                                varianceOverTexts(damages ->
                                        adjusted(damages)
                                                .interval(kinds(), Intervals.LEVEL)
                                                .estimate()));
        double half = Math.hypot(overBlocks.high() - overBlocks.estimate(), texts);
        return new Interval(
                overBlocks.estimate(),
                overBlocks.estimate() - half,
                overBlocks.estimate() + half,
                Intervals.LEVEL);
    }

    /// Two-sided p: which blocks expand changes places, their number stays.
    double givenDepthP(long seed) {
        return adjusted(damage).pValue(kinds(), PERMUTATIONS, seed);
    }

    private AdjustedDifference adjusted(double[] damages) {
        return new AdjustedDifference(depths(), damages);
    }

    /// The smallest p that [#givenDepthP] can have: of halves, either may be called the expanding
    /// one. 1 where all blocks are of one kind.
    double smallestP() {
        return expanding() % blocks() == 0 ? 1 : Arrangements.smallestP(kinds());
    }

    /// 1 for blocks that expand, 0 for others.
    private int[] kinds() {
        return Arrays.stream(change).mapToInt(value -> value > 0 ? 1 : 0).toArray();
    }

    int expanding() {
        return Arrays.stream(kinds()).sum();
    }

    private double contrast(int[] kinds, double[] damages) {
        return contrast(kinds, damages, -1);
    }

    /// @param without a block that is left out; -1 for none
    private double contrast(int[] kinds, double[] damages, int without) {
        return beyond(kinds, damages, 1, without) - beyond(kinds, damages, 0, without);
    }

    /// The mean over blocks of a kind of their damage less that of the others, nearer ones first.
    private double beyond(int[] kinds, double[] damages, int kind, int without) {
        double sum = 0;
        int count = 0;
        for (int block = 0; block < kinds.length; block++) {
            if (kinds[block] == kind && block != without) {
                double weighted = 0;
                double weights = 0;
                for (int other = 0; other < kinds.length; other++) {
                    if (kinds[other] != kind && other != without) {
                        double weight = 1.0 / Math.abs(other - block);
                        weighted += weight * damages[other];
                        weights += weight;
                    }
                }
                sum += damages[block] - weighted / weights;
                count++;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }
}
