package entropylens.study.tellapart;

import entropylens.study.classify.Comparison;
import entropylens.study.classify.Reading;
import entropylens.study.report.Table;
import entropylens.study.workbench.Intervals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Tables of how well classes are told apart.
final class ClassTables {
    private static final int DIGITS = 3;

    private ClassTables() {}

    /// Readings and comparisons of every model, then what was taken for what.
    static List<Table> of(ClassPlan plan, List<ClassReadings> models) {
        List<Table> tables = new ArrayList<>();
        for (ClassReadings model : models) {
            tables.add(readings(model));
            tables.add(comparisons(model));
        }
        tables.add(confusion(plan, models));
        return tables;
    }

    private static Table readings(ClassReadings model) {
        return new Table(
                "All figures: " + model.about().name(),
                List.of(
                        "features",
                        "reader",
                        "folds",
                        "AUC (95 %)",
                        "AUC, mean of folds",
                        "accuracy (95 %)"),
                model.all().stream().map(ClassTables::row).toList(),
                DIGITS);
    }

    private static List<Object> row(Reading reading) {
        double mean = reading.meanOfFolds();
        return List.of(
                reading.features(),
                reading.reader(),
                reading.scheme(),
                Intervals.shown(reading.auc()),
                // JSON has no NaN
                Double.isNaN(mean) ? "–" : (Object) mean,
                Intervals.shown(reading.accuracy()));
    }

    private static Table comparisons(ClassReadings model) {
        return new Table(
                "Is the profile better? %s, folds %s"
                        .formatted(model.about().name(), model.headline().scheme()),
                List.of(
                        "profile beside",
                        "reader",
                        "difference of AUC (95 %)",
                        "p, t-test (the paper's)",
                        "p, corrected t-test",
                        "p, signed ranks",
                        "p, corrected t-test, after Holm"),
                model.comparisons().stream().map(ClassTables::row).toList(),
                4);
    }

    private static List<Object> row(Comparison pair) {
        return List.of(
                pair.second().reader().endsWith("dummy")
                        ? pair.second().reader()
                        : pair.second().features(),
                pair.first().reader(),
                Intervals.shown(pair.difference()),
                pair.pairedT(),
                pair.correctedT(),
                pair.signedRanks(),
                pair.holm());
    }

    private static Table confusion(ClassPlan plan, List<ClassReadings> models) {
        List<String> columns = new ArrayList<>(List.of("model", "asked for"));
        plan.classes().forEach(name -> columns.add("taken for " + name));
        columns.add("right");
        List<List<Object>> rows = new ArrayList<>();
        for (ClassReadings model : models) {
            int[][] counts = model.headline().confusion();
            for (int c = 0; c < counts.length; c++) {
                List<Object> row =
                        new ArrayList<>(List.of(model.about().name(), plan.classes().get(c)));
                Arrays.stream(counts[c]).forEach(row::add);
                row.add(counts[c][c] / (double) Arrays.stream(counts[c]).sum());
                rows.add(row);
            }
        }
        return new Table("What is taken for what, texts", columns, rows, DIGITS);
    }
}
