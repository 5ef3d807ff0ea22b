package entropylens.study.skip;

import entropylens.study.report.Table;
import entropylens.study.workbench.Intervals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/// The tables of skipped blocks.
record SkipTables(List<SkipMeasures> models) {
    private static final String NONE = "–";

    List<Table> all() {
        List<Table> tables = new ArrayList<>();
        tables.add(accuracies());
        tables.add(losses());
        tables.addAll(new BlockTables(models).all());
        for (SkipMeasures model : models) {
            tables.add(choices(model));
            model.traits().ifPresent(traits -> tables.add(BlockTables.singles(model, traits)));
        }
        return tables;
    }

    /// Over all k, by part.
    private Table accuracies() {
        return new Table(
                "Accuracy, averaged over k, with 95 % intervals",
                List.of(
                        "model",
                        "part skipped",
                        "k",
                        "intact",
                        "expansion skipped",
                        "pruning skipped",
                        "pruning − expansion",
                        "near expansion − expansion",
                        "near pruning − pruning"),
                eachPart((model, part) -> row(model, model.accuracy(), part, -1)),
                3);
    }

    private Table losses() {
        return new Table(
                "Loss in nats a token, averaged over k, with 95 % intervals",
                List.of(
                        "model",
                        "part skipped",
                        "k",
                        "intact",
                        "expansion skipped",
                        "pruning skipped",
                        "expansion − pruning",
                        "expansion − near expansion",
                        "pruning − near pruning"),
                eachPart((model, part) -> row(model, model.loss(), part, 1)),
                3);
    }

    private List<List<Object>> eachPart(BiFunction<SkipMeasures, SkipPart, List<Object>> row) {
        List<List<Object>> rows = new ArrayList<>();
        for (SkipMeasures model : models) {
            model.design().parts().forEach(part -> rows.add(row.apply(model, part)));
        }
        return rows;
    }

    /// @param sign 1 where more is worse, -1 where more is better: differences are positive where
    ///   the first was worse to skip
    private static List<Object> row(
            SkipMeasures model, SkipEffects effects, SkipPart part, int sign) {
        List<Integer> ks = model.design().ks();
        return List.of(
                model.about().name(),
                part.label(),
                SkipVerdicts.numbers(ks),
                Intervals.shown(effects.intact()),
                Intervals.shown(effects.average(SkipCondition.EXPANSION, part, ks)),
                Intervals.shown(effects.average(SkipCondition.PRUNING, part, ks)),
                worse(model, effects, part, sign, SkipCondition.EXPANSION, SkipCondition.PRUNING),
                worse(
                        model,
                        effects,
                        part,
                        sign,
                        SkipCondition.EXPANSION,
                        SkipCondition.NEAR_EXPANSION),
                worse(
                        model,
                        effects,
                        part,
                        sign,
                        SkipCondition.PRUNING,
                        SkipCondition.NEAR_PRUNING));
    }

    /// How much worse one choice is than another, over those k that have both.
    private static String worse(
            SkipMeasures model,
            SkipEffects effects,
            SkipPart part,
            int sign,
            SkipCondition one,
            SkipCondition other) {
        List<Integer> ks = model.ks(other, part);
        if (ks.isEmpty()) {
            return NONE;
        }
        return Intervals.shown(
                sign > 0
                        ? effects.difference(one, other, part, ks)
                        : effects.difference(other, one, part, ks));
    }

    private static Table choices(SkipMeasures model) {
        Map<String, SkipMeasures.Test> tests = model.tests();
        return new Table(
                "Blocks skipped in " + model.about().name(),
                List.of(
                        "choice",
                        "part",
                        "k",
                        "blocks",
                        "mean depth",
                        "accuracy (95 %)",
                        "McNemar p",
                        "p, Holm over k",
                        "loss, nats a token (95 %)"),
                model.plan().skips().stream()
                        .filter(skip -> skip.condition() != SkipCondition.SINGLE)
                        .map(skip -> row(model, skip, tests))
                        .toList(),
                3);
    }

    private static List<Object> row(
            SkipMeasures model, Skip skip, Map<String, SkipMeasures.Test> tests) {
        boolean intact = skip.blocks().isEmpty();
        return List.of(
                skip.condition().label() + (skip.draw() == 0 ? "" : ", draw " + skip.draw()),
                intact ? NONE : skip.part().label(),
                skip.k(),
                intact ? NONE : blocks(skip),
                intact ? NONE : (Object) skip.meanDepth(model.about().blocks()),
                Intervals.shown(model.accuracy().of(skip)),
                intact ? NONE : (Object) test(tests, skip).p(),
                intact ? NONE : (Object) test(tests, skip).adjusted(),
                Intervals.shown(model.loss().of(skip)));
    }

    static SkipMeasures.Test test(Map<String, SkipMeasures.Test> tests, Skip skip) {
        return Objects.requireNonNull(tests.get(skip.name()));
    }

    private static String blocks(Skip skip) {
        return skip.blocks().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
