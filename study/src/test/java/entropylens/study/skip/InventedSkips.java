package entropylens.study.skip;

import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Resampling;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TestSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// Invented answers and losses of a model of six blocks, whose figures can be told by hand.
final class InventedSkips {
    private InventedSkips() {}

    static final int QUESTIONS = 40;
    static final int TEXTS = 10;
    static final SkipDesign DESIGN =
            new SkipDesign(QUESTIONS, TEXTS, List.of(1, 2), List.of(SkipPart.BLOCK), 2, true);
    private static final StudySettings SETTINGS = TestSettings.of(Preset.QUICK);

    /// A value of a choice for a question or text.
    private record Cell(String skip, int index, double value) {}

    interface Invented {
        double value(Skip skip, int index);
    }

    private static SkipEffects effects(SkipPlan plan, double[] weights, Invented invented) {
        List<Cell> cells = new ArrayList<>();
        for (Skip skip : plan.skips()) {
            for (int i = 0; i < weights.length; i++) {
                cells.add(new Cell(skip.name(), i, invented.value(skip, i)));
            }
        }
        return SkipEffects.of(
                plan,
                cells,
                Cell::skip,
                Cell::index,
                Cell::value,
                weights,
                Resamples.of(weights.length, Resampling.ofRows(weights.length), SETTINGS));
    }

    static SkipMeasures measures(double[] change, Invented right, Invented nats) {
        return measures(DESIGN, change, right, nats);
    }

    static SkipMeasures measures(
            SkipDesign design, double[] change, Invented right, Invented nats) {
        SkipPlan plan = SkipPlan.of(new SkipChoices(change), design, 3);
        double[] ones = new double[QUESTIONS];
        Arrays.fill(ones, 1);
        double[] tokens = IntStream.range(0, TEXTS).mapToDouble(i -> 10 + i).toArray();
        Interval[] changes =
                Arrays.stream(change)
                        .mapToObj(value -> new Interval(value, value, value, 0.95))
                        .toArray(Interval[]::new);
        return new SkipMeasures(
                new Subject.About("made up", "llama", 6, 100, OptionalLong.empty()),
                design,
                plan,
                changes,
                design.controls() ? Optional.of(traits(change)) : Optional.empty(),
                effects(plan, ones, right),
                effects(plan, tokens, nats),
                TEXTS,
                Optional.empty());
    }

    /// A first block that expands, and updates that grow with depth.
    private static BlockTraits traits(double[] change) {
        double[] all = new double[change.length + 1];
        all[0] = 0.5;
        System.arraycopy(change, 0, all, 1, change.length);
        double[] norms = IntStream.rangeClosed(1, all.length).asDoubleStream().toArray();
        return new BlockTraits(all, norms, new double[] {0.9, 0.4, 0.5, 0.3, 0.2, 0.1});
    }

    static final double[] CHANGE = {2, -1, 1, -3, -2};

    /// 36 right where nothing is skipped; less 8 for each expansion block, less 1 for each other.
    static double right(Skip skip, int question) {
        int lost = skip.blocks().stream().mapToInt(block -> block == 2 || block == 4 ? 8 : 1).sum();
        return question < 36 - lost ? 1 : 0;
    }

    /// 2 nats a token, and 1 more for each expansion block, 0.25 for each other.
    static double nats(Skip skip, int text) {
        double rise =
                skip.blocks().stream()
                        .mapToDouble(block -> block == 2 || block == 4 ? 1 : 0.25)
                        .sum();
        return (10 + text) * (2 + rise);
    }
}
