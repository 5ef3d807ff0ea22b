package entropylens.study.skip;

import entropylens.study.questions.MultipleChoice;
import entropylens.study.report.Chart;
import entropylens.study.report.Chart.Series;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// The charts of skipped blocks.
record SkipCharts(List<SkipMeasures> models) {
    private static final List<SkipCondition> CONDITIONS =
            List.of(
                    SkipCondition.EXPANSION,
                    SkipCondition.PRUNING,
                    SkipCondition.RANDOM,
                    SkipCondition.NEAR_EXPANSION,
                    SkipCondition.NEAR_PRUNING);

    List<Chart> all() {
        List<Chart> charts = new ArrayList<>();
        for (SkipMeasures model : models) {
            charts.add(accuracy(model));
            charts.add(loss(model));
        }
        charts.add(accuracyDifference());
        charts.add(lossDifference());
        if (models.stream().anyMatch(model -> model.design().parts().size() > 1)) {
            charts.add(parts());
        }
        if (models.stream().anyMatch(model -> model.design().controls())) {
            charts.add(singles());
            charts.add(turns());
        }
        return charts;
    }

    private static Chart accuracy(SkipMeasures model) {
        List<Series> series = byCondition(model, SkipMeasures::accuracy);
        double[] ends = {0, model.design().ks().getLast()};
        double[] chance = {MultipleChoice.CHANCE, MultipleChoice.CHANCE};
        series.add(Series.of("guessing", "guessing", ends, chance).asControl());
        return chart(
                "skip-accuracy-" + slug(model),
                "Accuracy of %s without k blocks".formatted(model.about().name()),
                "Share of the questions answered right by the letters' logits, with its 95 % interval over questions; whole blocks. k = 0 is the intact model. Dashed: random choices, the mean over draws.",
                Chart.Kind.LINE,
                "blocks skipped, k",
                "accuracy",
                series);
    }

    private static Chart loss(SkipMeasures model) {
        return chart(
                "skip-loss-" + slug(model),
                "Loss of %s on plain text without k blocks".formatted(model.about().name()),
                "Mean of −ln p of the next token, with its 95 % interval over texts; whole blocks.",
                Chart.Kind.LINE,
                "blocks skipped, k",
                "loss, nats a token",
                byCondition(model, SkipMeasures::loss));
    }

    private static List<Series> byCondition(
            SkipMeasures model, Function<SkipMeasures, SkipEffects> quantity) {
        SkipEffects effects = quantity.apply(model);
        List<Series> series = new ArrayList<>();
        for (SkipCondition condition : CONDITIONS) {
            List<Integer> ks = model.ks(condition, SkipPart.BLOCK);
            if (!ks.isEmpty()) {
                List<Interval> values = new ArrayList<>(List.of(effects.intact()));
                ks.forEach(k -> values.add(effects.of(condition, SkipPart.BLOCK, k)));
                double[] x =
                        IntStream.concat(IntStream.of(0), ks.stream().mapToInt(k -> k))
                                .mapToDouble(k -> k)
                                .toArray();
                Series line = series(condition.label(), condition.word(), x, values);
                series.add(condition.random() ? line.asControl() : line);
            }
        }
        return series;
    }

    private Chart accuracyDifference() {
        return chart(
                "skip-accuracy-difference",
                "Accuracy: pruning blocks skipped less expansion blocks skipped",
                "Above zero, expansion blocks matter more. With its 95 % interval over questions, paired by question; whole blocks.",
                Chart.Kind.LINE,
                "share of blocks skipped, k / L",
                "difference of accuracies",
                differences(
                        SkipMeasures::accuracy, SkipCondition.PRUNING, SkipCondition.EXPANSION));
    }

