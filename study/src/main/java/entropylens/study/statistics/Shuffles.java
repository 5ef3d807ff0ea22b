package entropylens.study.statistics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Labels in random order: what is found with them is found by chance.
public final class Shuffles {
    private Shuffles() {}

    /// The labels in any order.
    public static int[] all(int[] labels, long seed) {
        int[] shuffled = labels.clone();
        shuffle(shuffled, new SplittableRandom(seed));
        return shuffled;
    }

    /// The labels in any order that keeps those of a group in it: for classes that every group has,
    /// as the question types of a story.
    public static int[] withinGroups(int[] labels, int[] groups, long seed) {
        Require.sameLength(labels.length, groups.length, "labels and groups");
        SplittableRandom random = new SplittableRandom(seed);
        int[] shuffled = new int[labels.length];
        for (int group : Arrays.stream(groups).distinct().toArray()) {
            int[] rows =
                    IntStream.range(0, groups.length).filter(row -> groups[row] == group).toArray();
            int[] inside = LabelledData.pick(labels, rows);
            shuffle(inside, random);
            for (int i = 0; i < rows.length; i++) {
                shuffled[rows[i]] = inside[i];
            }
        }
        return shuffled;
    }

    /// The labels of whole groups in any order: for labels that belong to the group, as the family
    /// of a model.
    ///
    /// @throws IllegalArgumentException when rows of one group have several labels
    public static int[] ofGroups(int[] labels, int[] groups, long seed) {
        Map<Integer, Integer> labelOf = labelOfEachGroup(labels, groups);
        int[] names = Arrays.stream(groups).distinct().toArray();
        int[] shuffled = Arrays.stream(names).map(labelOf::get).toArray();
        shuffle(shuffled, new SplittableRandom(seed));
        for (int i = 0; i < names.length; i++) {
            labelOf.put(names[i], shuffled[i]);
        }
        return Arrays.stream(groups).map(labelOf::get).toArray();
    }

    static Map<Integer, Integer> labelOfEachGroup(int[] labels, int[] groups) {
        Require.sameLength(labels.length, groups.length, "labels and groups");
        Map<Integer, Integer> labelOf = new HashMap<>();
        for (int row = 0; row < groups.length; row++) {
            Integer other = labelOf.putIfAbsent(groups[row], labels[row]);
            Require.that(
                    other == null || other == labels[row],
                    "group %d has rows of label %d and of label %d, expected one label for a group",
                    groups[row],
                    other,
                    labels[row]);
        }
        return labelOf;
    }

    /// Fisher and Yates.
    static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }
}
