package entropylens.study.classify;

import entropylens.study.statistics.Fold;
import entropylens.study.statistics.Folds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// How rows are cut into what is learnt from and what is tested. Every row is tested once.
///
/// @param name in the report
/// @param folds at most ten, or those of the crossing
/// @param groups what a choice that is made inside the training rows keeps whole
public record Scheme(String name, List<Fold> folds, int[] groups) {
    public Scheme {
        folds = List.copyOf(folds);
    }

    /// Ten stratified folds that keep groups whole; fewer where the rarest class has fewer groups.
    public static Scheme grouped(String name, Cases cases, long seed) {
        return new Scheme(
                name,
                Folds.stratifiedGroups(cases.labels(), cases.groups(), cases.folds(), seed),
                cases.groups());
    }

    /// Ten stratified folds of rows, whatever group they are of: the paper's.
    public static Scheme ungrouped(String name, Cases cases, long seed) {
        return new Scheme(
                name,
                Folds.stratified(cases.labels(), cases.folds(), seed),
                IntStream.range(0, cases.rows()).toArray());
    }

    /// Ten stratified folds, cut from the rows of each class in their order: those of the published
    /// code for formats.
    public static Scheme inOrder(String name, Cases cases) {
        return new Scheme(
                name,
                Folds.stratifiedInOrder(cases.labels(), cases.folds()),
                IntStream.range(0, cases.rows()).toArray());
    }

    /// Folds that keep groups whole, and that learn from no row of a kind that they test: each
    /// grouped fold is tested kind by kind, on what was learnt from the other groups' rows of other
    /// kinds.
    ///
    /// @param kinds the kind of every row, such as the wording of its question
    /// @return empty where a training side would lack a class, or have it in one group only
    public static Optional<Scheme> acrossKinds(String name, Cases cases, int[] kinds, long seed) {
        List<Fold> crossed = new ArrayList<>();
        for (Fold fold : grouped(name, cases, seed).folds()) {
            for (int kind : IntStream.of(kinds).distinct().sorted().toArray()) {
                int[] test = select(fold.test(), row -> kinds[row] == kind);
                int[] train = select(fold.train(), row -> kinds[row] != kind);
                if (test.length > 0) {
                    crossed.add(new Fold(train, test));
                }
            }
        }
        return crossed.stream().allMatch(fold -> canLearn(cases, fold.train()))
                ? Optional.of(new Scheme(name, crossed, cases.groups()))
                : Optional.empty();
    }

    private static int[] select(int[] rows, IntPredicate wanted) {
        return IntStream.of(rows).filter(wanted).toArray();
    }

    private static boolean canLearn(Cases cases, int[] train) {
        Map<Integer, Set<Integer>> groupsOf = new HashMap<>();
        for (int row : train) {
            groupsOf.computeIfAbsent(cases.labels()[row], label -> new HashSet<>())
                    .add(cases.groups()[row]);
        }
        return groupsOf.size() == cases.classes().size()
                && groupsOf.values().stream().allMatch(groups -> groups.size() > 1);
    }

    /// Test rows divided by training rows, over all folds.
    double testToTrain() {
        double test = 0;
        double train = 0;
        for (Fold fold : folds) {
            test += fold.test().length;
            train += fold.train().length;
        }
        return test / train;
    }
}
