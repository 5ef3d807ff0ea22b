package entropylens.study.strategies;

import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Bootstrap;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Resampling;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.StudyLenses;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TextArrays;
import entropylens.study.workbench.Verdicts;
import entropylens.study.workbench.WithTwin;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// How much of expansion and pruning is there where meaning is not: in the stream rotated within
/// its own covariance (drift), and on the same tokens in random order.
public final class StrategyNulls {
    /// What the results call the texts in random order.
    static final String SHUFFLED = Strategies.ID + "/shuffled";

    private static final String DRIFT = "(i) blocks expand and prune more than drift alone would";
    private static final String ORDER =
            "(i) blocks expand and prune more than on the same tokens in random order";
    private static final String EFFECT =
            "the weaker of the strongest expansion and the strongest pruning, mean ΔH in nats, less that of ";
    private static final String ROTATED = "the rotated stream";
    private static final String IN_DISORDER = "the tokens in random order";

    private final StudySettings settings;
    private final Workbench bench;

    /// @param bench any
    public StrategyNulls(StudySettings settings, Workbench bench) {
        this.settings = settings;
        this.bench = bench;
    }

    /// Gives the generated tokens once more, in random order. The last one is never fed, and stays.
    static List<StudyPrompt> shuffled(List<TextRow> texts, Workbench bench) {
        return texts.stream()
                .map(text ->
                        new StudyPrompt(
                                        text.textId(),
                                        text.groupId(),
                                        null,
                                        null,
                                        null,
                                        null,
                                        text.promptIds())
                                .answered(shuffled(text, bench)))
                .toList();
    }

    private static int[] shuffled(TextRow text, Workbench bench) {
        int[] ids = text.generatedIds().clone();
        SplittableRandom random =
                new SplittableRandom(
                        bench.seed("%s/%s/%s".formatted(SHUFFLED, text.model(), text.textId())));
        for (int i = ids.length - 2; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int id = ids[i];
            ids[i] = ids[j];
            ids[j] = id;
        }
        return ids;
    }

    /// Through one lens.
    ///
    /// @param label of the lens
    /// @param subjects each followed by its twin
    public List<Verdict> verdicts(String label, List<Subject.About> subjects) {
        List<Verdict> verdicts = new ArrayList<>();
        for (WithTwin pair : WithTwin.of(subjects)) {
            Subject.About twin = pair.twin().orElseThrow();
            String drift = StudyLenses.drift(label);
            verdicts.add(
                    verdict(
                            DRIFT,
                            ROTATED,
                            new Pair(read(pair.about(), label), read(pair.about(), drift)),
                            new Pair(read(twin, label), read(twin, drift)),
                            pair.about()));
            verdicts.add(
                    verdict(
                            ORDER,
                            IN_DISORDER,
                            new Pair(read(pair.about(), label), disorder(pair.about(), label)),
                            new Pair(read(twin, label), disorder(twin, label)),
                            pair.about()));
        }
        return verdicts;
    }

    /// Mean ΔH, `[text][layer]`, of the same texts in the same order.
    record Pair(double[][] real, double[][] none) {
        /// A null that only does one of both gives nothing of the weaker one, not less than
        /// nothing.
        double excess(int[] chosen) {
            return StrategyMeasures.crossFitted(real, chosen)
                    - Math.max(0, StrategyMeasures.crossFitted(none, chosen));
        }

        double excess() {
            return excess(IntStream.range(0, real.length).toArray());
        }
    }

    private double[][] read(Subject.About about, String label) {
        return changes(bench.through(label).texts(Strategies.ID, about.name(), List.of("entropy")));
    }

    private double[][] disorder(Subject.About about, String label) {
        return changes(bench.through(label).texts(SHUFFLED, about.name(), List.of("entropy")));
    }

    private static double[][] changes(List<StoredText> texts) {
        return TextArrays.of(texts, "entropy").changes().meansOfTexts();
    }

    private Verdict verdict(
            String claim, String none, Pair trained, Pair twin, Subject.About about) {
        Verdicts verdicts = new Verdicts(Strategies.ID, about.name(), 0, "no such control");
        if (trained.real.length < StrategyMeasures.MIN_TEXTS) {
            return verdicts.notTestable(
                    claim,
                    EFFECT + none,
                    "Needs at least %d texts.".formatted(StrategyMeasures.MIN_TEXTS));
        }
        Interval excess = excess(trained, settings);
        int[] all = IntStream.range(0, trained.real.length).toArray();
        double real = StrategyMeasures.crossFitted(trained.real, all);
        return verdicts.of(
                claim,
                outcome(excess, real),
                EFFECT + none,
                excess,
                "It is %.2f nats, and %.2f in %s. By layer, from the second on, ΔH is %s, there %s."
                        .formatted(
                                real,
                                StrategyMeasures.crossFitted(trained.none, all),
                                none,
                                shown(TextArrays.mean(trained.real, all)),
                                shown(TextArrays.mean(trained.none, all))),
                Evidence.of(trained.real.length, "texts")
                        .withNull(0)
                        .withTest("excess over the null, against 0", excess.pValue(0))
                        .withTwin(twin.excess())
                        .withSmallest(SmallestEffects.ENTROPY_CHANGE, excess.detectable()));
    }

    /// Held by construction where the null has nearly as much of what is there.
    static Outcome outcome(Interval excess, double real) {
        double worth = SmallestEffects.ENTROPY_CHANGE;
        Outcome outcome = Outcome.above(0, worth, excess.estimate(), excess.low(), excess.high());
        return outcome == Outcome.NO_EFFECT && real >= worth ? Outcome.BY_CONSTRUCTION : outcome;
    }

    /// Over texts, each with its null; each half of them stays as large as it is.
    static Interval excess(Pair pair, StudySettings settings) {
        int[] halves = IntStream.range(0, pair.real.length).map(text -> text % 2).toArray();
        return Bootstrap.interval(
                pair.real.length,
                Resampling.withinStrata(halves),
                pair::excess,
                settings.draws(),
                settings.seed(),
                Intervals.LEVEL);
    }

    private static String shown(double[] values) {
        return String.join(
                ", ", Arrays.stream(values).mapToObj(value -> "%.2f".formatted(value)).toList());
    }

    /// What is read of tokens in random order.
    static Protocol protocol() {
        return Protocol.ofAnswers(Protocol.STATISTICS);
    }
}
