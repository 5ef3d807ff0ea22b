package entropylens.study.statistics;

import java.util.Arrays;

/// How near rows are to each other, as t-SNE sees it (van der Maaten and Hinton 2008, equation 1
/// and section 3.1): of each row a normal distribution over the others, as wide as the perplexity
/// says; made symmetric; all pairs together add up to 1.
final class Affinities {
    /// As in scikit-learn; entropies in nats.
    private static final double ENTROPY_TOLERANCE = 1e-5;

    private static final int MAX_BISECTIONS = 100;

    /// The least affinity: keeps logarithms finite.
    static final double LEAST = Math.ulp(1.0);

    private Affinities() {}

    /// The pairs (i, j < i), row after row: pair (i, j) is at `i (i - 1) / 2 + j`.
    static double[] ofPairs(double[][] rows, double perplexity) {
        int n = rows.length;
        double[][] conditional = new double[n][];
        for (int i = 0; i < n; i++) {
            conditional[i] = conditional(rows, i, Math.log(perplexity));
        }
        double[] pairs = new double[n * (n - 1) / 2];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double sum = conditional[i][j] + conditional[j][i];
                pairs[at++] = Math.max(sum / (2.0 * n), LEAST);
            }
        }
        return pairs;
    }

    /// Probabilities of the other rows as neighbours of one, with the entropy asked for.
    private static double[] conditional(double[][] rows, int self, double entropy) {
        double[] squared =
                Arrays.stream(rows)
                        .mapToDouble(row -> Distances.squared(row, rows[self]))
                        .toArray();
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < squared.length; j++) {
            least = j == self ? least : Math.min(least, squared[j]);
        }
        for (int j = 0; j < squared.length; j++) {
            squared[j] -= least; // the same distribution, and its sum cannot vanish
        }
        double[] probabilities = new double[rows.length];
        double precision = 1;
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        for (int i = 0; i < MAX_BISECTIONS; i++) {
            double excess = spread(squared, self, precision, probabilities) - entropy;
            if (Math.abs(excess) <= ENTROPY_TOLERANCE) {
                break;
            }
            if (excess > 0) {
                low = precision;
            } else {
                high = precision;
            }
            precision = Double.isInfinite(high) ? 2 * precision : (low + high) / 2;
        }
        return probabilities;
    }

    /// Fills in the probabilities for one precision.
    ///
    /// @return their entropy in nats
    private static double spread(
            double[] squared, int self, double precision, double[] probabilities) {
        double sum = 0;
        double weighted = 0;
        for (int j = 0; j < squared.length; j++) {
            // StrictMath: the same bits, and so the same map, on every machine
            double weight = j == self ? 0 : StrictMath.exp(-squared[j] * precision);
            probabilities[j] = weight;
            sum += weight;
            weighted += weight * squared[j];
        }
        for (int j = 0; j < squared.length; j++) {
            probabilities[j] /= sum;
        }
        return StrictMath.log(sum) + precision * weighted / sum;
    }
}
