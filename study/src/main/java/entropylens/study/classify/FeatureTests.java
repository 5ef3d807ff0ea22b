package entropylens.study.classify;

import java.util.Arrays;
import java.util.stream.IntStream;

/// In which features classes differ: one test for each feature, such as the entropy of one layer.
///
/// The statistic is F of a one-way analysis of variance of [GroupMeans]. Its distribution where
/// there is nothing to find is that of exchanged labels ([Shuffling#ofGroups]). Corrected for the
/// number of features by the largest F of all features in each exchange (Westfall and Young's
/// single-step max-T), which takes into account that neighbouring layers go together.
///
/// @param f of each feature
/// @param share of the variance between rows that the classes account for, by feature: η²
/// @param p of each feature by itself
/// @param adjusted p after correction
public record FeatureTests(double[] f, double[] share, double[] p, double[] adjusted) {
    /// Runs of neighbouring seeds share no exchange.
    private static final long SEEDS = 1_000_033;

    /// @param features `[row][feature]`
    /// @param exchanges of labels; p cannot be below one in their number and one
    public static FeatureTests of(Cases cases, double[][] features, int exchanges, long seed) {
        double[][] found = new Analysis(GroupMeans.of(cases, features)).f();
        double[] f = found[0];
        int[] beyond = new int[f.length];
        int[] largestBeyond = new int[f.length];
        for (int i = 0; i < exchanges; i++) {
            double[] shuffled =
                    new Analysis(GroupMeans.of(cases.exchanged(SEEDS * seed + i), features)).f()[0];
            double largest = Arrays.stream(shuffled).max().orElse(0);
            for (int j = 0; j < f.length; j++) {
                beyond[j] += shuffled[j] >= f[j] ? 1 : 0;
                largestBeyond[j] += largest >= f[j] ? 1 : 0;
            }
        }
        return new FeatureTests(
                f, found[1], shares(beyond, exchanges), shares(largestBeyond, exchanges));
    }

    private static double[] shares(int[] counts, int exchanges) {
        return Arrays.stream(counts)
                .mapToDouble(count -> (1.0 + count) / (1.0 + exchanges))
                .toArray();
    }

    /// The smallest p after correction: that classes differ in any feature.
    public double smallest() {
        return Arrays.stream(adjusted).min().orElse(1);
    }

    /// The features whose p after correction is below a level.
    public int[] below(double level) {
        return IntStream.range(0, adjusted.length).filter(j -> adjusted[j] < level).toArray();
    }

    /// One analysis of variance for each feature.
    private static final class Analysis {
        private final double[][] means;
        private final int[] classOf;
        private final int classes;

        Analysis(GroupMeans of) {
            means = of.features();
            classOf = of.cases().labels();
            classes = of.cases().classes().size();
        }

        /// F and the share of the variance, by feature. A feature without variance has neither.
        double[][] f() {
            int width = means[0].length;
            int[] sizes = new int[classes];
            double[][] ofClass = new double[classes][width];
            double[] all = new double[width];
            for (int cell = 0; cell < means.length; cell++) {
                sizes[classOf[cell]]++;
                for (int j = 0; j < width; j++) {
                    ofClass[classOf[cell]][j] += means[cell][j];
                    all[j] += means[cell][j] / means.length;
                }
            }
            double[] between = new double[width];
            for (int c = 0; c < classes; c++) {
                for (int j = 0; j < width && sizes[c] > 0; j++) {
                    double distance = ofClass[c][j] / sizes[c] - all[j];
                    between[j] += sizes[c] * distance * distance;
                }
            }
            return ratios(between, all);
        }

        private double[][] ratios(double[] between, double[] all) {
            double[][] ratios = new double[2][between.length];
            double free = Math.max(1, means.length - classes);
            for (int j = 0; j < between.length; j++) {
                double total = 0;
                for (double[] mean : means) {
                    total += (mean[j] - all[j]) * (mean[j] - all[j]);
                }
                // of equal values, what rounding leaves is no variance
                boolean varies = total > 1e-18 * means.length * (1 + all[j] * all[j]);
                double within = Math.max(total - between[j], 1e-12 * total);
                ratios[0][j] = varies ? between[j] / (classes - 1.0) / (within / free) : 0;
                ratios[1][j] = varies ? Math.min(1, between[j] / total) : 0;
            }
            return ratios;
        }
    }
}
