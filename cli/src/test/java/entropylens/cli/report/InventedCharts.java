package entropylens.cli.report;

import entropylens.study.report.Chart;
import entropylens.study.report.Chart.Kind;
import entropylens.study.report.Chart.Series;
import entropylens.study.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// The charts of [InventedReport]: made up, from fixed seeds.
final class InventedCharts {
    private static final List<String> FAMILIES = List.of("alfa", "bravo", "charlie", "delta");

    private InventedCharts() {}

    /// Four families of three sizes, each trained and not: 16 lines over their own depths.
    static Chart profiles() {
        List<Series> series = new ArrayList<>();
        for (int family = 0; family < FAMILIES.size(); family++) {
            for (int size = 0; size < 3; size++) {
                String name = FAMILIES.get(family) + "-" + (2 << size) + "m";
                series.add(profile(name, FAMILIES.get(family), 4 + 4 * size, family, size, false));
            }
            series.add(
                    profile(
                                    FAMILIES.get(family) + "-2m, untrained",
                                    FAMILIES.get(family),
                                    4,
                                    family,
                                    9,
                                    true)
                            .asControl());
        }
        return new Chart(
                "profiles",
                "Entropy profiles of sixteen models",
                "Mean over 64 samples of 32 tokens; bands are 95 % bootstrap intervals. Dashed: the same architecture with random weights, whose entropy stays near that of a uniform choice.",
                Kind.LINE,
                "relative depth l / L",
                "entropy of the next-token distribution, nats",
                List.of(),
                List.of(),
                series);
    }

    private static Series profile(
            String name, String group, int layers, int family, int size, boolean flat) {
        Random random = new Random(31L * family + size);
        double[] x =
                IntStream.rangeClosed(1, layers).mapToDouble(l -> (double) l / layers).toArray();
        double[] y =
                Arrays.stream(x)
                        .map(depth ->
                                flat
                                        ? 6.6 + 0.05 * random.nextGaussian()
                                        : 1.2
                                                + 3.6
                                                        * Math.exp(
                                                                -Math.pow(
                                                                        (depth
                                                                                        - 0.25
                                                                                        - 0.15
                                                                                                * family)
                                                                                / 0.25,
                                                                        2))
                                                + 0.3 * size
                                                + 0.1 * random.nextGaussian())
                        .toArray();
        double[] low = Arrays.stream(y).map(v -> v - 0.12 - 0.04 * v).toArray();
        double[] high = Arrays.stream(y).map(v -> v + 0.12 + 0.04 * v).toArray();
        return Series.of(name, group, x, y).with(low, high);
    }

    /// Two lines over the same numbers, one with a gap, and names that are hostile.
    static Chart oneModel() {
        double[] x = {1, 2, 3, 4, 5, 6};
        double[] all = {0.3, 1.3, 2.05, 1.5, 0.9, 0.57};
        double[] gap = {0.5, 1.1, Double.NaN, 1.4, 1.2, 0.8};
        return new Chart(
                "one-model",
                InventedReport.HOSTILE,
                "A gap where nothing was measured. " + InventedReport.HOSTILE,
                Kind.LINE,
                "layer",
                "entropy, nats",
                List.of(),
                List.of(),
                List.of(
                        Series.of("__proto__", "__proto__", x, all),
                        Series.of(InventedReport.HOSTILE, "constructor", x, gap)
                                .with(minus(gap, -0.2), minus(gap, 0.2))));
    }

    private static double[] minus(double[] values, double by) {
        return Arrays.stream(values).map(value -> value + by).toArray();
    }

    static Chart points() {
        List<Series> series = new ArrayList<>();
        for (int family = 0; family < FAMILIES.size(); family++) {
            for (int member = 0; member < 2; member++) {
                series.add(cloud(family, member));
            }
        }
        series.add(cloud(4, 0).asControl());
        return new Chart(
                "map",
                "Every sample a point: t-SNE of the profiles",
                "Perplexity 20, started from the principal components. Distances between far clusters mean little.",
                Kind.SCATTER,
                "first coordinate",
                "second coordinate",
                List.of(),
                List.of(),
                series);
    }

