package entropylens.study.tellapart;

import entropylens.study.report.Chart;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Charts of how the mean profiles of a user's labels differ.
///
/// @param plan the labels
record GroupCharts(ClassPlan plan) {
    /// By how much each label's mean entropy differs from the others', layer by layer. Of two
    /// labels, one line says it all.
    ///
    /// @param suffix of the chart's id, where there are several models
    Chart fromOthers(Subject.About about, GroupDifferences differences, String suffix) {
        boolean two = plan.classes().size() == 2;
        List<Chart.Series> series = new ArrayList<>();
        for (int label = 0; label < (two ? 1 : plan.classes().size()); label++) {
            Interval[] values = differences.fromOthers()[label];
            String name =
                    two
                            ? "%s less %s".formatted(plan.classes().get(0), plan.classes().get(1))
                            : plan.classes().get(label);
            series.add(
                    Intervals.series(
                            name,
                            plan.classes().get(label),
                            about.depths(1, values.length),
                            values));
        }
        List<Integer> layers = differences.layers(entropylens.study.report.Verdict.ALPHA);
        return new Chart(
                Groups.ID + "-differences" + suffix,
                "Where labels differ: " + about.name(),
                "%s, with its 95 %% interval over %s. Layers whose p is below 0.05 after correction for the number of layers: %s."
                        .formatted(
                                two
                                        ? "Difference of the mean entropies of the two labels"
                                        : "Mean entropy of each label less the mean of the others",
                                plan.unit(),
                                layers.isEmpty() ? "none" : GroupVerdict.ranges(layers)),
                Chart.Kind.LINE,
                "relative depth l / L",
                "difference of entropies, nats",
                List.of(),
                List.of(),
                series);
    }

    /// How much the entropy rises and falls from layer to layer, by label.
    Chart moves(Subject.About about, GroupDifferences differences, String suffix) {
        double[] places = IntStream.range(0, plan.classes().size()).asDoubleStream().toArray();
        return new Chart(
                Groups.ID + "-moves" + suffix,
                "Expansion and pruning by label: " + about.name(),
                "Mean over layers of ΔH where it is above 0 (expansion) and of −ΔH where it is below 0 (pruning), of each prompt's profile; with its 95 %% interval over %s."
                        .formatted(plan.unit()),
                Chart.Kind.BAR,
                "",
                "nats a layer",
                plan.classes(),
                List.of(),
                List.of(
                        Intervals.series("expansion", "expansion", places, differences.expansion()),
                        Intervals.series("pruning", "pruning", places, differences.pruning())));
    }
}
