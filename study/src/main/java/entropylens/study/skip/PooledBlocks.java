package entropylens.study.skip;

import static entropylens.study.skip.SkipVerdicts.GIVEN_DEPTH;

import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.PermutationTest;
import entropylens.study.statistics.RandomEffects;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.Verdicts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the blocks of several models say together: a model of a dozen blocks finds only strong
/// effects, several find weaker ones. Blocks are compared with blocks of their own model alone.
///
/// @param names of the models
/// @param models their blocks, from block 2 on
record PooledBlocks(List<String> names, List<BlockEvidence> models) {
    private static final String ALL = "all models";
    private static final String PERMUTED = "ΔH exchanged between blocks of a model, given depth";

    /// Empty of fewer than two models whose blocks are enough for an interval.
    static Optional<Verdict> verdict(List<SkipMeasures> measured, long seed) {
        List<String> names = new ArrayList<>();
        List<BlockEvidence> models = new ArrayList<>();
        List<BlockEvidence> twins = new ArrayList<>();
        for (SkipMeasures one : measured) {
            BlockEvidence blocks = one.blocksByLoss().filter(PooledBlocks::counts).orElse(null);
            if (blocks != null) {
                names.add(one.about().name());
                models.add(blocks);
                one.twin().filter(PooledBlocks::counts).ifPresent(twins::add);
            }
        }
        return models.size() < 2
                ? Optional.empty()
                : Optional.of(new PooledBlocks(names, models).beside(twins, seed));
    }

    private static boolean counts(BlockEvidence blocks) {
        return blocks.enough(GIVEN_DEPTH.size())
                && Double.isFinite(blocks.correlation(BlockTrait.CHANGE, GIVEN_DEPTH).estimate());
    }

    private Verdict beside(List<BlockEvidence> twins, long seed) {
        Interval r = correlation(models);
        Evidence evidence =
                Evidence.of(models.stream().mapToInt(BlockEvidence::blocks).sum(), "blocks")
                        .withTest(PERMUTED, pValue(seed))
                        .withNull(0)
                        .withTwin(twins.size() < 2 ? Double.NaN : correlation(twins).estimate())
                        .withSmallest(SmallestEffects.CORRELATION, detectable())
                        .withSeeds(SkipVerdicts.FIFTHS, overFifths());
        return new Verdicts(Skipping.ID, ALL, 0, SkipVerdicts.PAPER)
                .of(
                        SkipVerdicts.CLAIM,
                        Outcome.difference(
                                SmallestEffects.CORRELATION, r.estimate(), r.low(), r.high()),
                        SkipVerdicts.EFFECT + ", mean over models",
                        r,
                        "By model: %s. The mean is that of random effects: the interval is over models."
                                .formatted(byModel()),
                        evidence);
    }

    private String byModel() {
        return IntStream.range(0, models.size())
                .mapToObj(i ->
                        "%s %.2f"
                                .formatted(
                                        names.get(i),
                                        models.get(i)
                                                .correlation(BlockTrait.CHANGE, GIVEN_DEPTH)
                                                .estimate()))
                .collect(Collectors.joining(", "));
    }

    private static Interval correlation(List<BlockEvidence> models) {
        return backFrom(effects(models).interval(Intervals.LEVEL));
    }

    private static RandomEffects effects(List<BlockEvidence> models) {
        return new RandomEffects(
                models.stream()
                        .mapToDouble(one ->
                                BlockEvidence.fisher(
                                        one.correlation(BlockTrait.CHANGE, GIVEN_DEPTH).estimate()))
                        .toArray(),
                models.stream()
                        .mapToDouble(one -> one.variance(BlockTrait.CHANGE, GIVEN_DEPTH))
                        .toArray());
    }

    private static Interval backFrom(Interval z) {
        return new Interval(
                Math.tanh(z.estimate()), Math.tanh(z.low()), Math.tanh(z.high()), z.level());
    }

    /// The smallest mean correlation that would be found in 80 % of runs.
    private double detectable() {
        return Math.tanh(effects(models).interval(Intervals.LEVEL).detectable());
    }

    /// Two-sided, of the weighted mean of Fisher's z.
    private double pValue(long seed) {
        double[] weights = effects(models).weights();
        double[] found = new double[BlockEvidence.PERMUTATIONS];
        double observed = 0;
        for (int i = 0; i < models.size(); i++) {
            BlockEvidence one = models.get(i);
            double weight = weights[i];
            double[] permuted = one.permuted(BlockTrait.CHANGE, GIVEN_DEPTH, seed + i);
            Arrays.setAll(
                    found, draw -> found[draw] + weight * BlockEvidence.fisher(permuted[draw]));
            observed +=
                    weight
                            * BlockEvidence.fisher(
                                    one.correlation(BlockTrait.CHANGE, GIVEN_DEPTH).estimate());
        }
        return PermutationTest.pValue(
                Math.abs(observed), Arrays.stream(found).map(Math::abs).toArray());
    }

    /// The weighted mean by other texts: of each fifth of them.
    private double[] overFifths() {
        double[] weights = effects(models).weights();
        double sum = Arrays.stream(weights).sum();
        int parts =
                models.stream().mapToInt(one -> one.damageOfFifths().length).min().orElseThrow();
        double[] means = new double[parts];
        for (int i = 0; i < models.size(); i++) {
            double[] ofParts = models.get(i).overFifths(BlockTrait.CHANGE, GIVEN_DEPTH);
            for (int part = 0; part < parts; part++) {
                means[part] += weights[i] / sum * BlockEvidence.fisher(ofParts[part]);
            }
        }
        return Arrays.stream(means).map(Math::tanh).toArray();
    }
}
