package entropylens.study.tellapart;

import entropylens.study.classify.Comparison;
import entropylens.study.classify.Reading;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.List;

/// What readings say of the claim that profiles tell classes apart.
final class ClassVerdict {
    private static final double CHANCE = 0.5;

    /// Above it there is no room for a difference that a test could find.
    private static final double CEILING = 0.995;

    private ClassVerdict() {}

    static Verdict notTestable(ClassPlan plan, Subject.About about, String why) {
        return Verdict.notTestable(
                plan.study(),
                plan.claim(),
                about.name(),
                effect("by " + plan.oneUnit()),
                Intervals.LEVEL,
                CHANCE,
                plan.paper(),
                "Not tested: %s; give more --samples.".formatted(why));
    }

    private static String effect(String folds) {
        return "macro one-against-rest AUC of profiles, folds " + folds;
    }

    static Verdict of(ClassPlan plan, ClassReadings readings) {
        Reading headline = readings.headline();
        return new Verdict(
                plan.study(),
                plan.claim(),
                readings.about().name(),
                outcome(readings),
                effect(headline.scheme()),
                headline.auc().estimate(),
                headline.auc().low(),
                headline.auc().high(),
                Intervals.LEVEL,
                CHANCE,
                plan.paper(),
                sentence(plan, readings));
    }

    /// Above chance is not enough: what is known of a text without a profile must do worse.
    static Outcome outcome(ClassReadings readings) {
        if (aboveChance(readings) != Outcome.SUPPORTED) {
            return aboveChance(readings);
        }
        if (readings.trivial().stream().allMatch(trivial -> beaten(readings, trivial))) {
            return Outcome.SUPPORTED;
        }
        double most = bestTrivial(readings).auc().estimate();
        return most >= readings.headline().auc().estimate()
                ? Outcome.NOT_SUPPORTED
                : Outcome.UNDECIDED;
    }

    private static boolean beaten(ClassReadings readings, Reading control) {
        return readings.comparisons().stream()
                .filter(pair ->
                        pair.first().equals(readings.headline()) && pair.second().equals(control))
                .anyMatch(Comparison::firstIsBetter);
    }

    private static Reading bestTrivial(ClassReadings readings) {
        Reading best = readings.trivial().getFirst();
        for (Reading reading : readings.trivial()) {
            best = reading.auc().estimate() > best.auc().estimate() ? reading : best;
        }
        return best;
    }

    private static String sentence(ClassPlan plan, ClassReadings readings) {
        Reading headline = readings.headline();
        List<String> parts = new ArrayList<>();
        parts.add(found(plan, readings));
        parts.add(
                "%s: AUC %.2f, accuracy %.2f of %.2f by chance"
                        .formatted(
                                headline.reader(),
                                headline.auc().estimate(),
                                headline.accuracy().estimate(),
                                1.0 / plan.classes().size()));
        for (Reading trivial : readings.trivial()) {
            parts.add("%s: %.2f".formatted(trivial.features(), trivial.auc().estimate()));
        }
        readings.twin()
                .ifPresent(twin ->
                        parts.add(
                                "untrained twin: %.2f%s"
                                        .formatted(
                                                twin.auc().estimate(),
                                                beaten(readings, twin)
                                                        ? ""
                                                        : " (not worse beyond chance)")));
        parts.add(
                "folds %s: %.2f"
                        .formatted(
                                readings.otherFolds().scheme(),
                                readings.otherFolds().auc().estimate()));
        return String.join("; ", parts) + ".";
    }

    private static String found(ClassPlan plan, ClassReadings readings) {
        String what = plan.what();
        return switch (outcome(readings)) {
            case SUPPORTED ->
                    "Profiles tell %s apart, better than what is known without them"
                            .formatted(what);
            case UNDECIDED ->
                    aboveChance(readings) == Outcome.SUPPORTED
                            ? "Profiles tell %s apart, but that they do so better than %s is not beyond chance"
                                    .formatted(what, unbeaten(readings))
                            : "Whether profiles tell %s apart is open".formatted(what);
            case NOT_SUPPORTED, NO_EFFECT, BY_CONSTRUCTION ->
                    aboveChance(readings) == Outcome.SUPPORTED
                            ? "Told apart, but %s does as well%s"
                                    .formatted(
                                            named(bestTrivial(readings)),
                                            readings.headline().auc().estimate() > CEILING
                                                    ? ", and nothing could do better"
                                                    : "")
                            : "Profiles do not tell %s apart".formatted(what);
            case NOT_TESTABLE -> "Not testable";
        };
    }

    private static Outcome aboveChance(ClassReadings readings) {
        Interval auc = readings.headline().auc();
        return Verdict.above(CHANCE, auc.low(), auc.high());
    }

    private static String unbeaten(ClassReadings readings) {
        return readings.trivial().stream()
                .filter(trivial -> !beaten(readings, trivial))
                .map(ClassVerdict::named)
                .findFirst()
                .orElse("chance");
    }

    private static String named(Reading trivial) {
        return trivial.features().equals(ClassFeatures.BOTH)
                ? "length with last-layer entropy"
                : trivial.features();
    }
}
