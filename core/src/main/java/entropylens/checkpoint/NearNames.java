package entropylens.checkpoint;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Which of the names that exist somebody may have meant.
public final class NearNames {

    /// Longer names are nobody's typing error, and the comparison is quadratic.
    private static final int LONGEST = 200;

    private NearNames() {}

    /// The up to three names that differ from `name` in at most a third of its characters, nearest
    /// first.
    public static List<String> of(String name, Collection<String> names) {
        record Near(String name, int distance) {}
        int most = Math.max(2, name.length() / 3);
        return names.stream()
                .filter(other -> Math.abs(other.length() - name.length()) <= most)
                .filter(other -> Math.max(other.length(), name.length()) <= LONGEST)
                .map(other -> new Near(other, distance(name, other)))
                .filter(near -> near.distance <= most)
                .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .limit(3)
                .map(Near::name)
                .toList();
    }

    /// Levenshtein: insertions, deletions and replacements, one row at a time.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
