package entropylens.study.classify;

import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// By how much two classes differ in the feature in which they differ most. The largest of several
/// noisy differences is too large: so one half of the groups chooses the feature and the two
/// classes, and the other half is measured; the mean of both ways round.
///
/// @param difference 0 on average where classes do not differ; interval over groups, drawn anew
///   inside each half and class
/// @param feature in which the classes differ most by all rows
/// @param first the class with the larger mean in it
/// @param second the class with the smaller one
public record LargestDifference(Interval difference, int feature, int first, int second) {
    private static final int MAX_REDRAWS = 1000;

    /// A feature and two classes.
    private record Place(int feature, int first, int second) {}

    private static final Place NOWHERE = new Place(-1, -1, -1);

    /// @param features `[row][feature]`
    /// @param draws of the bootstrap
    public static LargestDifference of(
            Cases cases, double[][] features, int draws, double level, long seed) {
        Halves halves = Halves.of(cases, seed);
        int classes = cases.classes().size();
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[draws];
        for (int draw = 0; draw < draws; draw++) {
            values[draw] = Double.NaN;
            for (int again = 0; Double.isNaN(values[draw]) && again < MAX_REDRAWS; again++) {
                values[draw] = crossFitted(cases, features, classes, halves.drawn(random));
            }
        }
        double estimate = crossFitted(cases, features, classes, halves.all());
        int[] rows = IntStream.range(0, cases.rows()).toArray();
        double[][] means = means(cases, features, classes, rows);
        Place place = largest(means, means);
        return new LargestDifference(
                new Interval(
                        estimate,
                        Quantiles.linear(values, (1 - level) / 2),
                        Quantiles.linear(values, (1 + level) / 2),
                        level),
                place.feature,
                place.first,
                place.second);
    }

    /// The difference alone, for halves of other seeds.
    public static double estimate(Cases cases, double[][] features, long seed) {
        return crossFitted(cases, features, cases.classes().size(), Halves.of(cases, seed).all());
    }

    /// NaN where the halves share fewer than two classes.
    private static double crossFitted(
            Cases cases, double[][] features, int classes, int[][] halves) {
        double[][] one = means(cases, features, classes, halves[0]);
        double[][] other = means(cases, features, classes, halves[1]);
        return (difference(other, largest(one, other)) + difference(one, largest(other, one))) / 2;
    }

    private static double difference(double[][] means, Place place) {
        return place == NOWHERE
                ? Double.NaN
                : means[place.first][place.feature] - means[place.second][place.feature];
    }

    /// Among classes that both halves have.
    ///
    /// @param means of the half that chooses
    /// @param others of the half that is measured
    private static Place largest(double[][] means, double[][] others) {
        Place best = new Place(0, 0, 0);
        double largest = Double.NEGATIVE_INFINITY;
        for (int a = 0; a < means.length; a++) {
            for (int b = 0; b < means.length; b++) {
                for (int j = 0; a != b && j < means[a].length; j++) {
                    Place here = new Place(j, a, b);
                    // NaN is larger than nothing
                    if (difference(means, here) > largest
                            && !Double.isNaN(difference(others, here))) {
                        best = here;
                        largest = difference(means, here);
                    }
                }
            }
        }
        return largest == Double.NEGATIVE_INFINITY ? NOWHERE : best;
    }

    /// `[class][feature]`; NaN for a class without rows.
    private static double[][] means(Cases cases, double[][] features, int classes, int[] rows) {
        double[][] means = new double[classes][features[0].length];
        int[] sizes = new int[classes];
        for (int row : rows) {
            int label = cases.labels()[row];
            sizes[label]++;
            for (int j = 0; j < features[row].length; j++) {
                means[label][j] += features[row][j];
            }
        }
        for (int c = 0; c < classes; c++) {
            for (int j = 0; j < means[c].length; j++) {
                means[c][j] /= sizes[c];
            }
        }
        return means;
    }

    /// Groups in two halves, as even in their classes as groups allow.
    ///
    /// @param strata of each half, the rows `[group][row]` of groups of one class
    private record Halves(List<List<List<int[]>>> strata) {
        static Halves of(Cases cases, long seed) {
            Map<Integer, List<Integer>> rowsOf = new TreeMap<>();
            for (int row = 0; row < cases.rows(); row++) {
                rowsOf.computeIfAbsent(cases.groups()[row], _ -> new ArrayList<>()).add(row);
            }
            List<List<Integer>> groups = new ArrayList<>(rowsOf.values());
            Collections.shuffle(groups, new Random(seed));
            Map<Integer, List<int[]>> byClass = new TreeMap<>();
            for (List<Integer> group : groups) {
                int[] rows = group.stream().mapToInt(Integer::intValue).toArray();
                byClass.computeIfAbsent(mostFrequent(cases, rows), _ -> new ArrayList<>())
                        .add(rows);
            }
            List<List<List<int[]>>> halves = List.of(new ArrayList<>(), new ArrayList<>());
            int dealt = 0;
            for (List<int[]> stratum : byClass.values()) {
                List<List<int[]>> both = List.of(new ArrayList<>(), new ArrayList<>());
                for (int[] group : stratum) {
                    both.get(dealt++ % 2).add(group);
                }
                halves.get(0).add(both.get(0));
                halves.get(1).add(both.get(1));
            }
            return new Halves(halves);
        }

        private static int mostFrequent(Cases cases, int[] rows) {
            Map<Integer, Integer> counts = new HashMap<>();
            Arrays.stream(rows).forEach(row -> counts.merge(cases.labels()[row], 1, Integer::sum));
            return counts.entrySet().stream()
                    .max(
                            Map.Entry.<Integer, Integer>comparingByValue()
                                    .thenComparing(Map.Entry.comparingByKey()))
                    .orElseThrow()
                    .getKey();
        }

        int[][] all() {
            return strata.stream()
                    .map(half ->
                            half.stream()
                                    .flatMap(List::stream)
                                    .flatMapToInt(Arrays::stream)
                                    .toArray())
                    .toArray(int[][]::new);
        }

        /// As many groups of each half and class as there are, with replacement.
        int[][] drawn(SplittableRandom random) {
            return strata.stream()
                    .map(half ->
                            half.stream()
                                    .flatMap(stratum ->
                                            stratum.isEmpty()
                                                    ? java.util.stream.Stream.of()
                                                    : random.ints(stratum.size(), 0, stratum.size())
                                                            .mapToObj(stratum::get))
                                    .flatMapToInt(Arrays::stream)
                                    .toArray())
                    .toArray(int[][]::new);
        }
    }
}
