package entropylens.study.skip;

import entropylens.study.questions.MultipleChoice;
import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.Verdicts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What skipping blocks of one model says about claim (iv), for whole blocks. Blocks are the units:
/// however many texts are read, they say nothing of blocks that the model does not have. Only the
/// paper's preset, which skips no single blocks, compares one set of each kind.
record SkipVerdicts(SkipMeasures measures, long seed) {
    static final String CLAIM =
            "(iv) the more a block expands, the more loss it costs to skip it, given its depth";
    static final String EFFECT =
            "partial rank correlation of ΔH with the rise of the loss, given depth, over blocks";
    static final String PAPER =
            "expansion is usually more critical; Llama falls to chance; in Gemma-2-2B-it it is the other way round (as summarised of arXiv 2502.16570 v3; not verified)";

    private static final String PERMUTED = "ΔH exchanged between blocks, given depth";
    private static final String KINDS = "which blocks expand exchanged, given depth";
    private static final String BLOCKS = "blocks";

    List<Verdict> all() {
        if (measures.blocksByLoss().isEmpty()) {
            return List.of(setsByAccuracy());
        }
        BlockEvidence loss = measures.blocksByLoss().orElseThrow();
        List<Verdict> verdicts = new ArrayList<>();
        verdicts.add(tracks(loss));
        verdicts.add(
                contrast(
                        loss,
                        "(iv) skipping an expanding block costs more loss than skipping a pruning one, given depth",
                        "loss, nats a token: expanding − pruning, given depth",
                        SmallestEffects.LOSS_DIFFERENCE));
        BlockEvidence accuracy = measures.blocksByAccuracy().orElseThrow();
        String claim =
                "(iv) skipping an expanding block costs more right answers than skipping a pruning one, given depth";
        String effect = "share of wrong answers: expanding − pruning, given depth";
        verdicts.add(
                measures.knowsSomething()
                        ? contrast(accuracy, claim, effect, SmallestEffects.ACCURACY_DIFFERENCE)
                        : notTestable(claim, effect, guesses()));
        return verdicts;
    }

    private Verdict tracks(BlockEvidence blocks) {
        int least = leastBlocks();
        if (blocks.blocks() + 1 < least) {
            return notTestable(
                    CLAIM,
                    EFFECT,
                    "With %d blocks, of which %d have a ΔH, no order of them is rare enough; at least %d blocks are needed for any p below 0.05, and %d to find a correlation of 0.5 in four runs of five."
                            .formatted(
                                    blocks.blocks() + 1,
                                    blocks.blocks(),
                                    least,
                                    BlockEvidence.blocksNeeded(0.5)));
        }
        Interval r = blocks.partial();
        Evidence evidence =
                Evidence.of(blocks.blocks(), BLOCKS)
                        .withTest(PERMUTED, blocks.partialP(seed))
                        .withNull(0)
                        .withSmallest(SmallestEffects.CORRELATION, blocks.detectable());
        return verdict(
                CLAIM,
                EFFECT,
                r,
                Outcome.difference(SmallestEffects.CORRELATION, r.estimate(), r.low(), r.high()),
                "Rank correlation of the rise of the loss with ΔH %.2f, with |ΔH| %.2f, with depth %.2f; with ΔH given depth %.2f. With %d blocks nothing below %.2f is found in four runs of five; a correlation of 0.5 takes %d blocks."
                        .formatted(
                                blocks.correlation(),
                                blocks.correlationOfSize(),
                                blocks.correlationOfDepth(),
                                r.estimate(),
                                blocks.blocks(),
                                blocks.detectable(),
                                BlockEvidence.blocksNeeded(0.5)),
                evidence);
    }

    /// With fewer, all orders together are not many enough for a p below the level: of n blocks
    /// that have a ΔH, an order and its reverse are as good, so p is at least 2 / n!.
    private static int leastBlocks() {
        int n = 2;
        double orders = 2;
        while (2 / orders >= Verdict.ALPHA) {
            n++;
            orders *= n;
        }
        return n + 1;
    }