    private static Series cloud(int family, int member) {
        Random random = new Random(100L * family + member);
        double[] x =
                random.doubles(64)
                        .map(u -> 12 * family + 3 * member + 4 * random.nextGaussian())
                        .toArray();
        double[] y =
                random.doubles(64)
                        .map(u -> 9 * (family % 3) - 4 * member + 3 * random.nextGaussian())
                        .toArray();
        String group = family < FAMILIES.size() ? FAMILIES.get(family) : "untrained";
        return Series.of(group + "-" + (2 << member) + "m", group, x, y);
    }

    static Chart distances() {
        List<String> names = new ArrayList<>();
        FAMILIES.forEach(
                family -> names.addAll(List.of(family + "-2m", family + "-4m", family + "-8m")));
        int n = names.size();
        Random random = new Random(5);
        double[] cells = new double[n * n];
        for (int row = 0; row < n; row++) {
            for (int column = 0; column < row; column++) {
                double distance = (row / 3 == column / 3 ? 0.2 : 0.9) + 0.3 * random.nextDouble();
                cells[row * n + column] = distance;
                cells[column * n + row] = distance;
            }
        }
        cells[7] = Double.NaN;
        return heatmap("distances", "Distances between mean profiles", "nats", names, names, cells);
    }

    static Chart changes() {
        List<String> rows = List.of("alfa-2m", "bravo-2m", InventedReport.LONG_NAME);
        List<String> columns = IntStream.rangeClosed(2, 9).mapToObj(Integer::toString).toList();
        double[] cells = new Random(6).doubles(24, -1.4, 1.1).toArray();
        return heatmap(
                "changes",
                "Where blocks expand, and where they prune",
                "ΔH, nats",
                columns,
                rows,
                cells);
    }

    private static Chart heatmap(
            String id,
            String title,
            String unit,
            List<String> columns,
            List<String> rows,
            double[] cells) {
        return new Chart(
                id,
                title,
                "A cell is a mean over 64 samples; what was not measured is empty.",
                Kind.HEATMAP,
                "model or layer",
                unit,
                columns,
                rows,
                List.of(Series.of("value", "value", new double[0], cells)));
    }

    static Chart accuracies() {
        List<String> conditions =
                List.of(
                        "all blocks",
                        "without the 2 blocks that expand most",
                        "without the 2 blocks that prune most",
                        InventedReport.LONG_NAME);
        return bars("skipping", "Accuracy when blocks are skipped", conditions);
    }

    static Chart shortBars() {
        return bars(
                "tasks", "Area under the curve by task", List.of("continue", "count", "meaning"));
    }

    private static Chart bars(String id, String title, List<String> conditions) {
        double[] x = IntStream.range(0, conditions.size()).asDoubleStream().toArray();
        List<Series> series = new ArrayList<>();
        for (String name : List.of("alfa-2m", "alfa-4m", "bravo-2m")) {
            double[] y = new Random(name.hashCode()).doubles(x.length, 0.35, 0.9).toArray();
            series.add(
                    Series.of(name, name.substring(0, 4), x, y)
                            .with(minus(y, -0.05), minus(y, 0.04)));
        }
        double[] chance = new double[x.length];
        Arrays.fill(chance, 0.25);
        series.add(
                Series.of("shuffled labels", "shuffled", x, chance)
                        .with(minus(chance, -0.03), minus(chance, 0.03))
                        .asControl());
        return new Chart(
                id,
                title,
                "Whiskers are 95 % intervals over questions; the pale bars are the control.",
                Kind.BAR,
                "condition",
                "share of questions answered",
                conditions,
                List.of(),
                series);
    }

    static Table table() {
        return new Table(
                "Correlations, with what could explain them",
                List.of("model", "samples", "ρ", "low", "high", "logits' standard deviation"),
                List.of(
                        List.of("alfa-2m", 2048, 0.83, 0.79, 0.86, 2.0),
                        List.of("alfa-4m", 2048, 0.71, 0.62, 0.78, 2.4),
                        List.of("bravo-2m", 1024, 0.52, 0.41, 0.61, 1.9),
                        List.of(InventedReport.HOSTILE, 64, -0.04, Double.NaN, 0.17, 0.3)),
                3);
    }
}
