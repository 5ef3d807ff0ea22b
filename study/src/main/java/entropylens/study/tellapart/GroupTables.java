package entropylens.study.tellapart;

import entropylens.data.LeftOut;
import entropylens.study.classify.FeatureTests;
import entropylens.study.classify.Reading;
import entropylens.study.report.Table;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Tables of a user's labels.
///
/// @param plan the labels
record GroupTables(ClassPlan plan) {
    private static final int DIGITS = 3;

    /// Rows of the user's that are named in the report; all are in `problems.parquet`.
    private static final int MOST_LEFT_OUT = 50;

    /// The test of each layer.
    Table layers(ClassReadings model, GroupDifferences differences) {
        FeatureTests tests = differences.tests();
        List<String> columns = new ArrayList<>(List.of("layer"));
        plan.classes().forEach(label -> columns.add("mean entropy of " + label));
        columns.addAll(List.of("share of the variance", "F", "p", "p, corrected for all layers"));
        List<List<Object>> rows = new ArrayList<>();
        for (int layer = 0; layer < tests.f().length; layer++) {
            List<Object> row = new ArrayList<>(List.of(layer + 1));
            for (double[] means : differences.means()) {
                row.add(means[layer]);
            }
            row.addAll(
                    List.of(
                            tests.share()[layer],
                            tests.f()[layer],
                            tests.p()[layer],
                            tests.adjusted()[layer]));
            rows.add(row);
        }
        return new Table("Where labels differ: " + model.about().name(), columns, rows, DIGITS);
    }

    /// Expansion and pruning of each label.
    Table moves(ClassReadings model, GroupDifferences differences) {
        List<List<Object>> rows = new ArrayList<>();
        for (int label = 0; label < plan.classes().size(); label++) {
            Interval expansion = differences.expansion()[label];
            Interval pruning = differences.pruning()[label];
            rows.add(
                    List.of(
                            plan.classes().get(label),
                            Intervals.shown(expansion),
                            Intervals.shown(pruning)));
        }
        return new Table(
                "Expansion and pruning, nats a layer: " + model.about().name(),
                List.of("label", "expansion (95 %)", "pruning (95 %)"),
                rows,
                DIGITS);
    }

    /// Accuracy beside what needs no profile.
    Table accuracy(List<ClassReadings> models) {
        List<List<Object>> rows = new ArrayList<>();
        for (ClassReadings model : models) {
            for (Reading reading : model.all()) {
                if (reading.features().equals(ClassPlan.PROFILE)) {
                    rows.add(
                            List.of(
                                    model.about().name(),
                                    reading.reader(),
                                    reading.scheme(),
                                    Intervals.shown(reading.accuracy()),
                                    1.0 / plan.classes().size(),
                                    model.texts().mostFrequent()));
                }
            }
        }
        return new Table(
                "Accuracy of profiles",
                List.of(
                        "model",
                        "reader",
                        "folds",
                        "accuracy (95 %)",
                        "by chance",
                        "most frequent label"),
                rows,
                DIGITS);
    }

    /// How many prompts each label has, and how long they are.
    Table prompts(List<ClassReadings> models) {
        List<List<Object>> rows = new ArrayList<>();
        for (ClassReadings model : models) {
            LabelledTexts texts = model.texts();
            for (int label = 0; label < plan.classes().size(); label++) {
                int[] of = texts.rowsOf(label);
                rows.add(
                        List.of(
                                model.about().name(),
                                plan.classes().get(label),
                                of.length,
                                Arrays.stream(of)
                                        .map(row -> texts.cases().groups()[row])
                                        .distinct()
                                        .count(),
                                mean(of, row -> LabelledTexts.prompted(texts.texts().get(row))),
                                mean(
                                        of,
                                        row ->
                                                texts.texts()
                                                        .get(row)
                                                        .statistic(ClassConclusion.ENTROPY)
                                                        .length)));
            }
        }
        return new Table(
                "Prompts",
                List.of(
                        "model",
                        "label",
                        "prompts",
                        plan.unit().equals("groups") ? "groups" : "groups (single prompts)",
                        "mean tokens of a prompt",
                        "mean positions measured"),
                rows,
                1);
    }

    private static double mean(int[] rows, java.util.function.IntToDoubleFunction of) {
        return Arrays.stream(rows).mapToDouble(of).average().orElse(0);
    }

    /// Rows of the user's files that were not measured.
    static Table leftOut(List<LeftOut> rows) {
        return new Table(
                "Rows left out: %d%s"
                        .formatted(
                                rows.size(),
                                rows.size() > MOST_LEFT_OUT
                                        ? ", the first %d".formatted(MOST_LEFT_OUT)
                                        : ""),
                List.of("why"),
                rows.stream()
                        .limit(MOST_LEFT_OUT)
                        .map(row -> List.<Object>of(row.reason()))
                        .toList(),
                0);
    }
}
