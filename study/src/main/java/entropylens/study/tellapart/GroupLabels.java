package entropylens.study.tellapart;

import entropylens.data.DataException;
import entropylens.data.LabelledPrompt;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The labels of a user's prompts, and whether they can be told apart at all.
final class GroupLabels {
    /// Of a label, to be read about in a mean at all.
    static final int FEWEST = 5;

    /// Folds keep groups whole, so each label has to be learnt from some and tested on others.
    static final int FEWEST_GROUPS = 3;

    /// More lines than a chart can show, and than folds can learn.
    static final int MOST = 20;

    /// From how many on, labels that are almost all different are no classes.
    private static final int MANY = 10;

    private GroupLabels() {}

    /// The labels in their order: by number where all are numbers, else by name.
    ///
    /// @param file what messages call the files
    /// @param column the labels are in
    /// @throws DataException when they are no classes, or too few prompts have one
    static List<String> of(List<LabelledPrompt> prompts, String file, String column) {
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, Set<String>> groups = new TreeMap<>();
        for (LabelledPrompt prompt : prompts) {
            counts.merge(prompt.label(), 1, Integer::sum);
            groups.computeIfAbsent(prompt.label(), _ -> new HashSet<>()).add(prompt.group());
        }
        requireClasses(prompts.size(), counts, file, column);
        requireEnough(counts, groups, file, column);
        return sorted(counts.keySet());
    }

    private static void requireClasses(
            int prompts, Map<String, Integer> counts, String file, String column) {
        int labels = counts.size();
        if (labels == 1) {
            throw wrong(
                    file,
                    column,
                    "all %d prompts have the label '%s'; at least two labels are needed to compare"
                            .formatted(prompts, counts.keySet().iterator().next()));
        }
        if (labels >= MANY && 2 * labels > prompts) {
            throw wrong(
                    file,
                    column,
                    "holds %d different values for %d prompts, such as %s; a label names a class that several prompts share: cut numbers into classes first, or name another column (--label)"
                            .formatted(labels, prompts, named(counts.keySet(), 3)));
        }
        if (labels > MOST) {
            throw wrong(
                    file,
                    column,
                    "holds %d different labels, such as %s; at most %d can be compared: put some together, or leave prompts out"
                            .formatted(labels, named(counts.keySet(), 3), MOST));
        }
    }

    private static void requireEnough(
            Map<String, Integer> counts,
            Map<String, Set<String>> groups,
            String file,
            String column) {
        List<String> few =
                counts.keySet().stream()
                        .filter(label -> counts.getOrDefault(label, 0) < FEWEST)
                        .toList();
        if (!few.isEmpty()) {
            throw wrong(
                    file,
                    column,
                    "too few prompts have the label %s; each label needs at least %d: add some, or leave these out"
                            .formatted(
                                    few.stream()
                                            .limit(MANY)
                                            .map(label ->
                                                    "'%s' (%d)".formatted(label, counts.get(label)))
                                            .collect(Collectors.joining(", ")),
                                    FEWEST));
        }
        groups.forEach((label, of) -> {
            if (of.size() < FEWEST_GROUPS) {
                throw wrong(
                        file,
                        column,
                        "label '%s' is found in %d of the groups (--group), and at least %d are needed, since a group is never on both sides of a fold"
                                .formatted(label, of.size(), FEWEST_GROUPS));
            }
        });
    }

    private static DataException wrong(String file, String column, String what) {
        return new DataException("%s: column '%s': %s".formatted(file, column, what));
    }

    private static String named(Set<String> labels, int most) {
        return labels.stream()
                .limit(most)
                .map(label -> "'" + shortened(label) + "'")
                .collect(Collectors.joining(", "));
    }

    private static String shortened(String label) {
        return label.length() <= 40 ? label : label.substring(0, 40) + "…";
    }

    private static List<String> sorted(Set<String> labels) {
        boolean numbers = labels.stream().allMatch(label -> label.matches("-?\\d{1,15}(\\.\\d+)?"));
        return labels.stream()
                .sorted(
                        numbers
                                ? Comparator.comparingDouble(Double::parseDouble)
                                : Comparator.naturalOrder())
                .toList();
    }
}
