package entropylens.study.correctness;

import entropylens.study.classify.Comparison;
import entropylens.study.classify.Reading;
import entropylens.study.classify.ShuffledNull;
import entropylens.study.correctness.CorrectnessScores.Control;
import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.BesideTwin;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.Verdicts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What the answers of one model say of the claim that its profiles tell right ones from wrong
/// ones: at all; better than the last layer's entropy, with which nothing is learnt; and better
/// than the answer margin, likewise.
///
/// @param twin what its untrained twin's profiles tell of the twin's own answers
record CorrectnessVerdicts(CorrectnessScores scores, Optional<CorrectnessScores> twin) {
    static final String CLAIM = "(v2) the profile tells right answers from wrong ones";
    private static final String EFFECT = "AUROC of right against wrong, k-NN";
    private static final double CHANCE = 0.5;
    private static final String FOLDS = "seeds of the folds";
    private static final String MORE_EFFECT =
            "AUROC of the profile less that of the control, the smaller of two readers'";
    private static final String PAPER =
            "claimed in v2, dropped in v3 of arXiv 2502.16570; an independent re-test on models of 7 to 8 billion weights: 0.55 to 0.58 with nearest neighbours, 0.64 to 0.66 with logistic regression";

    List<Verdict> all() {
        if (!scores.enough()) {
            return List.of(notTestable(tooFew()));
        }
        if (!scores.knowsSomething()) {
            return List.of(
                    notTestable(
                            "The model's accuracy is not shown to exceed guessing: %d of %d right, %.0f to %.0f %% over texts and facts. What is right by chance has nothing in common."
                                    .formatted(
                                            scores.data().rights(),
                                            scores.data().questions(),
                                            100 * scores.accuracy().low(),
                                            100 * scores.accuracy().high())));
        }
        List<Verdict> verdicts = new ArrayList<>(List.of(tellsApart()));
        scores.control()
                .ifPresent(found -> {
                    verdicts.add(
                            more(
                                    "(v2) the profile tells more than the last layer's entropy does",
                                    Control::beyondLast,
                                    scores.overSeeds().beyondLast()));
                    verdicts.add(
                            more(
                                    "(v2) the profile tells more than the answer margin does",
                                    Control::beyondMargin,
                                    scores.overSeeds().beyondMargin()));
                });
        return verdicts;
    }

    private String tooFew() {
        return "Only %d of %d answers are %s; at least %d of either kind, on several texts or facts, are needed."
                .formatted(
                        scores.data().fewer(),
                        scores.data().questions(),
                        2 * scores.data().rights() < scores.data().questions() ? "right" : "wrong",
                        CorrectnessScores.FEWEST);
    }

    private Verdict tellsApart() {
        Reading profile = scores.readings().getFirst();
        Interval auc = profile.auc();
        ShuffledNull shuffled = profile.shuffled().orElseThrow();
        Optional<Interval> ofTwin = aucOfTwin();
        BesideTwin beside = new BesideTwin(auc, ofTwin);
        double worth = SmallestEffects.AUC;
        Outcome alone =
                Outcome.above(nothing(profile), worth, auc.estimate(), auc.low(), auc.high());
        return verdict(
                CLAIM,
                beside.outcome(alone, worth),
                EFFECT,
                auc,
                nothing(profile),
                "Of %d questions, %d are answered right; of a right and a wrong answer, the right one looks more like right ones in %.0f %% of pairs, with shuffled labels in %.0f %%."
                        .formatted(
                                scores.data().questions(),
                                scores.data().rights(),
                                100 * auc.estimate(),
                                100 * shuffled.mean()),
                withTwin(ofTwin)
                        .withTest(
                                "labels shuffled, and above the untrained twin's; the larger p",
                                beside.pValue(shuffled.pValue(auc.estimate())))
                        .withNull(shuffled.mean())
                        .withSmallest(worth, nothing(profile) + auc.detectable())
                        .withSeeds(FOLDS, scores.overSeeds().auc()));
    }

