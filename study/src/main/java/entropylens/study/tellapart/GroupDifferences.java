package entropylens.study.tellapart;

import entropylens.study.classify.Cases;
import entropylens.study.classify.Classification;
import entropylens.study.classify.FeatureTests;
import entropylens.study.classify.GroupMeans;
import entropylens.study.classify.LargestDifference;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudySettings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// How the mean profiles of a user's labels differ, for one model. A group counts once in its
/// label, however many prompts it has.
///
/// @param tests one for each layer
/// @param largest difference of two labels in one layer
/// @param twin the same of the untrained twin
/// @param overSeeds the largest difference with halves of other seeds
/// @param means mean entropy `[label][layer]`, nats
/// @param fromOthers mean entropy of each label less the mean of the other labels',
///   `[label][layer]`
/// @param expansion mean over layers of ΔH where it is above 0, by label, nats a layer
/// @param pruning mean over layers of −ΔH where it is below 0, by label, nats a layer
record GroupDifferences(
        FeatureTests tests,
        LargestDifference largest,
        Optional<LargestDifference> twin,
        double[] overSeeds,
        double[][] means,
        Interval[][] fromOthers,
        Interval[] expansion,
        Interval[] pruning) {
    private static final int SEEDS = 5;

    /// @param profiles of the texts, `[text][layer]`
    /// @param twin profiles of the untrained twin's
    static GroupDifferences of(
            Cases cases, double[][] profiles, Optional<double[][]> twin, StudySettings settings) {
        GroupMeans means = GroupMeans.of(cases, profiles);
        return new GroupDifferences(
                FeatureTests.of(cases, profiles, settings.draws(), settings.seed()),
                largest(means, settings),
                twin.map(its -> largest(GroupMeans.of(cases, its), settings)),
                LongStream.range(settings.seed(), settings.seed() + SEEDS)
                        .mapToDouble(seed ->
                                LargestDifference.estimate(means.cases(), means.features(), seed))
                        .toArray(),
                IntStream.range(0, cases.classes().size())
                        .mapToObj(label -> Intervals.estimates(meansOf(means, label, settings)))
                        .toArray(double[][]::new),
                fromOthers(means, settings),
                moves(cases, profiles, settings, 1),
                moves(cases, profiles, settings, -1));
    }

    private static LargestDifference largest(GroupMeans means, StudySettings settings) {
        return LargestDifference.of(
                means.cases(),
                means.features(),
                settings.draws(),
                Intervals.LEVEL,
                settings.seed());
    }

    /// The means of a label's groups, with their intervals over groups.
    private static Interval[] meansOf(GroupMeans means, int label, StudySettings settings) {
        return Intervals.ofMeans(
                IntStream.range(0, means.features().length)
                        .filter(row -> means.cases().labels()[row] == label)
                        .mapToObj(row -> means.features()[row])
                        .toArray(double[][]::new),
                settings);
    }

    private static Interval[][] fromOthers(GroupMeans means, StudySettings settings) {
        Classification classification =
                new Classification(
                        means.cases(), settings.draws(), Intervals.LEVEL, settings.seed());
        int labels = means.cases().classes().size();
        int layers = means.features()[0].length;
        return IntStream.range(0, labels)
                .mapToObj(label ->
                        IntStream.range(0, layers)
                                .mapToObj(layer ->
                                        classification.interval(weights ->
                                                fromOthers(means, label, layer, weights)))
                                .toArray(Interval[]::new))
                .toArray(Interval[][]::new);
    }

    /// NaN where a label is not drawn.
    private static double fromOthers(GroupMeans means, int label, int layer, int[] weights) {
        int labels = means.cases().classes().size();
        double[] sums = new double[labels];
        double[] counts = new double[labels];
        for (int row = 0; row < weights.length; row++) {
            int its = means.cases().labels()[row];
            sums[its] += weights[row] * means.features()[row][layer];
            counts[its] += weights[row];
        }
        double others = 0;
        for (int other = 0; other < labels; other++) {
            others += other == label ? 0 : sums[other] / counts[other] / (labels - 1);
        }
        return sums[label] / counts[label] - others;
    }

    /// @param sign 1 for expansion, −1 for pruning
    private static Interval[] moves(
            Cases cases, double[][] profiles, StudySettings settings, int sign) {
        double[][] moves =
                Arrays.stream(profiles)
                        .map(profile -> new double[] {move(profile, sign)})
                        .toArray(double[][]::new);
        GroupMeans means = GroupMeans.of(cases, moves);
        return IntStream.range(0, cases.classes().size())
                .mapToObj(label -> meansOf(means, label, settings)[0])
                .toArray(Interval[]::new);
    }

    /// Mean over the layers from the second on of sign · ΔH, where that is above 0.
    static double move(double[] profile, int sign) {
        double sum = 0;
        for (int l = 1; l < profile.length; l++) {
            sum += Math.max(0, sign * (profile[l] - profile[l - 1]));
        }
        return profile.length < 2 ? 0 : sum / (profile.length - 1);
    }

    /// The layers in which labels differ, from 1, after correction.
    List<Integer> layers(double level) {
        return Arrays.stream(tests.below(level)).mapToObj(layer -> layer + 1).toList();
    }
}
