package entropylens.study.tellapart;

import entropylens.study.classify.Comparison;
import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.BesideTwin;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.Verdicts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Whether the mean profiles of a user's labels differ in any layer.
final class GroupVerdict {
    private static final String EFFECT =
            "difference of the mean entropies of two labels in the layer where they differ most, nats; layer and labels are chosen by one half of the %s and measured on the other";

    private GroupVerdict() {}

    static Verdict differ(
            ClassPlan plan,
            ClassReadings readings,
            GroupDifferences differences,
            String lengthsName) {
        Interval difference = differences.largest().difference();
        double worth = SmallestEffects.ENTROPY_DIFFERENCE;
        BesideTwin beside =
                new BesideTwin(difference, differences.twin().map(found -> found.difference()));
        Outcome alone =
                Outcome.above(0, worth, difference.estimate(), difference.low(), difference.high());
        double p = differences.tests().smallest();
        Outcome outcome =
                alone == Outcome.SUPPORTED && p >= Verdict.ALPHA ? Outcome.UNDECIDED : alone;
        Evidence evidence =
                evidence(plan, readings, beside)
                        .withTest(
                                "largest F over layers with labels exchanged between %s, and above the untrained twin's; the larger p"
                                        .formatted(plan.unit()),
                                beside.pValue(p))
                        .withNull(0)
                        .withSmallest(worth, difference.detectable())
                        .withSeeds("seeds of the halves", differences.overSeeds());
        return new Verdicts(plan.study(), readings.about().name(), 0, plan.paper())
                .of(
                        "(iii) mean profiles of %s differ".formatted(plan.what()),
                        beside.outcome(outcome, worth),
                        EFFECT.formatted(plan.unit()),
                        difference,
                        sentence(plan, readings, differences, lengthsName)
                                + readings.about().caution(plan.known()),
                        evidence);
    }

    private static Evidence evidence(ClassPlan plan, ClassReadings readings, BesideTwin beside) {
        int groups = (int) Arrays.stream(readings.texts().cases().groups()).distinct().count();
        Evidence evidence = Evidence.of(groups, plan.unit());
        return beside.twin()
                .map(twin -> evidence.withTwin(twin.estimate()))
                .orElseGet(() -> evidence.withoutTwin("not measured"));
    }

    private static String sentence(
            ClassPlan plan,
            ClassReadings readings,
            GroupDifferences differences,
            String lengthsName) {
        int layer = differences.largest().feature();
        int first = differences.largest().first();
        int second = differences.largest().second();
        List<String> parts = new ArrayList<>();
        parts.add(
                "By all prompts most in layer %d of %d: %s %.2f, %s %.2f nats"
                        .formatted(
                                layer + 1,
                                readings.about().blocks(),
                                plan.classes().get(first),
                                differences.means()[first][layer],
                                plan.classes().get(second),
                                differences.means()[second][layer]));
        List<Integer> layers = differences.layers(Verdict.ALPHA);
        parts.add(
                layers.isEmpty()
                        ? "No layer's p is below %.2f after correction for the number of layers"
                                .formatted(Verdict.ALPHA)
                        : "Layers whose p is below %.2f after correction for their number: %s"
                                .formatted(Verdict.ALPHA, ranges(layers)));
        double lengths = lengths(readings, lengthsName);
        if (lengths >= SmallestEffects.AUC) {
            parts.add(
                    "By %s alone the labels have an AUC of %.2f, so a difference may be one of length"
                            .formatted(lengthsName, lengths));
        }
        return String.join(". ", parts) + ".";
    }

    /// What a reader makes of the lengths: the better of two.
    private static double lengths(ClassReadings readings, String lengthsName) {
        return readings.controls().stream()
                .map(Comparison::second)
                .filter(reading -> reading.features().equals(lengthsName))
                .mapToDouble(reading -> reading.auc().estimate())
                .max()
                .orElse(0);
    }

    /// As "3 to 7, 9".
    static String ranges(List<Integer> layers) {
        List<String> ranges = new ArrayList<>();
        for (int from = 0; from < layers.size(); ) {
            int to = from;
            while (to + 1 < layers.size() && layers.get(to + 1) == layers.get(to) + 1) {
                to++;
            }
            ranges.add(
                    to == from
                            ? String.valueOf(layers.get(from))
                            : "%d to %d".formatted(layers.get(from), layers.get(to)));
            from = to + 1;
        }
        return String.join(", ", ranges);
    }
}
