package entropylens.lens;

import java.util.Arrays;

/// Running statistics of the logits seen so far, per row of a chunk. Sums are relative to the largest logit seen
/// (`m`), and kept in float64:
///
///     sum = Σ e^(z-m)     weighted = Σ e^(z-m) (z-m)     power[α] = Σ e^(α (z-m))
///     squares = Σ e^(z-m) (z-m)²
///
/// One instance covers one stripe of the vocabulary; stripes are merged in order, so that results do not depend on
/// which thread read what.
final class RowStatistics {
    final int rows;
    final double[] max;
    final double[] sum;
    final double[] weighted;
    final double[] squares;
    final double[][] power;
    final double[] alphas;

    /// `Σ e^(y-m_y) (y - z)` against the reference row y; relative to the maximum of y.
    final double[] cross;

    final int[] reference;

    /// Count, mean and sum of squared deviations of the logits (Chan, Golub and LeVeque 1983, for
    /// merging).
    final double[] mean;

    final double[] deviations;
    long entries;

    /// Logits above the target's, and logits that are not -∞.
    final long[] above;

    final long[] support;

    final TopTokens top;

    RowStatistics(int rows, ReadoutRequest request, int[] reference) {
        this.rows = rows;
        this.reference = reference;
        alphas = request.alphas().stream().mapToDouble(a -> a).toArray();
        max = new double[rows];
        Arrays.fill(max, Double.NEGATIVE_INFINITY);
        sum = new double[rows];
        weighted = new double[rows];
        squares = new double[request.needs(Statistic.Need.SQUARES) ? rows : 0];
        power = new double[alphas.length][rows];
        cross = new double[request.needsReferences() ? rows : 0];
        mean = new double[request.needs(Statistic.Need.MOMENTS) ? rows : 0];
        deviations = new double[mean.length];
        above = new long[request.needsTargets() ? rows : 0];
        support = new long[rows];
        top = new TopTokens(rows, request.largest());
    }

    /// What was summed elsewhere.
    ///
    /// @param reference by slot
    RowStatistics(ReadoutRequest request, int[] reference, SummedRows sums, int entries) {
        this.rows = sums.max().length;
        this.reference = reference;
        alphas = request.alphas().stream().mapToDouble(a -> a).toArray();
        max = sums.max();
        sum = sums.sum();
        weighted = sums.weighted();
        squares = sums.squares();
        power = sums.power();
        cross = sums.cross();
        mean = sums.mean();
        deviations = sums.deviations();
        above = sums.above();
        support = sums.support();
        top = new TopTokens(request.largest(), sums.topLogits(), sums.topIds());
        this.entries = entries;
    }

    /// Bytes that one row takes in one stripe.
    static long bytesPerRow(ReadoutRequest request) {
        return 8L * (9 + request.alphas().size() + request.largest());
    }

    /// Raises the maxima to at least `seen` (row by row) and rescales what was summed so far.
    void raiseMaxima(double[] seen) {
        double[] drop = new double[rows];
        for (int r = 0; r < rows; r++) {
            // a NaN among the logits becomes the maximum, and is refused at the end
            double raised = Math.max(max[r], seen[r]);
            drop[r] = max[r] == Double.NEGATIVE_INFINITY ? 0 : max[r] - raised;
            max[r] = raised;
        }
        for (int r = 0; r < rows; r++) {
            if (drop[r] != 0) {
                rescale(r, drop[r]);
            }
        }
        for (int r = 0; r < cross.length; r++) {
            cross[r] *= Math.exp(drop[reference[r]]);
        }
    }

    private void rescale(int r, double drop) {
        double factor = Math.exp(drop);
        if (squares.length > 0) {
            squares[r] = factor * (squares[r] + drop * (2 * weighted[r] + drop * sum[r]));
        }
        weighted[r] = factor * (weighted[r] + sum[r] * drop);
        sum[r] *= factor;
        for (int a = 0; a < alphas.length; a++) {
            power[a][r] *= Math.exp(alphas[a] * drop);
        }
    }

    /// What the kernels are to subtract from the logits of a row: the maximum, as float32, which it
    /// is.
    float shift(int r) {
        return max[r] == Double.NEGATIVE_INFINITY ? 0 : (float) max[r];
    }

    /// Adds `count` logits with the given mean and sum of squared deviations to a row.
    void addMoments(int r, long before, long count, double itsMean, double itsDeviations) {
        double delta = itsMean - mean[r];
        long total = before + count;
        mean[r] += delta * count / total;
        deviations[r] += itsDeviations + delta * delta * before * count / total;
    }

    /// Appends the statistics of the next stripe of the vocabulary.
    void merge(RowStatistics next) {
        raiseMaxima(next.max);
        // the next stripe, brought to the common maxima
        double[] own = max.clone();
        next.raiseMaxima(own);
        for (int r = 0; r < rows; r++) {
            sum[r] += next.sum[r];
            weighted[r] += next.weighted[r];
            support[r] += next.support[r];
            if (squares.length > 0) {
                squares[r] += next.squares[r];
            }
            for (int a = 0; a < alphas.length; a++) {
                power[a][r] += next.power[a][r];
            }
        }
        for (int r = 0; r < cross.length; r++) {
            cross[r] += next.cross[r];
        }
        for (int r = 0; r < mean.length; r++) {
            addMoments(r, entries, next.entries, next.mean[r], next.deviations[r]);
        }
        for (int r = 0; r < above.length; r++) {
            above[r] += next.above[r];
        }
        entries += next.entries;
        top.merge(next.top);
    }

    /// `ln Σ e^(z-m)`.
    double logSum(int r) {
        return Math.log(sum[r]);
    }

    /// Shannon entropy in nats: `ln Z - E[z]`.
    double entropy(int r) {
        return logSum(r) - weighted[r] / sum[r];
    }

    /// Variance of −ln p, which is that of the logits under p, in nats²: `E[z²] - E[z]²`. Rounding
    /// may leave it slightly below 0, which is reported as 0.
    double varentropy(int r) {
        double mean = weighted[r] / sum[r];
        return Math.max(0, squares[r] / sum[r] - mean * mean);
    }

    /// Rényi entropy of order alpha in nats: `ln(Σ p^α) / (1 - α)`, with its limits at 1 and ∞.
    double renyi(int a, int r) {
        double alpha = alphas[a];
        if (alpha == 1) {
            return entropy(r);
        }
        if (alpha == 0) {
            return Math.log(support[r]);
        }
        if (Double.isInfinite(alpha)) {
            return logSum(r);
        }
        return (Math.log(power[a][r]) - alpha * logSum(r)) / (1 - alpha);
    }

    /// `KL(reference ‖ row)` in nats. Rounding may leave it slightly below 0, which is reported as
    /// 0.
    double divergence(int r) {
        int y = reference[r];
        double logRatio = (max[r] + logSum(r)) - (max[y] + logSum(y));
        return Math.max(0, cross[r] / sum[y] + logRatio);
    }

    double logitStd(int r) {
        return Math.sqrt(deviations[r] / entries);
    }
}
