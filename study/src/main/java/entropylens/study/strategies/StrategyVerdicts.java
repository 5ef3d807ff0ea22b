package entropylens.study.strategies;

import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Verdicts;
import java.util.Arrays;
import java.util.List;

/// What the texts of one model say of claim (i), beside those of its untrained twin. A figure that
/// random weights have as well says nothing of what the model has learnt.
///
/// @param subject the trained model
/// @param trained its measures
/// @param twin the measures of the same architecture with random weights
record StrategyVerdicts(Subject.About subject, StrategyMeasures trained, StrategyMeasures twin) {
    private static final String TEXTS = "texts";
    private static final String FIFTHS = "fifths of the texts";
    private static final String SUBTRACTED = "the figure has it subtracted";

    List<Verdict> all() {
        return List.of(expandsAndPrunes(), tracksCandidates(), overlaps());
    }

    private Verdict expandsAndPrunes() {
        Interval strength = trained.strength();
        double[] change = Intervals.estimates(trained.change());
        double worth = SmallestEffects.ENTROPY_CHANGE;
        Outcome outcome =
                enough()
                        ? Outcome.above(
                                0, worth, strength.estimate(), strength.low(), strength.high())
                        : Outcome.UNDECIDED;
        Interval beyond = strength.less(twin.strength());
        return verdict(
                "(i) some blocks expand and others prune",
                outcome == Outcome.SUPPORTED ? beyondTwin(beyond, worth, true) : outcome,
                "the weaker of the strongest expansion and the strongest pruning, mean ΔH in nats",
                strength,
                "both occur in every model shown (arXiv 2502.16570, figure of the families)",
                "The mean entropy rises by up to %.2f nats and falls by up to %.2f from one layer to the next; it is largest at depth %.2f. The same figure of the untrained twin is %.2f."
                        .formatted(
                                Math.max(0, Arrays.stream(change).max().orElseThrow()),
                                Math.max(0, -Arrays.stream(change).min().orElseThrow()),
                                trained.turn().estimate(),
                                // no sign where all digits are 0
                                Math.rint(100 * twin.strength().estimate()) / 100 + 0.0),
                evidence(
                                strength.pValue(0) > beyond.pValue(0) ? strength : beyond,
                                "strength above 0 and above the untrained twin's, the larger p")
                        .withTwin(twin.strength().estimate())
                        .withSmallest(worth, strength.detectable())
                        .withSeeds(FIFTHS, trained.fifths().strength()));
    }

    private Verdict tracksCandidates() {
        Interval difference = trained.correlation().less(twin.correlation());
        return verdict(
                "(i) entropy tracks the size of the candidate set more closely than in an untrained model",
                beyondTwin(
                        difference,
                        SmallestEffects.CORRELATION_DIFFERENCE,
                        trained.correlation().low() > 0),
                "Spearman of ΔH with the change of the top-0.6 set's size, trained less untrained",
                difference,
                "0.74 to 0.88 over four trained models (as summarised of arXiv 2502.16570 v3; not verified); no untrained model",
                "Where the entropy rises, the smallest set of tokens that holds 60 %% of the probability grows: Spearman %.2f over tokens and layers, and %.2f in the untrained twin.%s"
                        .formatted(
                                trained.correlation().estimate(),
                                twin.correlation().estimate(),
                                byDefinition(difference)),
                evidence(difference, "trained less untrained, against 0")
                        .withSmallest(
                                SmallestEffects.CORRELATION_DIFFERENCE, difference.detectable())
                        .withoutTwin(SUBTRACTED)
                        .withSeeds(
                                FIFTHS,
                                differences(
                                        trained.fifths().correlation(),
                                        twin.fifths().correlation())));
    }

    private static String byDefinition(Interval difference) {
        return difference.low() > 0
                ? ""
                : " Both are functions of one distribution: that they go together says nothing of what was learnt.";
    }

    private Verdict overlaps() {
        Interval difference = trained.overlap().less(twin.overlap());
        return verdict(
                "(i) candidate sets of adjacent layers overlap more than in an untrained model",
                beyondTwin(
                        difference,
                        SmallestEffects.OVERLAP_DIFFERENCE,
                        trained.overlap().low() > 0),
                "mean Jaccard index of the top-0.6 sets of adjacent layers, trained less untrained",
                difference,
                "they overlap substantially (as summarised of arXiv 2502.16570 v3; not verified); no figure given",
                "Jaccard index %.2f, containment %.2f; in the untrained twin %.2f and %.2f. Blocks that change the stream little leave the sets as they are, whatever they have learnt."
                        .formatted(
                                trained.overlap().estimate(),
                                mean(trained.containment()),
                                twin.overlap().estimate(),
                                mean(twin.containment())),
                evidence(difference, "trained less untrained, against 0")
                        .withSmallest(SmallestEffects.OVERLAP_DIFFERENCE, difference.detectable())
                        .withoutTwin(SUBTRACTED)
                        .withSeeds(
                                FIFTHS,
                                differences(trained.fifths().overlap(), twin.fifths().overlap())));
    }

    /// @param holds whether the claim holds in the trained model by itself
    private Outcome beyondTwin(Interval difference, double worth, boolean holds) {
        if (!enough()) {
            return Outcome.UNDECIDED;
        }
        Outcome outcome =
                Outcome.above(0, worth, difference.estimate(), difference.low(), difference.high());
        return outcome == Outcome.NO_EFFECT && holds ? Outcome.BY_CONSTRUCTION : outcome;
    }

    /// Fewer texts have no spread to speak of.
    private boolean enough() {
        return Math.min(trained.texts(), twin.texts()) >= StrategyMeasures.MIN_TEXTS;
    }

    private Evidence evidence(Interval interval, String test) {
        Evidence evidence = Evidence.of(trained.texts(), TEXTS).withNull(0);
        return enough() ? evidence.withTest(test, interval.pValue(0)) : evidence;
    }

    /// A fifth of the model's texts less the same fifth of its twin's.
    private static double[] differences(double[] ofTrained, double[] ofTwin) {
        double[] differences = new double[Math.min(ofTrained.length, ofTwin.length)];
        Arrays.setAll(differences, fifth -> ofTrained[fifth] - ofTwin[fifth]);
        return differences;
    }

    private static double mean(Interval[] intervals) {
        return Arrays.stream(Intervals.estimates(intervals)).average().orElseThrow();
    }

    private Verdict verdict(
            String claim,
            Outcome outcome,
            String effect,
            Interval interval,
            String paper,
            String sentence,
            Evidence evidence) {
        return new Verdicts(Strategies.ID, subject.name(), 0, paper)
                .of(claim, outcome, effect, interval, sentence, evidence);
    }
}
