package entropylens.study.skip;

import entropylens.study.statistics.Interval;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// One quantity under every choice of blocks to skip: right answers by question, or nats by text.
/// All figures are sums over questions or texts, divided by their weights (questions, or tokens).
final class SkipEffects {
    private final SkipPlan plan;
    private final Map<String, double[]> values;
    private final double[] weights;
    private final Resamples resamples;

    private SkipEffects(
            SkipPlan plan, Map<String, double[]> values, double[] weights, Resamples resamples) {
        this.plan = plan;
        this.values = values;
        this.weights = weights;
        this.resamples = resamples;
    }

    /// @param rows of the results
    /// @param name of the choice that a row is of
    /// @param index of the row's question or text
    /// @param value of the row
    static <R> SkipEffects of(
            SkipPlan plan,
            List<R> rows,
            java.util.function.Function<R, String> name,
            ToIntFunction<R> index,
            ToDoubleFunction<R> value,
            double[] weights,
            Resamples resamples) {
        Map<String, double[]> values = new HashMap<>();
        for (R row : rows) {
            values.computeIfAbsent(
                                    name.apply(row),
                                    _ -> {
                                        double[] missing = new double[weights.length];
                                        Arrays.fill(missing, Double.NaN);
                                        return missing;
                                    })[index.applyAsInt(row)] =
                    value.applyAsDouble(row);
        }
        return new SkipEffects(plan, values, weights, resamples);
    }

    /// The values of one choice.
    double[] values(Skip skip) {
        double[] found = values.get(skip.name());
        if (found == null) {
            throw new IllegalStateException("nothing was measured for " + skip.name());
        }
        return found;
    }

    /// How much larger the figure is than in the intact model, for several choices.
    double[] rises(List<Skip> skips) {
        return resamples.whole(chosen -> rises(skips, chosen));
    }

    /// The same for some of the samples of questions or texts: `[sample][choice]`.
    double[][] risesOfSamples(List<Skip> skips, int samples) {
        return resamples.some(samples, chosen -> rises(skips, chosen));
    }

    /// The same for parts of the questions or texts that share none: `[part][choice]`.
    double[][] risesOfParts(List<Skip> skips, int parts) {
        return IntStream.range(0, parts)
                .mapToObj(part ->
                        IntStream.range(0, weights.length)
                                .filter(row -> row % parts == part)
                                .toArray())
                .filter(chosen -> chosen.length > 0)
                .map(chosen -> rises(skips, chosen))
                .toArray(double[][]::new);
    }

    private double[] rises(List<Skip> skips, int[] chosen) {
        double intact = Resamples.ratio(values(Skip.NONE), weights, chosen);
        return skips.stream()
                .mapToDouble(skip -> Resamples.ratio(values(skip), weights, chosen) - intact)
                .toArray();
    }

    boolean has(SkipCondition condition, SkipPart part, int k) {
        return !plan.of(condition, part, k).isEmpty();
    }

    /// The mean over the draws of a kind of choice.
    private double[] mean(SkipCondition condition, SkipPart part, int k) {
        List<Skip> draws = plan.of(condition, part, k);
        double[] mean = new double[weights.length];
        for (Skip draw : draws) {
            add(mean, values(draw), 1.0 / draws.size());
        }
        return mean;
    }

    private static void add(double[] to, double[] from, double factor) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * from[i];
        }
    }

    /// How many questions or texts there are.
    int rows() {
        return weights.length;
    }

    Interval intact() {
        return of(Skip.NONE);
    }

    Interval of(Skip skip) {
        return resamples.ratio(values(skip), weights);
    }

    Interval of(SkipCondition condition, SkipPart part, int k) {
        return resamples.ratio(mean(condition, part, k), weights);
    }

    /// One kind of choice less another, averaged over numbers of blocks.
    Interval difference(SkipCondition more, SkipCondition less, SkipPart part, List<Integer> ks) {
        double[] difference = new double[weights.length];
        for (int k : ks) {
            add(difference, mean(more, part, k), 1.0 / ks.size());
            add(difference, mean(less, part, k), -1.0 / ks.size());
        }
        return resamples.ratio(difference, weights);
    }

    /// A kind of choice, averaged over numbers of blocks.
    Interval average(SkipCondition condition, SkipPart part, List<Integer> ks) {
        double[] average = new double[weights.length];
        ks.forEach(k -> add(average, mean(condition, part, k), 1.0 / ks.size()));
        return resamples.ratio(average, weights);
    }
}
