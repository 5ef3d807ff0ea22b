package entropylens.study.skip;

import entropylens.study.report.Table;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The tables of single blocks: what each costs, and what tells so.
record BlockTables(List<SkipMeasures> models) {
    private static final String NONE = "–";

    List<Table> all() {
        return models.stream().anyMatch(model -> model.traits().isPresent())
                ? List.of(traits(), kinds())
                : List.of();
    }

    /// What tells the cost of a block: rank correlations over the blocks of each model.
    private Table traits() {
        List<List<Object>> rows = new ArrayList<>();
        for (SkipMeasures model : models) {
            model.blocksByLoss()
                    .ifPresent(blocks ->
                            add(
                                    rows,
                                    model,
                                    "loss",
                                    blocks,
                                    model.allBlocksByLoss().orElseThrow()));
            if (model.knowsSomething()) {
                model.blocksByAccuracy()
                        .ifPresent(blocks ->
                                add(
                                        rows,
                                        model,
                                        "wrong answers",
                                        blocks,
                                        model.allBlocksByAccuracy().orElseThrow()));
            }
        }
        return new Table(
                "What tells the cost of skipping a block? Rank correlations over blocks (95 %)",
                List.of(
                        "model",
                        "cost",
                        "blocks",
                        "told by",
                        "alone",
                        "given depth",
                        "given the other four",
                        "alone, block 1 included"),
                rows,
                2);
    }

    private static void add(
            List<List<Object>> rows,
            SkipMeasures model,
            String cost,
            BlockEvidence blocks,
            BlockEvidence withFirst) {
        for (BlockTrait trait : BlockTrait.values()) {
            List<BlockTrait> others =
                    Arrays.stream(BlockTrait.values()).filter(other -> other != trait).toList();
            rows.add(
                    List.of(
                            model.about().name(),
                            cost,
                            blocks.blocks(),
                            trait.label(),
                            shown(blocks, trait, List.of()),
                            trait == BlockTrait.DEPTH
                                    ? NONE
                                    : shown(blocks, trait, SkipVerdicts.GIVEN_DEPTH),
                            shown(blocks, trait, others),
                            shown(withFirst, trait, List.of())));
        }
    }

    private static String shown(BlockEvidence blocks, BlockTrait trait, List<BlockTrait> given) {
        Interval r = blocks.correlation(trait, given);
        return !blocks.enough(given.size()) || Double.isNaN(r.estimate())
                ? NONE
                : "%.2f (%.2f to %.2f)".formatted(r.estimate(), r.low(), r.high());
    }

    private Table kinds() {
        List<List<Object>> rows = new ArrayList<>();
        for (SkipMeasures model : models) {
            model.blocksByLoss().ifPresent(found -> rows.add(kinds(model, "loss", found)));
            if (model.knowsSomething()) {
                model.blocksByAccuracy()
                        .ifPresent(found -> rows.add(kinds(model, "wrong answers", found)));
            }
        }
        return new Table(
                "Do expanding blocks cost more than pruning ones?",
                List.of(
                        "model",
                        "cost",
                        "expanding, of blocks",
                        "expanding − pruning, given depth (95 %)",
                        "(expanding − near) − (pruning − near) (95 %)"),
                rows,
                3);
    }

    private static List<Object> kinds(SkipMeasures model, String cost, BlockEvidence blocks) {
        BlockContrast contrast = blocks.contrast();
        boolean bothKinds = contrast.smallestP() < 1 && blocks.enough(1);
        return List.of(
                model.about().name(),
                cost,
                "%d of %d".formatted(contrast.expanding(), blocks.blocks()),
                bothKinds ? Intervals.shown(contrast.givenDepth()) : NONE,
                bothKinds ? Intervals.shown(contrast.nearBlocks()) : NONE);
    }

    /// Every block by itself.
    static Table singles(SkipMeasures model, BlockTraits traits) {
        Map<String, SkipMeasures.Test> tests = model.tests();
        List<List<Object>> rows = new ArrayList<>();
        for (SkipPart part : model.design().parts()) {
            for (Skip skip : model.plan().of(SkipCondition.SINGLE, part, 1)) {
                int block = skip.draw();
                SkipMeasures.Test test = SkipTables.test(tests, skip);
                rows.add(
                        List.of(
                                block,
                                part.label(),
                                block == 1
                                        ? "%.3f from the embedding".formatted(traits.change()[0])
                                        : Intervals.shown(model.change()[block - 2]),
                                traits.updateNorm()[block - 1],
                                1 - traits.turn()[block - 1],
                                Intervals.shown(model.accuracy().of(skip)),
                                test.p(),
                                test.adjusted(),
                                Intervals.shown(model.loss().of(skip))));
            }
        }
        return new Table(
                "Every block of %s by itself".formatted(model.about().name()),
                List.of(
                        "block",
                        "part",
                        "ΔH, nats (95 %)",
                        "norm of the block's update",
                        "cosine of its input and output",
                        "accuracy without (95 %)",
                        "McNemar p",
                        "p, Holm over blocks",
                        "loss without, nats a token (95 %)"),
                rows,
                3);
    }
}