    private Verdict contrast(BlockEvidence blocks, String claim, String effect, double worth) {
        if (blocks.smallestP() >= Verdict.ALPHA) {
            return notTestable(
                    claim,
                    effect,
                    "%d of %d blocks expand: so few can be exchanged in so few ways that no p below %.2f exists. With half of the blocks expanding, it takes 8 blocks."
                            .formatted(blocks.expanding(), blocks.blocks(), blocks.smallestP()));
        }
        Interval contrast = blocks.givenDepth();
        return verdict(
                claim,
                effect,
                contrast,
                Outcome.difference(worth, contrast.estimate(), contrast.low(), contrast.high()),
                "Blocks %s expand, of %d with a ΔH; the others prune. The difference is that of least squares on depth and kind; block 1 has no ΔH."
                        .formatted(expandingBlocks(), blocks.blocks()),
                Evidence.of(blocks.blocks(), BLOCKS)
                        .withTest(KINDS, blocks.givenDepthP(seed))
                        .withNull(0)
                        .withSmallest(worth, contrast.detectable()));
    }

    private String expandingBlocks() {
        List<Integer> expanding = new ArrayList<>();
        for (int i = 0; i < measures.change().length; i++) {
            if (measures.change()[i].estimate() > 0) {
                expanding.add(i + 2);
            }
        }
        return numbers(expanding);
    }

    /// The paper's protocol: one set of blocks of each kind, for each k.
    private Verdict setsByAccuracy() {
        String claim =
                "(iv) skipping expansion blocks costs more accuracy than skipping pruning blocks";
        String effect =
                "accuracy with pruning blocks skipped less accuracy with as many expansion blocks skipped, mean over k";
        if (!measures.knowsSomething()) {
            return notTestable(claim, effect, guesses());
        }
        List<Integer> ks = measures.design().ks();
        Interval difference =
                measures.accuracy()
                        .difference(
                                SkipCondition.PRUNING, SkipCondition.EXPANSION, SkipPart.BLOCK, ks);
        double worth = SmallestEffects.ACCURACY_DIFFERENCE;
        return verdict(
                claim,
                effect,
                difference,
                Outcome.difference(
                        worth, difference.estimate(), difference.low(), difference.high()),
                "The intact model answers %s right; without expansion blocks %s, without pruning blocks %s (mean over k = %s). The interval is over questions, for these very blocks; without blocks as deep beside them the difference may be one of depth. Preset sound tells."
                        .formatted(
                                percent(measures.accuracy().intact().estimate()),
                                percent(average(SkipCondition.EXPANSION)),
                                percent(average(SkipCondition.PRUNING)),
                                numbers(ks)),
                Evidence.of(measures.accuracy().rows(), "questions")
                        .withTest("difference against 0", difference.pValue(0))
                        .withNull(0)
                        .withSmallest(worth, difference.detectable()));
    }

    private double average(SkipCondition condition) {
        return measures.accuracy()
                .average(condition, SkipPart.BLOCK, measures.design().ks())
                .estimate();
    }

    private String guesses() {
        Interval intact = measures.accuracy().intact();
        return "The intact model answers %s of the questions right (95 %%: %s to %s), which does not lie above the %s of guessing: there is no accuracy to lose."
                .formatted(
                        percent(intact.estimate()),
                        percent(intact.low()),
                        percent(intact.high()),
                        percent(MultipleChoice.CHANCE));
    }

    private Verdict notTestable(String claim, String effect, String why) {
        return verdicts().notTestable(claim, effect, why);
    }

    private Verdicts verdicts() {
        return new Verdicts(Skipping.ID, measures.about().name(), 0, PAPER);
    }

    private Verdict verdict(
            String claim,
            String effect,
            Interval interval,
            Outcome outcome,
            String sentence,
            Evidence evidence) {
        String none =
                measures.expands()
                        ? ""
                        : " No block of this model expands on average: “expansion” here is what prunes least.";
        String caution = measures.about().caution("this kind of questions and texts");
        return verdicts().of(claim, outcome, effect, interval, sentence + none + caution, evidence);
    }

    private static String percent(double share) {
        return "%.1f %%".formatted(100 * share);
    }

    static String numbers(List<Integer> ks) {
        return ks.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
