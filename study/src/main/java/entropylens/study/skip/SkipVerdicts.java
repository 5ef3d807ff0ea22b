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

    static final List<BlockTrait> GIVEN_DEPTH = List.of(BlockTrait.DEPTH);
    static final List<BlockTrait> GIVEN_RIVALS =
            List.of(BlockTrait.DEPTH, BlockTrait.UPDATE_NORM, BlockTrait.TURN);

    private static final String PERMUTED = "ΔH exchanged between blocks, given depth";
    private static final String KINDS = "which blocks expand exchanged, given depth";
    private static final String BLOCKS = "blocks";

    /// What moves the figures: blocks are all there are, texts or questions are drawn.
    static final String FIFTHS = "fifths of the texts";

    List<Verdict> all() {
        if (measures.blocksByLoss().isEmpty()) {
            return List.of(setsByAccuracy());
        }
        BlockEvidence loss = measures.blocksByLoss().orElseThrow();
        List<Verdict> verdicts = new ArrayList<>();
        verdicts.add(tracks(loss));
        verdicts.add(beyondRivals(loss));
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
        if (tooFew(blocks, GIVEN_DEPTH)) {
            return tooFewFor(CLAIM, EFFECT, blocks, GIVEN_DEPTH);
        }
        Interval r = blocks.correlation(BlockTrait.CHANGE, GIVEN_DEPTH);
        return verdict(
                CLAIM,
                EFFECT,
                r,
                Outcome.difference(SmallestEffects.CORRELATION, r.estimate(), r.low(), r.high()),
                "Rank correlation of the rise of the loss with ΔH %.2f, with |ΔH| %.2f, with depth %.2f; with ΔH given depth %.2f. A correlation of 0.5 takes %d blocks."
                        .formatted(
                                alone(blocks, BlockTrait.CHANGE),
                                alone(blocks, BlockTrait.CHANGE_SIZE),
                                alone(blocks, BlockTrait.DEPTH),
                                r.estimate(),
                                BlockEvidence.blocksNeeded(0.5, GIVEN_DEPTH.size())),
                evidence(blocks, GIVEN_DEPTH, PERMUTED));
    }

    /// A block that is skipped may cost what it costs because it writes much, or turns the stream
    /// far, whatever it does to the entropy.
    private Verdict beyondRivals(BlockEvidence blocks) {
        String claim =
                "(iv) ΔH tells what a block costs beyond its depth, the norm of its update, and how far it turns the stream";
        String effect =
                "partial rank correlation of ΔH with the rise of the loss, given depth, norm of the update, and cosine of input and output, over blocks";
        if (tooFew(blocks, GIVEN_RIVALS)) {
            return tooFewFor(claim, effect, blocks, GIVEN_RIVALS);
        }
        Interval r = blocks.correlation(BlockTrait.CHANGE, GIVEN_RIVALS);
        return verdict(
                claim,
                effect,
                r,
                Outcome.difference(SmallestEffects.CORRELATION, r.estimate(), r.low(), r.high()),
                "Rank correlation of the rise of the loss with the norm of the update %.2f, with 1 − cosine of input and output %.2f, with ΔH %.2f; with ΔH given the others and depth %.2f."
                        .formatted(
                                alone(blocks, BlockTrait.UPDATE_NORM),
                                alone(blocks, BlockTrait.TURN),
                                alone(blocks, BlockTrait.CHANGE),
                                r.estimate()),
                evidence(blocks, GIVEN_RIVALS, "ΔH exchanged between blocks, given the others"));
    }

    private Evidence evidence(BlockEvidence blocks, List<BlockTrait> given, String test) {
        double twin =
                measures.twin()
                        .map(found -> found.correlation(BlockTrait.CHANGE, given).estimate())
                        .orElse(Double.NaN);
        return Evidence.of(blocks.blocks(), BLOCKS)
                .withTest(test, blocks.pValue(BlockTrait.CHANGE, given, seed))
                .withNull(0)
                .withTwin(twin)
                .withSmallest(SmallestEffects.CORRELATION, blocks.detectable(given.size()))
                .withSeeds(FIFTHS, blocks.overFifths(BlockTrait.CHANGE, given));
    }

    private static double alone(BlockEvidence blocks, BlockTrait trait) {
        return blocks.correlation(trait, List.of()).estimate();
    }

    /// Whether a model has too few blocks to find even a strong correlation.
    private static boolean tooFew(BlockEvidence blocks, List<BlockTrait> given) {
        return blocks.detectable(given.size()) > SmallestEffects.STRONG_CORRELATION;
    }

    private Verdict tooFewFor(
            String claim, String effect, BlockEvidence blocks, List<BlockTrait> given) {
        double strong = SmallestEffects.STRONG_CORRELATION;
        String why =
                "This model has %d blocks. With so few, a partial correlation as strong as %.1f goes unfound in more than one run of five; it takes %d blocks, and %d to find one of 0.5. The tables describe what was measured."
                        .formatted(
                                blocks.blocks() + 1,
                                strong,
                                BlockEvidence.blocksNeeded(strong, given.size()),
                                BlockEvidence.blocksNeeded(0.5, given.size()));
        return verdicts()
                .notTestable(claim, effect, why, Evidence.of(blocks.blocks(), BLOCKS).withNull(0));
    }

    private Verdict contrast(BlockEvidence blocks, String claim, String effect, double worth) {
        BlockContrast contrast = blocks.contrast();
        if (tooFew(blocks, GIVEN_DEPTH)) {
            return tooFewFor(claim, effect, blocks, GIVEN_DEPTH);
        }
        if (contrast.smallestP() >= Verdict.ALPHA) {
            return notTestable(
                    claim,
                    effect,
                    "%d of %d blocks expand: so few can be exchanged in so few ways that no p below %.2f exists. With half of the blocks expanding, it takes 8 blocks."
                            .formatted(
                                    contrast.expanding(), blocks.blocks(), contrast.smallestP()));
        }
        Interval difference = contrast.givenDepth();
        return verdict(
                claim,
                effect,
                difference,
                Outcome.difference(
                        worth, difference.estimate(), difference.low(), difference.high()),
                "Blocks %s expand, of %d from block 2 on; the others prune. The difference is that of least squares on depth and kind."
                        .formatted(expandingBlocks(), blocks.blocks()),
                Evidence.of(blocks.blocks(), BLOCKS)
                        .withTest(KINDS, contrast.givenDepthP(seed))
                        .withNull(0)
                        .withSmallest(worth, difference.detectable())
                        .withSeeds(FIFTHS, contrast.overFifths()));
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
