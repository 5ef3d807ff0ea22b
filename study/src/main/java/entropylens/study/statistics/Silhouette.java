package entropylens.study.statistics;

/// How well groups hold together: Rousseeuw's silhouette (1987).
public final class Silhouette {
    private Silhouette() {}

    /// Mean over the rows of `(b - a) / max(a, b)`, from -1 to 1, where a is the mean distance to
    /// the others of the row's group and b that to the nearest other group. A row alone in its
    /// group counts 0. As `sklearn.metrics.silhouette_score(metric="precomputed")`.
    ///
    /// @param distances `[rows][rows]`
    /// @throws IllegalArgumentException when there are fewer than two groups
    public static double mean(double[][] distances, int[] labels) {
        Require.distances(distances, "distances");
        Require.sameLength(distances.length, labels.length, "rows of distances and labels");
        int classes = Require.classes(labels);
        int[] sizes = new int[classes];
        for (int label : labels) {
            sizes[label]++;
        }
        Require.that(
                sizes[labels[0]] < labels.length,
                "silhouette: all %d rows are of group %d, expected at least two groups",
                labels.length,
                labels[0]);
        double sum = 0;
        for (int row = 0; row < labels.length; row++) {
            sum += of(distances[row], labels, sizes, labels[row]);
        }
        return sum / labels.length;
    }

    private static double of(double[] distances, int[] labels, int[] sizes, int own) {
        if (sizes[own] == 1) {
            return 0;
        }
        double[] sums = new double[sizes.length];
        for (int i = 0; i < labels.length; i++) {
            sums[labels[i]] += distances[i];
        }
        double inside = sums[own] / (sizes[own] - 1);
        double nearest = Double.POSITIVE_INFINITY;
        for (int c = 0; c < sizes.length; c++) {
            if (c != own && sizes[c] > 0) {
                nearest = Math.min(nearest, sums[c] / sizes[c]);
            }
        }
        double larger = Math.max(inside, nearest);
        return larger == 0 ? 0 : (nearest - inside) / larger;
    }
}
