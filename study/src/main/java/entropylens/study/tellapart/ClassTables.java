package entropylens.study.tellapart;

import entropylens.study.classify.Comparison;
import entropylens.study.classify.Reading;
import entropylens.study.report.Table;
import entropylens.study.workbench.Intervals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

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
            tables.add(shuffled(model));
            if (!plan.own()) {
                tables.add(wordings(model));
            }
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
        return List.of(
                reading.features(),
                reading.reader(),
                reading.scheme(),
                Intervals.shown(reading.auc()),
                shown(reading.meanOfFolds()),
                Intervals.shown(reading.accuracy()));
    }

    private static Table comparisons(ClassReadings model) {
        return new Table(
                "Is the profile better? " + model.about().name(),
                List.of(
                        "profile beside",
                        "reader",
                        "folds",
                        "AUC of the profile",
                        "AUC of the control",
                        "difference (95 %)",
                        "p, t-test (the paper's)",
                        "p, corrected t-test",
                        "p, signed ranks"),
                Stream.of(model.controls(), model.layers(), model.beside())
                        .flatMap(List::stream)
                        .map(ClassTables::row)
                        .toList(),
                3);
    }

    private static List<Object> row(Comparison pair) {
        return List.of(
                pair.second().reader().endsWith("dummy")
                        ? pair.second().reader()
                        : pair.second().features(),
                pair.first().reader(),
                pair.first().scheme(),
                pair.first().auc().estimate(),
                pair.second().auc().estimate(),
                Intervals.shown(pair.difference()),
                pair.pairedT(),
                pair.correctedT(),
                pair.signedRanks());
    }

    private static Table shuffled(ClassReadings model) {
        List<List<Object>> rows = new ArrayList<>();
        for (Reading reading : model.all()) {
            reading.shuffled()
                    .ifPresent(found ->
                            rows.add(
                                    List.of(
                                            reading.reader(),
                                            reading.scheme(),
                                            reading.auc().estimate(),
                                            found.aucs().length,
                                            Intervals.shown(found.range(Intervals.LEVEL)),
                                            found.pValue(reading.auc().estimate()))));
        }
        return new Table(
                "The profile with shuffled labels: " + model.about().name(),
                List.of(
                        "reader",
                        "folds",
                        "AUC",
                        "shuffles",
                        "AUC of shuffles, mean (middle 95 %)",
                        "p"),
                rows,
                3);
    }

    /// The headline, and the same in other wordings, on the texts of each wording.
    private static Table wordings(ClassReadings model) {
        List<List<Object>> rows = new ArrayList<>();
        int[] wordings = model.texts().wordings();
        for (int wording : Arrays.stream(wordings).distinct().sorted().toArray()) {
            int[] weights = Arrays.stream(wordings).map(w -> w == wording ? 1 : 0).toArray();
            rows.add(
                    List.of(
                            wording + 1,
                            Arrays.stream(weights).sum(),
                            shown(model.headline().aucOf(weights)),
                            model.otherWordings()
                                    .map(reading -> shown(reading.aucOf(weights)))
                                    .orElse("–")));
        }
        return new Table(
                "Wording by wording: " + model.about().name(),
                List.of(
                        "wording, the n-th of each class",
                        "texts",
                        "AUC, folds " + model.headline().scheme(),
                        "AUC, learnt from other wordings"),
                rows,
                3);
    }

    private static Object shown(double auc) {
        // JSON has no NaN
        return Double.isNaN(auc) ? "–" : (Object) auc;
    }

    private static Table confusion(ClassPlan plan, List<ClassReadings> models) {
        List<String> columns = new ArrayList<>(List.of("model", plan.trueClass()));
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
