package entropylens.study.correctness;

import entropylens.study.classify.Comparison;
import entropylens.study.classify.Reading;
import entropylens.study.classify.ShuffledNull;
import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.Verdicts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What the answers of one model say of the claim that its profiles tell right ones from wrong
/// ones: at all; better than the last layer's entropy, with which nothing is learnt; and better
/// than the answer margin, likewise.
record CorrectnessVerdicts(CorrectnessScores scores) {
    static final String CLAIM = "(v2) the profile tells right answers from wrong ones";
    private static final String EFFECT = "AUROC of right against wrong, k-NN";
    private static final String MORE_EFFECT =
            "AUROC of the profile less that of the control, the smaller of two readers'";
    private static final String PAPER =
            "claimed in v2, dropped in v3 of arXiv 2502.16570; an independent re-test on models of 7 to 8 billion weights: 0.55 to 0.58 with nearest neighbours, 0.64 to 0.66 with logistic regression";

    List<Verdict> all() {
        if (!scores.enough()) {
            return List.of(notTestable(CLAIM, EFFECT, 0.5, tooFew()));
        }
        if (!scores.knowsSomething()) {
            return List.of(
                    notTestable(
                            CLAIM,
                            EFFECT,
                            0.5,
                            "The model's accuracy is not shown to exceed guessing: %d of %d right. What is right by chance has nothing in common."
                                    .formatted(scores.data().rights(), scores.data().questions())));
        }
        List<Verdict> verdicts = new ArrayList<>(List.of(tellsApart()));
        scores.control()
                .ifPresent(found -> {
                    verdicts.add(
                            more(
                                    "(v2) the profile tells more than the last layer's entropy does",
                                    found.beyondLast()));
                    verdicts.add(
                            more(
                                    "(v2) the profile tells more than the answer margin does",
                                    found.beyondMargin()));
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
        double nothing = Math.max(0.5, shuffled.mean());
        return verdict(
                CLAIM,
                Outcome.above(nothing, SmallestEffects.AUC, auc.estimate(), auc.low(), auc.high()),
                EFFECT,
                auc,
                0.5,
                "Of %d questions, %d are answered right; of a right and a wrong answer, the right one looks more like right ones in %.0f %% of pairs, with shuffled labels in %.0f %%."
                        .formatted(
                                scores.data().questions(),
                                scores.data().rights(),
                                100 * auc.estimate(),
                                100 * shuffled.mean()),
                evidence()
                        .withTest("labels shuffled", shuffled.pValue(auc.estimate()))
                        .withNull(shuffled.mean())
                        .withSmallest(SmallestEffects.AUC, shuffled.mean() + auc.detectable()));
    }

    /// Both readers must be better: the worse decides, and p is the larger.
    private Verdict more(String claim, List<Comparison> pairs) {
        Interval least =
                pairs.stream()
                        .map(Comparison::difference)
                        .min(Comparator.comparingDouble(Interval::estimate))
                        .orElseThrow();
        double p = pairs.stream().mapToDouble(pair -> pair.difference().pValue(0)).max().orElse(1);
        double worth = SmallestEffects.AUC_DIFFERENCE;
        Outcome outcome = Outcome.above(0, worth, least.estimate(), least.low(), least.high());
        return verdict(
                claim,
                outcome == Outcome.NO_EFFECT ? Outcome.NOT_SUPPORTED : outcome,
                MORE_EFFECT,
                least,
                0,
                "%s has %.2f; the profile has %.2f by nearest neighbours and %.2f by logistic regression."
                        .formatted(
                                capital(pairs.getFirst().second().features()),
                                pairs.getFirst().second().auc().estimate(),
                                pairs.getFirst().first().auc().estimate(),
                                pairs.getLast().first().auc().estimate()),
                evidence()
                        .withTest("difference against 0, the larger p of two readers", p)
                        .withNull(0)
                        .withSmallest(worth, least.detectable()));
    }

    private static String capital(String words) {
        return "The " + words + ", with nothing learnt,";
    }

    private Evidence evidence() {
        return Evidence.of(scores.data().questions(), "questions");
    }

    private Verdict notTestable(String claim, String effect, double threshold, String why) {
        return verdicts(threshold).notTestable(claim, effect, why);
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
