package entropylens.study.skip;

import entropylens.study.questions.MultipleChoice;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What skipping blocks of one model says about claim (iv), for whole blocks.
record SkipVerdicts(SkipMeasures measures) {
    static final String CLAIM =
            "(iv) skipping expansion blocks costs more accuracy than skipping pruning blocks";
    static final String EFFECT =
            "accuracy with pruning blocks skipped less accuracy with as many expansion blocks skipped, mean over k";
    static final String PAPER =
            "expansion is usually more critical; Llama falls to chance; in Gemma-2-2B-it it is the other way round (as summarised of arXiv 2502.16570 v3; not verified)";

    private static final String BEYOND_DEPTH =
            "(iv) skipping expansion blocks costs more loss than skipping random blocks as deep";
    private static final String BEYOND_DEPTH_EFFECT =
            "loss on plain text with expansion blocks skipped less loss with random blocks of like depth skipped, nats a token, mean over k";
    private static final String NO_CONTROL = "no such control there";

    List<Verdict> all() {
        List<Verdict> verdicts = new ArrayList<>();
        verdicts.add(accuracy());
        verdicts.add(loss());
        if (measures.design().controls()) {
            verdicts.add(controlled().isEmpty() ? noneAsDeep() : lossBeyondDepth());
        }
        return verdicts;
    }

    private Verdict accuracy() {
        Interval difference =
                measures.accuracy()
                        .difference(
                                SkipCondition.PRUNING,
                                SkipCondition.EXPANSION,
                                SkipPart.BLOCK,
                                ks());
        Interval intact = measures.accuracy().intact();
        boolean known = measures.knowsSomething();
        String sentence =
                known
                        ? "Of the questions, the intact model answers %s right; without expansion blocks %s, without pruning blocks %s (mean over k = %s)."
                                .formatted(
                                        percent(intact.estimate()),
                                        percent(average(SkipCondition.EXPANSION)),
                                        percent(average(SkipCondition.PRUNING)),
                                        numbers(ks()))
                        : "The intact model answers %s of the questions right (95 %%: %s to %s), which does not lie above the %s of guessing: there is no accuracy to lose."
                                .formatted(
                                        percent(intact.estimate()),
                                        percent(intact.low()),
                                        percent(intact.high()),
                                        percent(MultipleChoice.CHANCE));
        return verdict(CLAIM, EFFECT, difference, known, PAPER, sentence);
    }

    private double average(SkipCondition condition) {
        return measures.accuracy().average(condition, SkipPart.BLOCK, ks()).estimate();
    }

    private Verdict loss() {
        Interval difference = lossDifference(SkipCondition.EXPANSION, SkipCondition.PRUNING, ks());
        return verdict(
                "(iv) skipping expansion blocks costs more loss than skipping pruning blocks",
                "loss on plain text with expansion blocks skipped less loss with as many pruning blocks skipped, nats a token, mean over k",
                difference,
                true,
                "not measured there",
                "The intact model loses %.2f nats a token; without expansion blocks %.2f, without pruning blocks %.2f (mean over k = %s)."
                        .formatted(
                                measures.loss().intact().estimate(),
                                averageLoss(SkipCondition.EXPANSION, ks()),
                                averageLoss(SkipCondition.PRUNING, ks()),
                                numbers(ks())));
    }

    private Verdict lossBeyondDepth() {
        List<Integer> ks = controlled();
        Interval difference =
                lossDifference(SkipCondition.EXPANSION, SkipCondition.NEAR_EXPANSION, ks);
        return verdict(
                BEYOND_DEPTH,
                BEYOND_DEPTH_EFFECT,
                difference,
                true,
                NO_CONTROL,
                "Without expansion blocks the loss is %.2f nats a token, without random blocks near them %.2f (mean over k = %s)."
                        .formatted(
                                averageLoss(SkipCondition.EXPANSION, ks),
                                averageLoss(SkipCondition.NEAR_EXPANSION, ks),
                                numbers(ks)));
    }

    private Verdict noneAsDeep() {
        return Verdict.notTestable(
                Skipping.ID,
                BEYOND_DEPTH,
                measures.about().name(),
                BEYOND_DEPTH_EFFECT,
                Intervals.LEVEL,
                0,
                NO_CONTROL,
                "The expansion blocks of this model lie together, and too few blocks of like depth are left to compare them with.");
    }

    private Interval lossDifference(SkipCondition more, SkipCondition less, List<Integer> ks) {
        return measures.loss().difference(more, less, SkipPart.BLOCK, ks);
    }

    private double averageLoss(SkipCondition condition, List<Integer> ks) {
        return measures.loss().average(condition, SkipPart.BLOCK, ks).estimate();
    }

    private List<Integer> ks() {
        return measures.design().ks();
    }

    private List<Integer> controlled() {
        return measures.ks(SkipCondition.NEAR_EXPANSION, SkipPart.BLOCK);
    }

    private Verdict verdict(
            String claim,
            String effect,
            Interval interval,
            boolean decidable,
            String paper,
            String sentence) {
        return new Verdict(
                Skipping.ID,
                claim,
                measures.about().name(),
                decidable ? Verdict.above(0, interval.low(), interval.high()) : Outcome.UNDECIDED,
                effect,
                interval.estimate(),
                interval.low(),
                interval.high(),
                Intervals.LEVEL,
                0,
                paper,
                measures.expands()
                        ? sentence
                        : sentence
                                + " No block of this model expands on average: “expansion” here is what prunes least.");
    }

    private static String percent(double share) {
        return "%.1f %%".formatted(100 * share);
    }

    static String numbers(List<Integer> ks) {
        return ks.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
