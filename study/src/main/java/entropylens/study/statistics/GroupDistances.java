package entropylens.study.statistics;

import java.util.Arrays;
import java.util.Map;

/// Mean distances within and between groups of units, as of models within and between families.
///
/// Rows may be several samples of one unit. Pairs of rows of one unit are left out: samples of one
/// model are alike whatever its family, and would make every family look close.
///
/// @param within mean over pairs of rows of different units with the same label
/// @param between mean over pairs of rows with different labels
public record GroupDistances(double within, double between) {
    /// `between - within`, in the unit of the distances.
    public double difference() {
        return between - within;
    }

    /// Both means.
    ///
    /// @param distances `[rows][rows]`
    /// @param labels the group of every row, as its family
    /// @param units what every row is a sample of, as its model; the row's own index where rows are
    ///   units
    /// @throws IllegalArgumentException when rows of one unit have several labels, or there is no
    ///   pair within or none between groups
    public static GroupDistances of(double[][] distances, int[] labels, int[] units) {
        UnitPairs pairs = new UnitPairs(distances, units);
        return pairs.means(pairs.labels(labels));
    }

    /// One-sided permutation test that groups are closer within than between: labels change places
    /// between *units*. The statistic is [#difference].
    public static Permuted permutationTest(
            double[][] distances, int[] labels, int[] units, int permutations, long seed) {
        UnitPairs pairs = new UnitPairs(distances, units);
        int[] ofUnits = pairs.labels(labels);
        return PermutationTest.larger(
                ofUnits,
                Arrangements.of(ofUnits, permutations, seed),
                arranged -> pairs.means(arranged).difference());
    }

    /// Distances summed over the pairs of rows of each two units, once, so that a permutation looks
    /// at units only.
    private static final class UnitPairs {
        private final int[] units;
        private final int[] names;
        private final double[][] sums;
        private final int[] rows;

        UnitPairs(double[][] distances, int[] units) {
            Require.distances(distances, "distances");
            Require.sameLength(distances.length, units.length, "rows of distances and units");
            this.units = units;
            this.names = Arrays.stream(units).distinct().sorted().toArray();
            this.sums = new double[names.length][names.length];
            this.rows = new int[names.length];
            int[] index =
                    Arrays.stream(units).map(unit -> Arrays.binarySearch(names, unit)).toArray();
            for (int i = 0; i < units.length; i++) {
                rows[index[i]]++;
                for (int j = 0; j < i; j++) {
                    int larger = Math.max(index[i], index[j]);
                    sums[larger][Math.min(index[i], index[j])] += distances[i][j];
                }
            }
        }

        /// The label of each unit.
        int[] labels(int[] labelsOfRows) {
            Map<Integer, Integer> labelOf = Shuffles.labelOfEachGroup(labelsOfRows, units);
            return Arrays.stream(names).map(labelOf::get).toArray();
        }

        GroupDistances means(int[] labels) {
            double within = 0;
            double between = 0;
            long pairsWithin = 0;
            long pairsBetween = 0;
            for (int i = 0; i < names.length; i++) {
                for (int j = 0; j < i; j++) {
                    long pairs = (long) rows[i] * rows[j];
                    if (labels[i] == labels[j]) {
                        within += sums[i][j];
                        pairsWithin += pairs;
                    } else {
                        between += sums[i][j];
                        pairsBetween += pairs;
                    }
                }
            }
            Require.that(
                    pairsWithin > 0 && pairsBetween > 0,
                    "%d pairs within groups and %d between them; it needs at least two groups, one"
                            + " of them with two units",
                    pairsWithin,
                    pairsBetween);
            return new GroupDistances(within / pairsWithin, between / pairsBetween);
        }
    }
}
