package entropylens.study.strategies;

import entropylens.data.MoveRow;
import entropylens.study.report.Chart;
import entropylens.study.report.Section;
import entropylens.study.report.Table;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// How the report shows expansion and pruning.
final class StrategiesSection {
    /// Expansions and as many prunings, of each model.
    private static final int EXAMPLES = 3;

    private final StudySettings settings;
    private final Protocol protocol;
    private final List<Chart.Series> profiles = new ArrayList<>();
    private final List<Chart.Series> changes = new ArrayList<>();
    private final List<Chart.Series> correlations = new ArrayList<>();
    private final List<Chart.Series> jaccards = new ArrayList<>();
    private final List<List<Object>> rows = new ArrayList<>();
    private final List<List<Object>> moves = new ArrayList<>();

    StrategiesSection(StudySettings settings, Protocol protocol) {
        this.settings = settings;
        this.protocol = protocol;
    }

    void add(Subject.About about, StrategyMeasures measures) {
        profiles.add(series(about, 1, measures.entropy()));
        changes.add(series(about, 2, measures.change()));
        correlations.add(series(about, 2, measures.byLayer()));
        jaccards.add(series(about, 2, measures.jaccard()));
        rows.add(
                List.of(
                        about.name(),
                        about.blocks(),
                        shown(measures.correlation()),
                        shown(measures.correlation90()),
                        shown(measures.turn()),
                        mean(measures.jaccard()),
                        mean(measures.containment())));
    }

    /// The strongest expansions and prunings among the examples of a model.
    void add(Subject.About about, List<MoveRow> examples) {
        List<MoveRow> sorted =
                examples.stream().sorted(Comparator.comparingDouble(MoveRow::change)).toList();
        int shown = Math.min(EXAMPLES, sorted.size() / 2);
        for (MoveRow move : sorted.reversed().subList(0, shown)) {
            moves.add(row(about, move));
        }
        for (MoveRow move : sorted.subList(0, shown)) {
            moves.add(row(about, move));
        }
    }

    private static List<Object> row(Subject.About about, MoveRow move) {
        return List.of(
                about.name(),
                "%d of %d".formatted(move.layer(), about.blocks()),
                move.change(),
                tokens(move.enter(), move.entering()),
                tokens(move.leave(), move.leaving()));
    }

    private static String tokens(List<String> some, int all) {
        String quoted =
                some.stream().map(token -> "‘" + token + "’").collect(Collectors.joining(" "));
        int more = all - some.size();
        return some.isEmpty() ? "–" : more == 0 ? quoted : quoted + " and %d more".formatted(more);
    }

    /// A line over relative depth, from a layer on.
    private static Chart.Series series(Subject.About about, int firstLayer, Interval[] values) {
        Chart.Series series =
                Intervals.series(
                        about.name(),
                        about.family(),
                        about.depths(firstLayer, values.length),
                        values);
        return about.untrained() ? series.asControl() : series;
    }

    private static String shown(Interval interval) {
        return "%.2f (%.2f to %.2f)"
                .formatted(interval.estimate(), interval.low(), interval.high());
    }

    private static double mean(Interval[] intervals) {
        return Arrays.stream(Intervals.estimates(intervals)).average().orElseThrow();
    }

    Section build() {
        return new Section(
                Strategies.ID,
                "Do blocks expand and prune the set of candidates?",
                protocol(),
                List.of(
                        line(
                                "strategies-profile",
                                "Entropy profiles",
                                "Mean over texts and tokens, with its 95 % interval over texts. Dashed: the same architecture with random weights.",
                                "entropy, nats",
                                profiles),
                        line(
                                "strategies-change",
                                "Expansion and pruning: ΔH",
                                "Change of the entropy from the layer before. Above zero the block expands, below it prunes.",
                                "ΔH, nats",
                                changes),
                        line(
                                "strategies-correlation",
                                "Does the entropy track the size of the candidate set?",
                                "Spearman correlation, layer by layer, of ΔH with the change of the size of the top-0.6 set.",
                                "Spearman correlation",
                                correlations),
                        line(
                                "strategies-jaccard",
                                "How much of the candidate set stays",
                                "Jaccard index of the top-0.6 sets of a layer and the layer before: 1 where no token enters or leaves.",
                                "Jaccard index",
                                jaccards)),
                List.of(
                        new Table(
                                "Over all tokens and layers",
                                List.of(
                                        "model",
                                        "blocks",
                                        "Spearman, p = 0.6 (95 %)",
                                        "Spearman, p = 0.9 (95 %)",
                                        "depth of largest entropy (95 %)",
                                        "mean Jaccard",
                                        "mean containment"),
                                rows,
                                2),
                        new Table(
                                "Tokens that enter and leave the top-0.6 set: the strongest expansions and prunings among %d positions of each model's first texts"
                                        .formatted(CandidateMoves.POSITIONS),
                                List.of("model", "block", "ΔH, nats", "enter", "leave"),
                                moves,
                                2)),
                List.of(
                        "Entropy and the size of a top-p set are functions of the same distribution, so they rise and fall together in any model. Only what exceeds the untrained twin says something of what was learnt."));
    }

    private List<String> protocol() {
        return List.of(
                "%d texts per model from the begin token alone, up to %d tokens each, temperature %s; every generated position is measured."
                        .formatted(
                                settings.samples(64, 64, 24),
                                protocol.tokens(),
                                protocol.temperature()),
                "Layer l is the residual stream after block l, read with the model's own final norm and unembedding. ΔH of layer l is its entropy less that of layer l − 1; no threshold.",
                "Intervals: percentile bootstrap over texts. The layers of strongest expansion and pruning are chosen by one half of the texts and measured on the other half, in turn. Correlation and overlap are held against the untrained twin: what random weights have too holds by construction.");
    }

    private static Chart line(
            String id, String title, String caption, String yAxis, List<Chart.Series> series) {
        return new Chart(
                id,
                title,
                caption,
                Chart.Kind.LINE,
                "relative depth l / L",
                yAxis,
                List.of(),
                List.of(),
                series);
    }
}
