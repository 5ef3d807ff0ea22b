package entropylens.study.strategies;

import entropylens.data.StoredText;
import entropylens.study.statistics.Bootstrap;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.RankCorrelation;
import entropylens.study.statistics.Resampling;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudySettings;
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
///   or less where a model only does one of them. The two layers are chosen by one half of the
///   texts and measured on the other half, in turn: the largest of several noisy means is too large
/// @param turn relative depth of the layer of largest mean entropy
/// @param correlation Spearman of ΔH with the change of the size of the top-0.6 set, over all
///   tokens and layers
/// @param correlation90 the same with the top-0.9 set
/// @param byLayer the same (0.6) for each layer from the second on
/// @param jaccard of the top-0.6 sets of neighbouring layers, mean by layer from the second on
/// @param containment likewise
/// @param overlap `jaccard`, mean over layers
/// @param fifths figures of five disjoint fifths of the texts, each drawn with seeds of its own
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
        Interval[] containment,
        Interval overlap,
        Fifths fifths) {
    private static final int FIFTHS = 5;

    /// Figures by fifth of the texts; empty where there are too few texts.
    record Fifths(double[] strength, double[] correlation, double[] overlap) {}

    /// Each half of the texts has to choose, and to be measured on.
    static final int MIN_TEXTS = 4;

    /// Correlations are slow to resample; this many draws give their ends to about 0.01.
    private static final int MAX_DRAWS = 300;

    static StrategyMeasures of(List<StoredText> texts, StudySettings settings) {
        TextArrays entropy = TextArrays.of(texts, "entropy");
        TextArrays changes = entropy.changes();
        TextArrays sizes = TextArrays.of(texts, "top_p_size_0_6").changes();
        TextArrays sizes90 = TextArrays.of(texts, "top_p_size_0_9").changes();
        double[][] means = entropy.meansOfTexts();
        double[][] changeMeans = changes.meansOfTexts();
        double[][] jaccard = withoutFirst(texts, "jaccard_0_6");
        return new StrategyMeasures(
                texts.size(),
                Intervals.ofMeans(means, settings),
                Intervals.ofMeans(changeMeans, settings),
                strength(changeMeans, settings),
                interval(texts.size(), settings, chosen -> turn(means, chosen)),
                correlation(changes, sizes, settings),
                correlation(changes, sizes90, settings),
                byLayer(changes, sizes, settings),
                Intervals.ofMeans(jaccard, settings),
                Intervals.ofMeans(withoutFirst(texts, "containment_0_6"), settings),
                interval(texts.size(), settings, chosen -> overlap(jaccard, chosen)),
                new Fifths(
                        // a fifth is halved once more: one half chooses, the other is measured
                        texts.size() < 2 * FIFTHS
                                ? new double[0]
                                : ofFifths(
                                        texts.size(), chosen -> crossFitted(changeMeans, chosen)),
                        ofFifths(
                                texts.size(),
                                chosen -> spearman(changes.all(chosen), sizes.all(chosen))),
                        ofFifths(texts.size(), chosen -> overlap(jaccard, chosen))));
    }

    private static double overlap(double[][] jaccard, int[] chosen) {
        return Arrays.stream(TextArrays.mean(jaccard, chosen)).average().orElseThrow();
    }

    private static Interval interval(
            int texts, StudySettings settings, java.util.function.ToDoubleFunction<int[]> of) {
        return Bootstrap.interval(texts, of, settings.draws(), settings.seed(), Intervals.LEVEL);
    }

    /// Halves are the texts of even and of odd number, in every draw.
    private static Interval strength(double[][] changeMeans, StudySettings settings) {
        int texts = changeMeans.length;
        if (texts < MIN_TEXTS) {
            return interval(texts, settings, chosen -> strength(changeMeans, chosen, chosen));
        }
        int[] halves = IntStream.range(0, texts).map(text -> text % 2).toArray();
        return Bootstrap.interval(
                texts,
                Resampling.withinStrata(halves),
                chosen -> crossFitted(changeMeans, chosen),
                settings.draws(),
                settings.seed(),
                Intervals.LEVEL);
    }

    /// The strength of some texts; halves are those of even and of odd number.
    static double crossFitted(double[][] changeMeans, int[] chosen) {
        int[] even = Arrays.stream(chosen).filter(text -> text % 2 == 0).toArray();
        int[] odd = Arrays.stream(chosen).filter(text -> text % 2 == 1).toArray();
        return (strength(changeMeans, even, odd) + strength(changeMeans, odd, even)) / 2;
    }

    /// @param choosing texts that say which layers expand and prune most
    /// @param measuring texts that say by how much
    private static double strength(double[][] changeMeans, int[] choosing, int[] measuring) {
        double[] chosenBy = TextArrays.mean(changeMeans, choosing);
        double[] mean = TextArrays.mean(changeMeans, measuring);
        return Math.min(mean[indexOfLargest(chosenBy, 1)], -mean[indexOfLargest(chosenBy, -1)]);
    }

    private static int indexOfLargest(double[] values, int sign) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (sign * values[i] > sign * values[best]) {
                best = i;
            }
        }
        return best;
    }

    private static double[] ofFifths(
            int texts, java.util.function.ToDoubleFunction<int[]> statistic) {
        if (texts < FIFTHS) {
            return new double[0];
        }
        return IntStream.range(0, FIFTHS)
                .mapToDouble(fifth ->
                        statistic.applyAsDouble(
                                IntStream.range(0, texts)
                                        .filter(text -> text % FIFTHS == fifth)
                                        .toArray()))
                .toArray();
    }

    private static double turn(double[][] means, int[] chosen) {
        double[] mean = TextArrays.mean(means, chosen);
        return (indexOfLargest(mean, 1) + 1.0) / mean.length;
    }

    private static Interval correlation(TextArrays a, TextArrays b, StudySettings settings) {
        return Bootstrap.interval(
                a.texts(),
                chosen -> spearman(a.all(chosen), b.all(chosen)),
                Math.min(MAX_DRAWS, settings.draws()),
                settings.seed(),
                Intervals.LEVEL);
    }

    private static Interval[] byLayer(TextArrays a, TextArrays b, StudySettings settings) {
        return IntStream.range(0, a.layers())
                .mapToObj(l ->
                        Bootstrap.interval(
                                        a.texts(),
                                        chosen -> spearman(a.layer(l, chosen), b.layer(l, chosen)),
                                        Math.min(MAX_DRAWS, settings.draws()),
                                        settings.seed(),
                                        Intervals.LEVEL)
                                .withoutDraws())
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
}
