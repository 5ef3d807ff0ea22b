package entropylens.study.strategies;

import entropylens.data.StoredText;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Bootstrap;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.RankCorrelation;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TextArrays;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What the texts of one model say of expansion and pruning. All intervals are over texts.
///
/// @param texts how many
/// @param entropy mean by layer, nats
/// @param change mean ΔH by layer, from the second on, nats
/// @param strength the smaller of the largest mean expansion and the largest mean pruning, nats: 0
///   or less where a model only does one of them
/// @param turn relative depth of the layer of largest mean entropy
/// @param correlation Spearman of ΔH with the change of the size of the top-0.6 set, over all
///   tokens and layers
/// @param correlation90 the same with the top-0.9 set
/// @param byLayer the same (0.6) for each layer from the second on
/// @param jaccard of the top-0.6 sets of neighbouring layers, mean by layer from the second on
/// @param containment likewise
record StrategyMeasures(
        int texts,
        Interval[] entropy,
        Interval[] change,
        Interval strength,
        Interval turn,
        Interval correlation,
        Interval correlation90,
        Interval[] byLayer,
        Interval[] jaccard,
        Interval[] containment) {
    /// What "goes with" means: a strong correlation in the usual reading (Cohen 1988).
    static final double STRONG = 0.5;

    /// Correlations are slow to resample; this many draws give their ends to about 0.01.
    private static final int MOST_DRAWS = 300;

    static StrategyMeasures of(List<StoredText> texts, StudySettings settings) {
        TextArrays entropy = TextArrays.of(texts, "entropy");
        TextArrays changes = entropy.changes();
        TextArrays sizes = TextArrays.of(texts, "top_p_size_0_6").changes();
        TextArrays sizes90 = TextArrays.of(texts, "top_p_size_0_9").changes();
        double[][] means = entropy.meansOfTexts();
        double[][] changeMeans = changes.meansOfTexts();
        return new StrategyMeasures(
                texts.size(),
                Intervals.ofMeans(means, settings),
                Intervals.ofMeans(changeMeans, settings),
                interval(texts.size(), settings, chosen -> strength(changeMeans, chosen)),
                interval(texts.size(), settings, chosen -> turn(means, chosen)),
                correlation(changes, sizes, settings),
                correlation(changes, sizes90, settings),
                byLayer(changes, sizes, settings),
                Intervals.ofMeans(withoutFirst(texts, "jaccard_0_6"), settings),
                Intervals.ofMeans(withoutFirst(texts, "containment_0_6"), settings));
    }

    private static Interval interval(
            int texts, StudySettings settings, java.util.function.ToDoubleFunction<int[]> of) {
        return Bootstrap.interval(texts, of, settings.draws(), settings.seed(), Intervals.LEVEL);
    }

    private static double strength(double[][] changeMeans, int[] chosen) {
        double[] mean = TextArrays.mean(changeMeans, chosen);
        double most = Arrays.stream(mean).max().orElseThrow();
        double least = Arrays.stream(mean).min().orElseThrow();
        return Math.min(most, -least);
    }

    private static double turn(double[][] means, int[] chosen) {
        double[] mean = TextArrays.mean(means, chosen);
        int top = 0;
        for (int l = 1; l < mean.length; l++) {
            if (mean[l] > mean[top]) {
                top = l;
            }
        }
        return (top + 1.0) / mean.length;
    }

    private static Interval correlation(TextArrays a, TextArrays b, StudySettings settings) {
        return Bootstrap.interval(
                a.texts(),
                chosen -> spearman(a.all(chosen), b.all(chosen)),
                Math.min(MOST_DRAWS, settings.draws()),
                settings.seed(),
                Intervals.LEVEL);
    }

    private static Interval[] byLayer(TextArrays a, TextArrays b, StudySettings settings) {
        return IntStream.range(0, a.layers())
                .mapToObj(l ->
                        Bootstrap.interval(
                                a.texts(),
                                chosen -> spearman(a.layer(l, chosen), b.layer(l, chosen)),
                                Math.min(MOST_DRAWS, settings.draws()),
                                settings.seed(),
                                Intervals.LEVEL))
                .toArray(Interval[]::new);
    }

    /// Sets that never change say nothing: no correlation.
    private static double spearman(double[] a, double[] b) {
        return RankCorrelation.spearman(a, b).orElse(0);
    }

    private static double[][] withoutFirst(List<StoredText> texts, String statistic) {
        return Arrays.stream(TextArrays.of(texts, statistic).meansOfTexts())
                .map(row -> Arrays.copyOfRange(row, 1, row.length))
                .toArray(double[][]::new);
    }

    List<Verdict> verdicts(Subject.About subject) {
        return List.of(both(subject), goesWithCandidates(subject));
    }

    /// One text has no spread over texts, and decides nothing.
    private Outcome above(double threshold, Interval interval) {
        return texts < 2
                ? Outcome.UNDECIDED
                : Verdict.above(threshold, interval.low(), interval.high());
    }

    private Verdict both(Subject.About subject) {
        return new Verdict(
                Strategies.ID,
                "(i) blocks expand and prune",
                subject.name(),
                above(0, strength),
                "the weaker of the strongest expansion and the strongest pruning, mean ΔH in nats",
                strength.estimate(),
                strength.low(),
                strength.high(),
                Intervals.LEVEL,
                0,
                "both occur in every model shown (arXiv 2502.16570, figure of the families)",
                "Entropy rises by up to %.2f nats and falls by up to %.2f from one layer to the next; it is largest at depth %.2f."
                        .formatted(
                                Math.max(
                                        0,
                                        Arrays.stream(Intervals.estimates(change))
                                                .max()
                                                .orElseThrow()),
                                Math.max(
                                        0,
                                        -Arrays.stream(Intervals.estimates(change))
                                                .min()
                                                .orElseThrow()),
                                turn.estimate()));
    }

    private Verdict goesWithCandidates(Subject.About subject) {
        return new Verdict(
                Strategies.ID,
                "(i) entropy goes with the number of candidates",
                subject.name(),
                above(STRONG, correlation),
                "Spearman of ΔH with the change of the top-0.6 set's size",
                correlation.estimate(),
                correlation.low(),
                correlation.high(),
                Intervals.LEVEL,
                STRONG,
                "0.74 to 0.88 over four models (as summarised of arXiv 2502.16570 v3; not verified)",
                "Where the entropy rises, the smallest set of tokens that holds 60 %% of the probability grows: correlation %.2f over tokens and layers."
                        .formatted(correlation.estimate()));
    }
}
