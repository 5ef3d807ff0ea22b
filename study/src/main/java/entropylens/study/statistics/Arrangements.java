package entropylens.study.statistics;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// The ways in which labels can stand by units, each label as often as it does: what a permutation
/// test goes through. All of them where they are few, else random ones.
///
/// @param all whether every distinct arrangement is there, the given one among them
/// @param labels one array for each arrangement
public record Arrangements(boolean all, List<int[]> labels) {
    public Arrangements {
        labels = List.copyOf(labels);
    }

    /// @param labels one for each independent unit
    /// @param most how many are looked at at most
    public static Arrangements of(int[] labels, int most, long seed) {
        Require.atLeast(1, most, "number of arrangements");
        if (count(labels).compareTo(BigInteger.valueOf(most)) <= 0) {
            List<int[]> found = new ArrayList<>();
            int[] sorted = labels.clone();
            Arrays.sort(sorted);
            do {
                found.add(sorted.clone());
            } while (next(sorted));
            return new Arrangements(true, found);
        }
        SplittableRandom random = new SplittableRandom(seed);
        int[] shuffled = labels.clone();
        List<int[]> drawn = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            Shuffles.shuffle(shuffled, random);
            drawn.add(shuffled.clone());
        }
        return new Arrangements(false, drawn);
    }

    /// How many distinct arrangements there are: `n! / (n_1! n_2! …)`.
    public static BigInteger count(int[] labels) {
        BigInteger count = factorial(labels.length);
        for (int size : sizes(labels)) {
            count = count.divide(factorial(size));
        }
        return count;
    }

    /// The smallest p that a test of a statistic that looks at who stands together, and not at what
    /// the groups are called, can have: groups of one size may change their names.
    public static double smallestP(int[] labels) {
        int[] sizes = sizes(labels);
        BigInteger alike = BigInteger.ONE;
        for (int size : Arrays.stream(sizes).distinct().toArray()) {
            int groups = (int) Arrays.stream(sizes).filter(other -> other == size).count();
            alike = alike.multiply(factorial(groups));
        }
        return alike.doubleValue() / count(labels).doubleValue();
    }

    private static int[] sizes(int[] labels) {
        return Arrays.stream(labels)
                .distinct()
                .map(label -> (int) Arrays.stream(labels).filter(other -> other == label).count())
                .toArray();
    }

    private static BigInteger factorial(int n) {
        BigInteger product = BigInteger.ONE;
        for (int i = 2; i <= n; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        return product;
    }

    /// The next arrangement in lexicographic order.
    ///
    /// @return false behind the last
    private static boolean next(int[] values) {
        int i = values.length - 2;
        while (i >= 0 && values[i] >= values[i + 1]) {
            i--;
        }
        if (i < 0) {
            return false;
        }
        int j = values.length - 1;
        while (values[j] <= values[i]) {
            j--;
        }
        swap(values, i, j);
        for (int a = i + 1, b = values.length - 1; a < b; a++, b--) {
            swap(values, a, b);
        }
        return true;
    }

    private static void swap(int[] values, int i, int j) {
        int swapped = values[i];
        values[i] = values[j];
        values[j] = swapped;
    }
}
