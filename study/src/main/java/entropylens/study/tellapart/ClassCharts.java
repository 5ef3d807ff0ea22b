package entropylens.study.tellapart;

import entropylens.data.StoredText;
import entropylens.study.classify.Reading;
import entropylens.study.report.Chart;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// Charts of how well classes are told apart, the same in all studies that do so.
final class ClassCharts {
    /// Columns of a heat map.
    private static final int MAX_TOKENS = 32;

    private final ClassPlan plan;
    private final StudySettings settings;

    ClassCharts(ClassPlan plan, StudySettings settings) {
        this.plan = plan;
        this.settings = settings;
    }

    /// The headline beside its controls.
    Chart auc(List<ClassReadings> models) {
        List<String> categories = new ArrayList<>();
        List<Map<String, Interval>> ofModels = new ArrayList<>();
        for (ClassReadings model : models) {
            Map<String, Interval> bars = bars(model);
            bars.keySet().stream()
                    .filter(name -> !categories.contains(name))
                    .forEach(categories::add);
            ofModels.add(bars);
        }
        List<Chart.Series> series = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            series.add(bar(models.get(i).about(), categories, ofModels.get(i)));
        }
        return bars(
                plan.study() + "-auc",
                "How well %s are told apart".formatted(plan.what()),
                "%s with its 95 %% interval over %s; 0.5 is chance. Read by %s and, unless said otherwise, in folds %s; the tables have the other readers."
                        .formatted(
                                plan.own() && plan.classes().size() == 2
                                        ? plan.auc()
                                        : "Macro one-against-rest AUC",
                                plan.unit(),
                                plan.headline().name(),
                                plan.headlineFolds(settings)),
                categories,
                series);
    }

    private Map<String, Interval> bars(ClassReadings model) {
        Map<String, Interval> bars = new LinkedHashMap<>();
        for (Reading reading : model.all()) {
            // features of several units are read standardised, under the same name
            boolean headlineReader = reading.reader().equals(model.headline().reader());
            boolean headlineFolds = reading.scheme().equals(model.headline().scheme());
            boolean profile = reading.features().equals(ClassPlan.PROFILE);
            boolean logistic = reading.reader().startsWith("logistic");
            boolean dummy = reading.reader().endsWith("dummy");
            if (headlineReader) {
                bars.put(
                        headlineFolds
                                ? reading.features()
                                : reading.features() + ", folds " + reading.scheme(),
                        reading.auc());
            } else if (dummy) {
                bars.put("guessing", reading.auc());
            } else if (logistic && profile && headlineFolds) {
                bars.put("profile, logistic regression", reading.auc());
            }
        }
        return bars;
    }

    private static Chart.Series bar(
            Subject.About about, List<String> categories, Map<String, Interval> bars) {
        Interval[] values = bars.values().toArray(Interval[]::new);
        double[] x = bars.keySet().stream().mapToDouble(categories::indexOf).toArray();
        return Intervals.series(about.name(), about.family(), x, values);
    }

    /// A bar for each name and model.
    ///
    /// @param values of each model, in the order of the names
    Chart aucBy(
            String id,
            String title,
            String caption,
            List<String> names,
            List<ClassReadings> models,
            List<List<Interval>> values) {
        List<Chart.Series> series = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            Map<String, Interval> bars = new LinkedHashMap<>();
            for (int n = 0; n < names.size(); n++) {
                bars.put(names.get(n), values.get(i).get(n));
            }
            series.add(bar(models.get(i).about(), names, bars));
        }
        return bars(id, title, caption, names, series);
    }

    private static Chart bars(
            String id,
            String title,
            String caption,
            List<String> categories,
            List<Chart.Series> series) {
        return new Chart(
                id, title, caption, Chart.Kind.BAR, "", "AUC", categories, List.of(), series);
    }

    /// Mean profiles of the classes of each model.
    List<Chart> profiles(List<ClassReadings> models) {
        List<Chart> charts = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            charts.add(profile(models.get(i), models.size() == 1 ? "" : "-" + (i + 1)));
        }
        return charts;
    }

    private Chart profile(ClassReadings model, String suffix) {
        double[][] profiles =
                WindowFeatures.ofAll(model.texts().values(ClassConclusion.ENTROPY), 1);
        List<Chart.Series> series = new ArrayList<>();
        for (int c = 0; c < plan.classes().size(); c++) {
            String name = plan.classes().get(c);
            Interval[] means =
                    Intervals.ofMeans(model.texts().meansOfGroups(profiles, c), settings);
            double[] depths = model.about().depths(1, means.length);
            series.add(Intervals.series(name, name, depths, means));
        }
        return new Chart(
                plan.study() + "-profile" + suffix,
                "Mean profiles of %s: %s".formatted(plan.what(), model.about().name()),
                "Mean over tokens and texts, with its 95 %% interval over %s."
                        .formatted(plan.unit()),
                Chart.Kind.LINE,
                "relative depth l / L",
                "entropy, nats",
                List.of(),
                List.of(),
                series);
    }

    /// The entropies of one text of each class, the first of the model: tokens across, layers down.
    List<Chart> examples(List<ClassReadings> models) {
        List<Chart> charts = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            for (int c = 0; c < plan.classes().size(); c++) {
                charts.add(example(models.get(i), i + 1, c));
            }
        }
        return charts;
    }

    private Chart example(ClassReadings model, int number, int label) {
        StoredText text = model.texts().texts().get(model.texts().rowsOf(label)[0]);
        double[][] entropy = text.statistic(ClassConclusion.ENTROPY);
        int tokens = Math.min(MAX_TOKENS, entropy.length);
        int layers = entropy[0].length;
        double[] cells = new double[layers * tokens];
        for (int layer = 0; layer < layers; layer++) {
            for (int token = 0; token < tokens; token++) {
                cells[layer * tokens + token] = entropy[token][layer];
            }
        }
        String name = plan.classes().get(label);
        return new Chart(
                "%s-example-%d-%d".formatted(plan.study(), number, label + 1),
                "Entropy of one text, token by token: %s, %s".formatted(name, model.about().name()),
                "The first of its texts, which reads: “%s”. Column 1 is the last prompt token."
                        .formatted(Objects.toString(text.text().generatedText(), "")),
                Chart.Kind.HEATMAP,
                "token",
                "entropy, nats",
                IntStream.rangeClosed(1, tokens).mapToObj(String::valueOf).toList(),
                IntStream.rangeClosed(1, layers).mapToObj(layer -> "layer " + layer).toList(),
                List.of(Chart.Series.of("entropy", "entropy", indices(cells.length), cells)));
    }

    /// What is taken for what, as shares of the true class.
    Chart confusion(List<ClassReadings> models) {
        List<String> rows = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (ClassReadings model : models) {
            int[][] counts = model.headline().confusion();
            for (int c = 0; c < counts.length; c++) {
                String name = plan.classes().get(c);
                rows.add(models.size() == 1 ? name : model.about().name() + ": " + name);
                double all = Arrays.stream(counts[c]).sum();
                Arrays.stream(counts[c]).forEach(count -> shares.add(count / all));
            }
        }
        double[] values = shares.stream().mapToDouble(Double::doubleValue).toArray();
        return new Chart(
                plan.study() + "-confusion",
                "What is taken for what",
                "Rows: %s. Columns: what %s took it for, in folds %s."
                        .formatted(
                                plan.own() ? "the label" : "what was asked for",
                                plan.headline().name(),
                                plan.headlineFolds(settings)),
                Chart.Kind.HEATMAP,
                "taken for",
                "share of the texts of the row",
                plan.classes(),
                rows,
                List.of(Chart.Series.of("share", "share", indices(values.length), values)));
    }

    private static double[] indices(int length) {
        return IntStream.range(0, length).asDoubleStream().toArray();
    }
}