    /// A cross-validated AUC may lie above 0.5 where there is nothing to find, and then the
    /// shuffled labels say so.
    private static double nothing(Reading profile) {
        return Math.max(CHANCE, profile.shuffled().orElseThrow().mean());
    }

    /// Both readers must be better: the worse decides, and p is the larger.
    ///
    /// @param which the profile beside a control, by both readers
    /// @param overSeeds the figure in folds of other seeds
    private Verdict more(
            String claim, Function<Control, List<Comparison>> which, double[] overSeeds) {
        List<Comparison> pairs = which.apply(scores.control().orElseThrow());
        Interval least = least(pairs);
        double p = pairs.stream().mapToDouble(pair -> pair.difference().pValue(0)).max().orElse(1);
        Optional<Interval> ofTwin =
                figured()
                        .flatMap(CorrectnessScores::control)
                        .map(found -> least(which.apply(found)));
        BesideTwin beside = new BesideTwin(least, ofTwin);
        return verdict(
                claim,
                moreThan(least, beside),
                MORE_EFFECT,
                least,
                0,
                "%s has %.2f; the profile has %.2f by nearest neighbours and %.2f by logistic regression."
                        .formatted(
                                capital(pairs.getFirst().second().features()),
                                pairs.getFirst().second().auc().estimate(),
                                pairs.getFirst().first().auc().estimate(),
                                pairs.getLast().first().auc().estimate()),
                withTwin(ofTwin)
                        .withTest(
                                "difference against 0 and the untrained twin's, the largest p",
                                beside.pValue(p))
                        .withNull(0)
                        .withSmallest(SmallestEffects.AUC_DIFFERENCE, least.detectable())
                        .withSeeds(FOLDS, overSeeds));
    }

    private static Interval least(List<Comparison> pairs) {
        return pairs.stream()
                .map(Comparison::difference)
                .min(Comparator.comparingDouble(Interval::estimate))
                .orElseThrow();
    }

    private static Outcome moreThan(Interval least, BesideTwin beside) {
        double worth = SmallestEffects.AUC_DIFFERENCE;
        Outcome alone = Outcome.above(0, worth, least.estimate(), least.low(), least.high());
        return alone == Outcome.NO_EFFECT ? Outcome.NOT_SUPPORTED : beside.outcome(alone, worth);
    }

    /// The twin's measures, where there are enough right and wrong answers for an AUC.
    private Optional<CorrectnessScores> figured() {
        return twin.filter(CorrectnessScores::enough);
    }

    private Optional<Interval> aucOfTwin() {
        return figured().map(found -> found.readings().getFirst().auc());
    }

    private Evidence withTwin(Optional<Interval> figure) {
        return figure.map(found -> evidence().withTwin(found.estimate()))
                .orElseGet(() -> evidence().withoutTwin(noTwin()));
    }

    private String noTwin() {
        return twin.map(found ->
                        "%d of its %d answers are right; an AUC takes %d right and %d wrong ones"
                                .formatted(
                                        found.data().rights(),
                                        found.data().questions(),
                                        CorrectnessScores.FEWEST,
                                        CorrectnessScores.FEWEST))
                .orElse("not measured");
    }

    private static String capital(String words) {
        return "The " + words + ", with nothing learnt,";
    }

    private Evidence evidence() {
        return Evidence.of(scores.data().groups(), "texts and facts");
    }

    private Verdict notTestable(String why) {
        return verdicts(CHANCE)
                .notTestable(
                        CLAIM,
                        EFFECT,
                        why,
                        withTwin(aucOfTwin())
                                .withNull(CHANCE)
                                .withSmallest(SmallestEffects.AUC, Double.NaN));
    }

    private Verdicts verdicts(double threshold) {
        return new Verdicts(Correctness.ID, scores.about().name(), threshold, PAPER);
    }

    private Verdict verdict(
            String claim,
            Outcome outcome,
            String effect,
            Interval interval,
            double threshold,
            String sentence,
            Evidence evidence) {
        String caution = scores.about().caution("questions of this very form");
        return verdicts(threshold)
                .of(claim, outcome, effect, interval, sentence + caution, evidence);
    }
}
