package entropylens.study.statistics;

import java.util.Arrays;

/// What a statistic came to in each bootstrap sample, in the order of the samples, and which
/// samples these were. Two statistics of the very same samples have a paired difference: what moves
/// both alike from sample to sample is in neither end of its interval.
public final class Draws {
    /// Of intervals that come from elsewhere.
    public static final Draws NONE = new Draws(0, new double[0]);

    private final long samples;
    private final double[] values;

    /// @param samples [#fingerprint] of all samples, one after the other
    /// @param values of the statistic, by sample
    public Draws(long samples, double[] values) {
        this.samples = samples;
        this.values = values.clone();
    }

    /// Of samples so far and one more.
    ///
    /// @param sample indices of rows, or how often each counts
    public static long fingerprint(long sofar, int[] sample) {
        return 0x9E3779B97F4A7C15L * sofar + 31L * sample.length + Arrays.hashCode(sample);
    }

    /// Which samples these are.
    public long samples() {
        return samples;
    }

    /// By sample.
    public double[] values() {
        return values.clone();
    }

    /// Whether both are of the same samples of rows.
    public boolean pairsWith(Draws other) {
        return values.length > 0
                && values.length == other.values.length
                && samples == other.samples;
    }

    /// Sample by sample; none where they are not of the same samples.
    public Draws less(Draws other) {
        if (!pairsWith(other)) {
            return NONE;
        }
        double[] differences = new double[values.length];
        Arrays.setAll(differences, draw -> values[draw] - other.values[draw]);
        return new Draws(samples, differences);
    }

    /// The percentile interval of the statistic.
    ///
    /// @param estimate of all rows, each once
    Interval interval(double estimate, double level) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Interval(
                estimate,
                Quantiles.ofSorted(sorted, (1 - level) / 2),
                Quantiles.ofSorted(sorted, (1 + level) / 2),
                level,
                this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Draws draws
                && samples == draws.samples
                && Arrays.equals(values, draws.values);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(samples);
    }

    @Override
    public String toString() {
        return values.length + " draws";
    }
}
