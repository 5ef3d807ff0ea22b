package entropylens.study.lenses;

import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Bootstrap;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.RankCorrelation;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.TextArrays;
import entropylens.study.workbench.Verdicts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// What another lens makes of ΔH: does it keep its sign, layer by layer, and do blocks keep their
/// order by it?
///
/// @param changes of a study and model
/// @param label the other lens
record LensVerdicts(LayerChanges changes, String label) {
    static final String SIGNS = "(i) ΔH has the sign that the logit lens gives it, layer by layer";
    static final String ORDER = "(iv) blocks are in the order by ΔH that the logit lens gives them";

    private static final String NONE = "no other lens";
    private static final String TEXTS = "texts";

    /// A few blocks have few correlations, of which 0.8 is one: it is no more than 0.8.
    private static final double ROUNDING = 1e-9;

    /// Two blocks are always in one order or the other.
    private static final int MIN_BLOCKS = 3;

    List<Verdict> all() {
        return changes.about().blocks() > MIN_BLOCKS ? List.of(signs(), order()) : List.of(signs());
    }

    private Verdict signs() {
        Interval[][] both = changes.intervalsBeside(label);
        List<Integer> kept = new ArrayList<>();
        List<Integer> turned = new ArrayList<>();
        for (int l = 0; l < both[0].length; l++) {
            int product = sign(both[0][l]) * sign(both[1][l]);
            if (product > 0) {
                kept.add(l + 2);
            } else if (product < 0) {
                turned.add(l + 2);
            }
        }
        Outcome outcome =
                !turned.isEmpty()
                        ? Outcome.NOT_SUPPORTED
                        : kept.size() == both[0].length ? Outcome.SUPPORTED : Outcome.UNDECIDED;
        return verdicts(1)
                .of(
                        SIGNS,
                        outcome,
                        "share of layers whose mean ΔH has one sign in both",
                        interval(this::agreement),
                        "Of %d layers, %d keep a sign that is certain in both%s%s; intervals hold for all layers of both lenses at once."
                                .formatted(
                                        both[0].length,
                                        kept.size(),
                                        shown(", and %s turn round: ", turned),
                                        kept.size() + turned.size() == both[0].length
                                                ? ""
                                                : ", and the rest have no certain sign in one of them"),
                        Evidence.of(changes.logit().length, TEXTS));
    }

    private static String shown(String how, List<Integer> layers) {
        return layers.isEmpty()
                ? ""
                : how.formatted(layers.size())
                        + String.join(", ", layers.stream().map(l -> "layer " + l).toList());
    }

    private static int sign(Interval interval) {
        return interval.low() > 0 ? 1 : interval.high() < 0 ? -1 : 0;
    }

    private double agreement(int[] chosen) {
        double[] logit = TextArrays.mean(changes.logit(), chosen);
        double[] other = TextArrays.mean(changes.of(label), chosen);
        return IntStream.range(0, logit.length)
                        .filter(l -> (logit[l] > 0) == (other[l] > 0))
                        .count()
                / (double) logit.length;
    }

    private Verdict order() {
        double strong = SmallestEffects.STRONG_CORRELATION;
        Interval correlation = interval(this::correlation);
        Outcome outcome =
                correlation.low() > strong + ROUNDING
                        ? Outcome.SUPPORTED
                        : correlation.high() < strong - ROUNDING
                                ? Outcome.NOT_SUPPORTED
                                : Outcome.UNDECIDED;
        return verdicts(strong)
                .of(
                        ORDER,
                        outcome,
                        "Spearman of the blocks' mean ΔH through both lenses, blocks 2 to L",
                        correlation,
                        "Of the k blocks that expand most, for k from 1 to half of them, %.0f %% are the same through both lenses; of those that prune most, %.0f %%. These would have been skipped."
                                .formatted(100 * common(1), 100 * common(-1)),
                        Evidence.of(changes.logit().length, TEXTS));
    }

    private double correlation(int[] chosen) {
        return RankCorrelation.spearman(
                        TextArrays.mean(changes.logit(), chosen),
                        TextArrays.mean(changes.of(label), chosen))
                .orElse(0);
    }

    /// The share of the k first blocks that both lenses name, all k from 1 to half of the blocks
    /// taken together.
    ///
    /// @param sign 1 for those that expand most, -1 for those that prune most
    double common(int sign) {
        int[] every = IntStream.range(0, changes.logit().length).toArray();
        List<Integer> logit = ordered(TextArrays.mean(changes.logit(), every), sign);
        List<Integer> other = ordered(TextArrays.mean(changes.of(label), every), sign);
        int same = 0;
        int all = 0;
        for (int k = 1; k <= Math.max(1, logit.size() / 2); k++) {
            List<Integer> first = new ArrayList<>(logit.subList(0, k));
            first.retainAll(other.subList(0, k));
            same += first.size();
            all += k;
        }
        return same / (double) all;
    }

    private static List<Integer> ordered(double[] values, int sign) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(l -> -sign * values[l]))
                .toList();
    }

    private Interval interval(ToDoubleFunction<int[]> statistic) {
        return Bootstrap.interval(
                changes.logit().length,
                statistic,
                changes.settings().draws(),
                changes.settings().seed(),
                Intervals.LEVEL);
    }

    private Verdicts verdicts(double threshold) {
        return new Verdicts(changes.study(), changes.about().name(), threshold, NONE);
    }
}
