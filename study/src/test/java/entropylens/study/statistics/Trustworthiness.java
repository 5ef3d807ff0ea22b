package entropylens.study.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/// How many neighbours in a map are neighbours in the rows: Venna and Kaski (2001), as
/// `sklearn.manifold.trustworthiness`.
final class Trustworthiness {
    private Trustworthiness() {}

    static double of(double[][] rows, double[][] map, int neighbours) {
        int n = rows.length;
        double penalty = 0;
        for (int i = 0; i < n; i++) {
            int[] near = nearestFirst(rows, i);
            int[] rank = new int[n];
            for (int r = 0; r < near.length; r++) {
                rank[near[r]] = r + 1;
            }
            int[] mapped = nearestFirst(map, i);
            for (int r = 0; r < neighbours; r++) {
                penalty += Math.max(0, rank[mapped[r]] - neighbours);
            }
        }
        return 1 - penalty * 2 / (n * (double) neighbours * (2 * n - 3 * neighbours - 1));
    }

    private static int[] nearestFirst(double[][] rows, int self) {
        return IntStream.range(0, rows.length)
                .filter(j -> j != self)
                .boxed()
                .sorted(Comparator.comparingDouble(j -> Distances.squared(rows[j], rows[self])))
                .mapToInt(j -> j)
                .toArray();
    }
}
