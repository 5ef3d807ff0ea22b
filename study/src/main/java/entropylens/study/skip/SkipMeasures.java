package entropylens.study.skip;

import entropylens.data.AnswerRow;
import entropylens.data.LossRow;
import entropylens.study.questions.MultipleChoice;
import entropylens.study.questions.QuestionSet;
import entropylens.study.statistics.Holm;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.PairedTests;
import entropylens.study.statistics.Resampling;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What skipping blocks did to one model.
///
/// @param change mean ΔH of the blocks 2 … L, with intervals over texts
/// @param accuracy share of questions answered right; intervals over questions
/// @param loss nats a token; intervals over texts
/// @param texts predicted
record SkipMeasures(
        Subject.About about,
        SkipDesign design,
        SkipPlan plan,
        Interval[] change,
        SkipEffects accuracy,
        SkipEffects loss,
        int texts) {
    /// Of questions or texts, for the spread of what blocks cost.
    private static final int SAMPLES = 200;

    static SkipMeasures of(
            Subject.About about,
            SkipDesign design,
            QuestionSet questions,
            StudySettings settings,
            Workbench bench) {
        double[][] changes = Skipping.changes(about, bench);
        SkipChoices choices = new SkipChoices(Skipping.meanChange(changes));
        SkipPlan plan = Skipping.plan(choices, design, about, bench);
        List<LossRow> losses = bench.losses(Skipping.ID, about.name());
        Map<String, Integer> texts = new TreeMap<>();
        losses.forEach(row -> texts.put(row.textId(), row.tokens()));
        return new SkipMeasures(
                about,
                design,
                plan,
                Intervals.ofMeans(changes, settings),
                accuracy(plan, questions, bench.answers(Skipping.ID, about.name()), settings),
                loss(plan, losses, texts, settings),
                texts.size());
    }

    private static SkipEffects accuracy(
            SkipPlan plan, QuestionSet questions, List<AnswerRow> answers, StudySettings settings) {
        Map<String, Integer> index =
                index(questions.measured().stream().map(MultipleChoice::id).toList());
        double[] ones = new double[index.size()];
        Arrays.fill(ones, 1);
        return SkipEffects.of(
                plan,
                answers,
                Skip::name,
                (AnswerRow row) -> index.getOrDefault(row.questionId(), -1),
                row -> row.correct() ? 1 : 0,
                ones,
                Resamples.of(ones.length, Resampling.ofGroups(questions.groups()), settings));
    }

    private static SkipEffects loss(
            SkipPlan plan,
            List<LossRow> losses,
            Map<String, Integer> texts,
            StudySettings settings) {
        Map<String, Integer> index = index(List.copyOf(texts.keySet()));
        double[] tokens = texts.values().stream().mapToDouble(count -> count).toArray();
        return SkipEffects.of(
                plan,
                losses,
                Skip::name,
                (LossRow row) -> index.getOrDefault(row.textId(), -1),
                LossRow::nats,
                tokens,
                Resamples.of(tokens.length, Resampling.ofRows(tokens.length), settings));
    }

    /// What skipping single blocks costs beside their ΔH, in loss. Empty where single blocks were
    /// not skipped.
    Optional<BlockEvidence> blocksByLoss() {
        return blocks(loss, 1);
    }

    /// The same in wrong answers.
    Optional<BlockEvidence> blocksByAccuracy() {
        return blocks(accuracy, -1);
    }

    /// @param sign 1 where more is worse
    private Optional<BlockEvidence> blocks(SkipEffects effects, int sign) {
        List<Skip> singles =
                plan.of(SkipCondition.SINGLE, SkipPart.BLOCK, 1).stream()
                        .filter(skip -> skip.draw() > 1)
                        .toList();
        if (singles.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new BlockEvidence(
                        Intervals.estimates(change),
                        times(sign, effects.rises(singles)),
                        Arrays.stream(effects.risesOfSamples(singles, SAMPLES))
                                .map(rises -> times(sign, rises))
                                .toArray(double[][]::new)));
    }

    private static double[] times(int sign, double[] values) {
        return Arrays.stream(values).map(value -> sign * value).toArray();
    }

    private static Map<String, Integer> index(List<String> ids) {
        Map<String, Integer> index = new HashMap<>();
        ids.forEach(id -> index.put(id, index.size()));
        return index;
    }

    /// Whether any block whose ΔH is known expands on average.
    boolean expands() {
        return Arrays.stream(change).anyMatch(interval -> interval.estimate() > 0);
    }

    /// Whether a choice of k pruning blocks has some of the k expanding ones among it.
    boolean overlaps(int k) {
        return 2 * k > change.length;
    }

    /// The numbers of blocks for which there are random blocks of that kind.
    List<Integer> ks(SkipCondition condition, SkipPart part) {
        return design.ks().stream().filter(k -> accuracy.has(condition, part, k)).toList();
    }

    /// Whether the intact model knows more than which letters there are.
    boolean knowsSomething() {
        return accuracy.intact().low() > MultipleChoice.CHANCE;
    }

    /// McNemar's exact test of each choice of several against the intact model.
    ///
    /// @return by the name of the choice
    Map<String, Test> tests() {
        Map<String, List<Skip>> families =
                plan.skips().stream()
                        .filter(skip -> skip.k() > 0)
                        .collect(
                                Collectors.groupingBy(
                                        SkipMeasures::family, TreeMap::new, Collectors.toList()));
        Map<String, Test> tests = new HashMap<>();
        for (List<Skip> family : families.values()) {
            double[] p = family.stream().mapToDouble(this::pValue).toArray();
            double[] adjusted = Holm.adjusted(p);
            for (int i = 0; i < p.length; i++) {
                tests.put(family.get(i).name(), new Test(p[i], adjusted[i]));
            }
        }
        return tests;
    }

    /// @param p of one test
    /// @param adjusted by Holm over all k (of every block by itself, over all blocks)
    record Test(double p, double adjusted) {}

    private static String family(Skip skip) {
        boolean single = skip.condition() == SkipCondition.SINGLE;
        return "%s/%s/%d".formatted(skip.condition(), skip.part(), single ? 0 : skip.draw());
    }

    private double pValue(Skip skip) {
        return PairedTests.mcNemarExact(
                        right(accuracy.values(Skip.NONE)), right(accuracy.values(skip)))
                .pValue();
    }

    private static boolean[] right(double[] values) {
        boolean[] right = new boolean[values.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = values[i] > 0;
        }
        return right;
    }
}