    private Chart lossDifference() {
        return chart(
                "skip-loss-difference",
                "Loss: expansion blocks skipped less pruning blocks skipped",
                "Above zero, expansion blocks matter more. With its 95 % interval over texts, paired by text; whole blocks.",
                Chart.Kind.LINE,
                "share of blocks skipped, k / L",
                "difference of losses, nats a token",
                differences(SkipMeasures::loss, SkipCondition.EXPANSION, SkipCondition.PRUNING));
    }

    private List<Series> differences(
            Function<SkipMeasures, SkipEffects> quantity, SkipCondition more, SkipCondition less) {
        return models.stream()
                .map(model -> {
                    List<Integer> ks = model.design().ks();
                    double[] x =
                            ks.stream()
                                    .mapToDouble(k -> k / (double) model.about().blocks())
                                    .toArray();
                    IntFunction<Interval> at =
                            k ->
                                    quantity.apply(model)
                                            .difference(more, less, SkipPart.BLOCK, List.of(k));
                    return series(
                            model.about().name(),
                            model.about().family(),
                            x,
                            ks.stream().map(at::apply).toList());
                })
                .toList();
    }

    private Chart parts() {
        List<SkipPart> parts = List.of(SkipPart.values());
        List<Series> series = new ArrayList<>();
        for (SkipMeasures model : models) {
            List<Interval> values =
                    parts.stream()
                            .map(part ->
                                    model.loss()
                                            .difference(
                                                    SkipCondition.EXPANSION,
                                                    SkipCondition.PRUNING,
                                                    part,
                                                    model.design().ks()))
                            .toList();
            series.add(
                    Intervals.bars(
                            model.about().name(),
                            model.about().family(),
                            values.toArray(Interval[]::new)));
        }
        return new Chart(
                "skip-parts",
                "Which part of the blocks matters",
                "Loss with the part skipped in expansion blocks less loss with it skipped in pruning blocks, mean over k, with its 95 % interval over texts.",
                Chart.Kind.BAR,
                "part skipped",
                "difference of losses, nats a token",
                parts.stream().map(SkipPart::label).toList(),
                List.of(),
                series);
    }

    private Chart singles() {
        return chart(
                "skip-single",
                "Every block by itself: what it costs to skip, and its ΔH",
                "A point is a block from the second on. If expansion were what matters, points to the right would lie high, and those to the left low.",
                Chart.Kind.SCATTER,
                "mean ΔH, nats",
                "rise of the loss, nats a token",
                byTrait(BlockTrait.CHANGE));
    }

    private Chart turns() {
        return chart(
                "skip-turn",
                "Every block by itself: what it costs to skip, and how far it turns the stream",
                "A point is a block from the second on. A rival of ΔH: ShortGPT's Block Influence, 1 less the cosine of a block's input and output.",
                Chart.Kind.SCATTER,
                "1 − cosine of input and output",
                "rise of the loss, nats a token",
                byTrait(BlockTrait.TURN));
    }

    private List<Series> byTrait(BlockTrait trait) {
        List<Series> series = new ArrayList<>();
        for (SkipMeasures model : models) {
            model.blocksByLoss()
                    .ifPresent(blocks ->
                            series.add(
                                    Series.of(
                                            model.about().name(),
                                            model.about().family(),
                                            blocks.traits().of(trait),
                                            blocks.damage())));
        }
        return series;
    }

    private static Series series(String name, String group, double[] x, List<Interval> values) {
        return Intervals.series(name, group, x, values.toArray(Interval[]::new));
    }

    private static Chart chart(
            String id,
            String title,
            String caption,
            Chart.Kind kind,
            String xAxis,
            String yAxis,
            List<Series> series) {
        return new Chart(id, title, caption, kind, xAxis, yAxis, List.of(), List.of(), series);
    }

    /// Letters, digits and hyphens of the model's name.
    private static String slug(SkipMeasures model) {
        return String.join(
                "-",
                Arrays.stream(model.about().name().toLowerCase(Locale.ROOT).split("[^a-z0-9]+"))
                        .filter(part -> !part.isEmpty())
                        .toList());
    }
}
