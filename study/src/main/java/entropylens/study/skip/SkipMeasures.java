package entropylens.study.skip;

import entropylens.data.AnswerRow;
import entropylens.data.BlockRow;
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
import entropylens.study.workbench.TextArrays;
import entropylens.study.workbench.WithTwin;
import entropylens.study.workbench.Workbench;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What skipping blocks did to one model.
///
/// @param change mean ΔH of the blocks 2 … L, with intervals over texts
/// @param traits of all blocks, the first included; none where single blocks were not skipped
/// @param accuracy share of questions answered right; intervals over questions
/// @param loss nats a token; intervals over texts
/// @param texts predicted
/// @param twin blocks 2 … L of the untrained twin, by loss
record SkipMeasures(
        Subject.About about,
        SkipDesign design,
        SkipPlan plan,
        Interval[] change,
        Optional<BlockTraits> traits,
        SkipEffects accuracy,
        SkipEffects loss,
        int texts,
        Optional<BlockEvidence> twin) {
    /// Of questions or texts, for the spread of what blocks cost.
    private static final int SAMPLES = 200;

    /// Parts of the questions or texts that share none, to see how figures move.
    private static final int PARTS = 5;

    static SkipMeasures of(
            WithTwin pair,
            SkipDesign design,
            QuestionSet questions,
            StudySettings settings,
            Workbench bench) {
        Subject.About about = pair.about();
        double[][] changes = Skipping.changes(about, bench);
        SkipPlan plan = Skipping.plan(Skipping.choices(about, bench), design, about, bench);
        List<LossRow> losses = bench.losses(Skipping.ID, about.name());
        Interval[] change = Intervals.ofMeans(changes, settings);
        return new SkipMeasures(
                about,
                design,
                plan,
                Arrays.copyOfRange(change, 1, change.length),
                design.controls() ? Optional.of(traits(about, changes, bench)) : Optional.empty(),
                accuracy(plan, questions, bench.answers(Skipping.ID, about.name()), settings),
                loss(plan, losses, settings),
                tokens(losses).size(),
                pair.twin().map(twin -> ofTwin(twin, settings, bench)));
    }

    private static BlockEvidence ofTwin(
            Subject.About twin, StudySettings settings, Workbench bench) {
        double[][] changes = Skipping.changes(twin, bench);
        SkipPlan plan = SkipPlan.ofSingles(SkipChoices.of(changes));
        SkipEffects loss = loss(plan, bench.losses(Skipping.ID, twin.name()), settings);
        return evidence(plan, loss, 1, traits(twin, changes, bench), false);
    }

    private static BlockTraits traits(Subject.About about, double[][] changes, Workbench bench) {
        List<BlockRow> rows = bench.blocks(Skipping.ID, about.name());
        return new BlockTraits(
                TextArrays.mean(changes, IntStream.range(0, changes.length).toArray()),
                BlockUpdates.mean(rows, about.blocks(), BlockRow::updateNorm),
                BlockUpdates.mean(rows, about.blocks(), row -> 1 - row.cosine()));
    }

    /// Tokens that are predicted, by text.
    private static Map<String, Integer> tokens(List<LossRow> losses) {
        Map<String, Integer> tokens = new TreeMap<>();
        losses.forEach(row -> tokens.put(row.textId(), row.tokens()));
        return tokens;
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

    private static SkipEffects loss(SkipPlan plan, List<LossRow> losses, StudySettings settings) {
        Map<String, Integer> texts = tokens(losses);
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

    /// What skipping single blocks costs in loss, from block 2 on. Empty where single blocks were
    /// not skipped.
    Optional<BlockEvidence> blocksByLoss() {
        return traits.map(known -> evidence(plan, loss, 1, known, false));
    }

    /// The same in wrong answers.
    Optional<BlockEvidence> blocksByAccuracy() {
        return traits.map(known -> evidence(plan, accuracy, -1, known, false));
    }

    /// The same in loss, and with block 1, whose ΔH starts from the embedding.
    Optional<BlockEvidence> allBlocksByLoss() {
        return traits.map(known -> evidence(plan, loss, 1, known, true));
    }

    /// The same in wrong answers.
    Optional<BlockEvidence> allBlocksByAccuracy() {
        return traits.map(known -> evidence(plan, accuracy, -1, known, true));
    }

    /// @param sign 1 where more is worse
    private static BlockEvidence evidence(
            SkipPlan plan, SkipEffects effects, int sign, BlockTraits traits, boolean first) {
        List<Skip> singles =
                plan.of(SkipCondition.SINGLE, SkipPart.BLOCK, 1).stream()
                        .filter(skip -> first || skip.draw() > 1)
                        .toList();
        return new BlockEvidence(
                first ? traits : traits.withoutFirst(),
                times(sign, effects.rises(singles)),
                times(sign, effects.risesOfSamples(singles, SAMPLES)),
                times(sign, effects.risesOfParts(singles, PARTS)));
    }

    private static double[][] times(int sign, double[][] rows) {
        return Arrays.stream(rows).map(row -> times(sign, row)).toArray(double[][]::new);
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
