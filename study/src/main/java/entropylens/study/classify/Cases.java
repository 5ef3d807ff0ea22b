package entropylens.study.classify;

import entropylens.study.statistics.LabelledData;
import entropylens.study.statistics.Shuffles;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// What is to be told apart: the class of every row, and the group that it shares with others.
///
/// @param labels the class of every row, `0 .. classes - 1`
/// @param classes their names
/// @param groups the group of every row: a story, a topic, a question
public record Cases(int[] labels, List<String> classes, int[] groups) {
    /// With fewer, a fold's training side could not be cut into folds once more.
    private static final int MIN_GROUPS = 3;

    private static final int MAX_FOLDS = 10;

    public Cases {
        classes = List.copyOf(classes);
        if (labels.length != groups.length) {
            throw new IllegalArgumentException(
                    "%d labels and %d groups, expected one of each for every row"
                            .formatted(labels.length, groups.length));
        }
    }

    /// Cases with groups by name.
    ///
    /// @param labels the class of every row, by number
    /// @param groups the group of every row, by name
    public static Cases of(int[] labels, List<String> classes, List<String> groups) {
        Map<String, Integer> numbers = new HashMap<>();
        int[] numbered = new int[groups.size()];
        for (int row = 0; row < numbered.length; row++) {
            numbers.putIfAbsent(groups.get(row), numbers.size());
            numbered[row] = numbers.getOrDefault(groups.get(row), 0);
        }
        return new Cases(labels, classes, numbered);
    }

    /// Cases with classes and groups by name.
    ///
    /// @param labels the class of every row
    public static Cases of(List<String> labels, List<String> classes, List<String> groups) {
        return of(labels.stream().mapToInt(classes::indexOf).toArray(), classes, groups);
    }

    public int rows() {
        return labels.length;
    }

    /// Why these cases cannot be cut into folds that all have something to learn from, if so.
    ///
    /// @param unit what a group is called, in the plural
    public Optional<String> obstacle(String unit) {
        for (int c = 0; c < classes.size(); c++) {
            int found = groupsOf(c);
            if (found < MIN_GROUPS) {
                return Optional.of(
                        "class '%s' occurs in %d %s, and at least %d are needed"
                                .formatted(classes.get(c), found, unit, MIN_GROUPS));
            }
        }
        return Optional.empty();
    }

    /// Ten, or as many as the rarest class has groups.
    int folds() {
        int folds = MAX_FOLDS;
        for (int c = 0; c < classes.size(); c++) {
            folds = Math.min(folds, groupsOf(c));
        }
        return folds;
    }

    private int groupsOf(int label) {
        Set<Integer> found = new HashSet<>();
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] == label) {
                found.add(groups[row]);
            }
        }
        return found.size();
    }

    LabelledData with(double[][] features) {
        return new LabelledData(features, labels, classes.size(), groups);
    }

    /// The same with shuffled labels: inside each group where every group has rows of every class,
    /// else over all rows.
    Cases shuffled(long seed) {
        int[] shuffled =
                groupsHaveAllClasses()
                        ? Shuffles.withinGroups(labels, groups, seed)
                        : Shuffles.all(labels, seed);
        return new Cases(shuffled, classes, groups);
    }

    /// The same with the labels that there could have been: groups of one class exchange their
    /// classes, and inside groups of several classes the labels are shuffled. Where every row is a
    /// group of its own, any order of the labels.
    Cases exchanged(long seed) {
        Map<Integer, Set<Integer>> labelsOf = labelsOfGroups();
        int[] exchanged = labels.clone();
        exchange(
                exchanged,
                rowsOfGroups(labelsOf, of -> of.size() == 1),
                (of, groupsOf) -> Shuffles.ofGroups(of, groupsOf, seed));
        exchange(
                exchanged,
                rowsOfGroups(labelsOf, of -> of.size() > 1),
                (of, groupsOf) -> Shuffles.withinGroups(of, groupsOf, seed));
        return new Cases(exchanged, classes, groups);
    }

    private int[] rowsOfGroups(
            Map<Integer, Set<Integer>> labelsOf, Predicate<Set<Integer>> wanted) {
        return IntStream.range(0, labels.length)
                .filter(row -> wanted.test(labelsOf.getOrDefault(groups[row], Set.of())))
                .toArray();
    }

    private void exchange(int[] exchanged, int[] rows, BinaryOperator<int[]> shuffle) {
        int[] shuffled =
                shuffle.apply(
                        IntStream.of(rows).map(row -> labels[row]).toArray(),
                        IntStream.of(rows).map(row -> groups[row]).toArray());
        for (int i = 0; i < rows.length; i++) {
            exchanged[rows[i]] = shuffled[i];
        }
    }

    private boolean groupsHaveAllClasses() {
        return labelsOfGroups().values().stream().allMatch(found -> found.size() == classes.size());
    }

    private Map<Integer, Set<Integer>> labelsOfGroups() {
        Map<Integer, Set<Integer>> labelsOf = new HashMap<>();
        for (int row = 0; row < labels.length; row++) {
            labelsOf.computeIfAbsent(groups[row], _ -> new HashSet<>()).add(labels[row]);
        }
        return labelsOf;
    }
}
