package entropylens.study.statistics;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How a bootstrap sample is drawn: with replacement, of what.
@FunctionalInterface
public interface Resampling {
    /// The indices of the rows in one sample, some of them several times.
    int[] draw(RandomGenerator random);

    /// As many rows as there are, each drawn from all.
    static Resampling ofRows(int rows) {
        Require.atLeast(1, rows, "rows to resample");
        return random -> random.ints(rows, 0, rows).toArray();
    }

    /// As many groups as there are, each with all its rows: for rows that are not independent, as
    /// several questions on one story. Samples differ in length where groups do.
    ///
    /// @param groups the group of every row
    static Resampling ofGroups(int[] groups) {
        Require.atLeast(1, groups.length, "rows to resample");
        List<int[]> members = List.copyOf(members(groups));
        return random ->
                random.ints(members.size(), 0, members.size())
                        .mapToObj(members::get)
                        .flatMapToInt(Arrays::stream)
                        .toArray();
    }

    /// Rows drawn from those of the same stratum, so that each keeps its size: for statistics that
    /// need all classes, as an AUC.
    ///
    /// @param strata the stratum of every row
    static Resampling withinStrata(int[] strata) {
        Require.atLeast(1, strata.length, "rows to resample");
        List<int[]> members = List.copyOf(members(strata));
        return random ->
                members.stream()
                        .flatMapToInt(rows ->
                                random.ints(rows.length, 0, rows.length).map(index -> rows[index]))
                        .toArray();
    }

    /// The rows of each group, groups in ascending order.
    private static Collection<int[]> members(int[] groups) {
        return IntStream.range(0, groups.length)
                .boxed()
                .collect(
                        Collectors.groupingBy(
                                row -> groups[row],
                                TreeMap::new,
                                Collectors.collectingAndThen(
                                        Collectors.toList(), Resampling::toArray)))
                .values();
    }

    private static int[] toArray(List<Integer> rows) {
        return rows.stream().mapToInt(Integer::intValue).toArray();
    }
}
