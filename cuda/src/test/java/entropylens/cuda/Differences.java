package entropylens.cuda;

import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The largest differences between profiles from a GPU and from the processor, by statistic, and
/// where they were seen. Of the most probable tokens, the share of places with another token.
final class Differences {
    private static final String TOP = "top tokens that differ, share";

    private record Worst(double difference, String where) {}

    private final Map<String, Worst> worst = new LinkedHashMap<>();

    void add(String where, TextProfile expected, TextProfile found) {
        for (Statistic statistic : GoldensCheck.ALL.statistics()) {
            double[][] ours = expected.table(statistic);
            double[][] theirs = found.table(statistic);
            double scale = statistic.equals(Statistic.H_NORM) ? largest(ours) : 1;
            for (int p = 0; p < ours.length; p++) {
                for (int l = 0; l < ours[p].length; l++) {
                    see(
                            statistic.column(),
                            difference(ours[p][l], theirs[p][l]) / scale,
                            where + ", position " + p + ", layer " + (l + 1));
                }
            }
        }
        see(TOP, otherTokens(expected.topIds(), found.topIds()), where);
    }

    private static double difference(double expected, double found) {
        if (Double.isNaN(expected) && Double.isNaN(found) || expected == found) {
            return 0;
        }
        double difference = Math.abs(expected - found);
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }

    private static double largest(double[][] table) {
        return Arrays.stream(table).flatMapToDouble(Arrays::stream).max().orElse(1);
    }

    private static double otherTokens(int[][][] expected, int[][][] found) {
        int places = 0;
        int others = 0;
        for (int p = 0; p < expected.length; p++) {
            for (int l = 0; l < expected[p].length; l++) {
                for (int k = 0; k < expected[p][l].length; k++) {
                    places++;
                    others += expected[p][l][k] == found[p][l][k] ? 0 : 1;
                }
            }
        }
        return (double) others / Math.max(1, places);
    }

    private void see(String what, double difference, String where) {
        Worst before = worst.get(what);
        if (before == null || difference > before.difference()) {
            worst.put(what, new Worst(difference, where));
        }
    }

    /// The largest difference of entropies, in nats.
    double entropy() {
        return worst.get(Statistic.ENTROPY.column()).difference();
    }

    /// By statistic: the difference, and where.
    Map<String, List<Object>> worst() {
        Map<String, List<Object>> all = new LinkedHashMap<>();
        worst.forEach((name, found) -> {
            List<Object> pair = new ArrayList<>();
            double difference = found.difference();
            pair.add(Double.isFinite(difference) ? difference : "not a number");
            pair.add(found.where());
            all.put(name, pair);
        });
        return all;
    }
}
