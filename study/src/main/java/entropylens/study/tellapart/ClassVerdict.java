package entropylens.study.tellapart;

import entropylens.study.classify.Cases;
import entropylens.study.classify.Comparison;
import entropylens.study.classify.Reading;
import entropylens.study.classify.ShuffledNull;
import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.BesideTwin;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Verdicts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What readings say of the claim that profiles tell classes apart. Three verdicts: whether they do
/// at all; whether they do so better than what is known without them; whether the layers before the
/// last add to it. Where several figures must hold together, the weakest decides, and p is the
/// largest.
final class ClassVerdict {
    private static final double CHANCE = 0.5;
    private static final String MORE_EFFECT =
            "AUC of profiles less that of the best control, by the same reader and folds";
    private static final String LAYERS_EFFECT =
            "AUC of all layers less that of the last layer, both token by token, logistic regression";
    private static final String FOLDS = "seeds of the folds";
    private static final String NOT_MEASURED = "no such control there";

    private final ClassPlan plan;
    private final ClassReadings readings;

    private ClassVerdict(ClassPlan plan, ClassReadings readings) {
        this.plan = plan;
        this.readings = readings;
    }

    /// @param cases of which one class is too rare
    static List<Verdict> notTestable(ClassPlan plan, Subject.About about, Cases cases, String why) {
        return List.of(
                notInOtherWordings(plan, about, cases, "%s; give more --samples".formatted(why)));
    }

    /// That it cannot be told whether classes are told apart in other wordings.
    static Verdict notInOtherWordings(
            ClassPlan plan, Subject.About about, Cases cases, String why) {
        return new Verdicts(plan.study(), about.name(), CHANCE, plan.paper())
                .notTestable(
                        plan.claimOfChance(),
                        effect(plan),
                        "%s.".formatted(why),
                        Evidence.of(groups(cases), plan.unit())
                                .withNull(CHANCE)
                                .withSmallest(SmallestEffects.AUC, Double.NaN));
    }

    static List<Verdict> of(ClassPlan plan, ClassReadings readings) {
        ClassVerdict verdict = new ClassVerdict(plan, readings);
        return List.of(verdict.chance(), verdict.more(), verdict.layers());
    }

    private List<Reading> profiles() {
        return Stream.concat(Stream.of(readings.headline()), readings.otherWordings().stream())
                .toList();
    }

    private Verdict chance() {
        Reading weakest =
                profiles().stream()
                        .min(Comparator.comparingDouble(reading -> reading.auc().estimate()))
                        .orElseThrow();
        Interval auc = weakest.auc();
        double shuffled = weakest.shuffled().map(ShuffledNull::mean).orElse(CHANCE);
        double nothing = Math.max(CHANCE, shuffled);
        double worth = SmallestEffects.AUC;
        double p = profiles().stream().mapToDouble(ClassVerdict::pOf).max().orElse(Double.NaN);
        Outcome alone = Outcome.above(nothing, worth, auc.estimate(), auc.low(), auc.high());
        BesideTwin beside = new BesideTwin(auc, readings.twin().map(Reading::auc));
        Evidence evidence =
                withTwin(beside)
                        .withTest(
                                "%s, and above the untrained twin's; the largest p"
                                        .formatted(plan.shuffled()),
                                beside.pValue(p))
                        .withNull(shuffled)
                        .withSmallest(worth, nothing + auc.detectable())
                        .withSeeds(FOLDS, readings.overSeeds());
        return verdict(
                readings.otherWordings().isPresent()
                        ? plan.claimOfChance()
                        : plan.claimOfOneWording(),
                beside.outcome(alone, worth),
                effect(plan) + ", folds " + weakest.scheme(),
                auc,
                nothing,
                plan.paper(),
                chanceInWords(),
                evidence);
    }

    private static String effect(ClassPlan plan) {
        return plan.auc() + " of profiles";
    }

    private static double pOf(Reading reading) {
        return reading.shuffled()
                .map(found -> found.pValue(reading.auc().estimate()))
                .orElse(Double.NaN);
    }

    private String chanceInWords() {
        List<String> parts = new ArrayList<>();
        for (Reading reading : profiles()) {
            parts.add("folds %s: %.2f".formatted(reading.scheme(), reading.auc().estimate()));
        }
        readings.otherFolds()
                .ifPresent(other ->
                        parts.add(
                                "folds %s: %.2f"
                                        .formatted(other.scheme(), other.auc().estimate())));
        readings.headline()
                .shuffled()
                .ifPresent(found -> parts.add("labels shuffled: %.2f".formatted(found.mean())));
        readings.twin()
                .ifPresent(
                        twin -> parts.add("untrained twin: %.2f".formatted(twin.auc().estimate())));
        return "AUC of profiles by %s: %s. Accuracy %.2f of %.2f by chance%s."
                .formatted(
                        readings.headline().reader(),
                        String.join("; ", parts),
                        readings.headline().accuracy().estimate(),
                        1.0 / plan.classes().size(),
                        plan.own()
                                ? ", and %.2f by always naming the most frequent label"
                                        .formatted(readings.texts().mostFrequent())
                                : "");
    }

    private Verdict more() {
        Comparison hardest = hardest(readings.controls());
        double p = readings.controls().stream().mapToDouble(ClassVerdict::pBetter).max().orElse(1);
        Interval difference = hardest.difference();
        BesideTwin beside = beside(difference, readings.controlElsewhere());
        return verdict(
                plan.claimOfMore(),
                beside.outcome(better(readings.controls(), p), SmallestEffects.AUC_DIFFERENCE),
                MORE_EFFECT,
                difference,
                0,
                NOT_MEASURED,
                "Of %d controls, the hardest is “%s” (%s, folds %s): AUC %.2f, where the profile has %.2f.%s"
                        .formatted(
                                readings.controls().stream()
                                        .map(pair -> pair.second().features())
                                        .distinct()
                                        .count(),
                                hardest.second().features(),
                                hardest.second().reader(),
                                hardest.second().scheme(),
                                hardest.second().auc().estimate(),
                                hardest.first().auc().estimate(),
                                othersUnbeaten(hardest)),
                withTwin(beside)
                        .withTest(
                                "corrected t over folds of all controls, and above the untrained twin's; the largest p",
                                beside.pValue(p))
                        .withSeeds(FOLDS, readings.controlElsewhere().overSeeds())
                        .withNull(0)
                        .withSmallest(SmallestEffects.AUC_DIFFERENCE, difference.detectable()));
    }

    private String othersUnbeaten(Comparison hardest) {
        List<String> names =
                readings.controls().stream()
                        .filter(pair -> pair.difference().estimate() <= 0)
                        .map(pair -> pair.second().features())
                        .filter(name -> !name.equals(hardest.second().features()))
                        .distinct()
                        .toList();
        return names.isEmpty()
                ? ""
                : " As good as the profile or better by one of the readers: %s."
                        .formatted(String.join(", ", names));
    }

    private Verdict layers() {
        Comparison hardest = hardest(readings.layers());
        double p = readings.layers().stream().mapToDouble(ClassVerdict::pBetter).max().orElse(1);
        BesideTwin beside = beside(hardest.difference(), readings.layersElsewhere());
        List<String> parts = new ArrayList<>();
        for (Comparison pair : readings.layers()) {
            parts.add(
                    "folds %s: all layers %.2f, last layer %.2f"
                            .formatted(
                                    pair.first().scheme(),
                                    pair.first().auc().estimate(),
                                    pair.second().auc().estimate()));
        }
        return verdict(
                plan.claimOfLayers(),
                beside.outcome(better(readings.layers(), p), SmallestEffects.AUC_DIFFERENCE),
                LAYERS_EFFECT,
                hardest.difference(),
                0,
                NOT_MEASURED,
                String.join("; ", parts) + ".",
                withTwin(beside)
                        .withTest(
                                "corrected t over folds, and above the untrained twin's; the largest p",
                                beside.pValue(p))
                        .withSeeds(FOLDS, readings.layersElsewhere().overSeeds())
                        .withNull(0)
                        .withSmallest(
                                SmallestEffects.AUC_DIFFERENCE, hardest.difference().detectable()));
    }

    private static Comparison hardest(List<Comparison> pairs) {
        return pairs.stream()
                .min(Comparator.comparingDouble(pair -> pair.difference().estimate()))
                .orElseThrow();
    }

    /// Of a difference that points the other way, the claim that the first is better has p = 1.
    private static double pBetter(Comparison pair) {
        return pair.difference().estimate() > 0 ? pair.correctedT() : 1;
    }

    /// Better than each control by as much as is worth the name; not, where one of them does as
    /// well.
    private static Outcome better(List<Comparison> pairs, double p) {
        Interval least = hardest(pairs).difference();
        if (p < Verdict.ALPHA && least.estimate() >= SmallestEffects.AUC_DIFFERENCE) {
            return Outcome.SUPPORTED;
        }
        boolean asWell =
                least.estimate() <= 0
                        || pairs.stream()
                                .anyMatch(pair ->
                                        pair.difference().high() < SmallestEffects.AUC_DIFFERENCE);
        return asWell ? Outcome.NOT_SUPPORTED : Outcome.UNDECIDED;
    }

    private static BesideTwin beside(Interval difference, Contrast.Elsewhere elsewhere) {
        return new BesideTwin(difference, elsewhere.twin().map(Comparison::difference));
    }

    private Evidence withTwin(BesideTwin beside) {
        return beside.twin()
                .map(found -> evidence().withTwin(found.estimate()))
                .orElseGet(() -> evidence().withoutTwin("not measured"));
    }

    private Evidence evidence() {
        return Evidence.of(groups(readings.texts().cases()), plan.unit());
    }

    private static int groups(Cases cases) {
        return (int) Arrays.stream(cases.groups()).distinct().count();
    }

    private Verdict verdict(
            String claim,
            Outcome outcome,
            String effect,
            Interval interval,
            double threshold,
            String paper,
            String sentence,
            Evidence evidence) {
        String caution = readings.about().caution(plan.known());
        return new Verdicts(plan.study(), readings.about().name(), threshold, paper)
                .of(claim, outcome, effect, interval, sentence + caution, evidence);
    }
}
