package entropylens.study.report;

import java.util.Arrays;

/// What the figure of a verdict came to in bootstrap samples of its units, so that the same figure
/// seen otherwise, of the same samples, can be compared sample by sample. No report shows it.
public final class FigureDraws {
    /// Of a figure whose interval is none of a bootstrap.
    public static final FigureDraws NONE = new FigureDraws(0, new double[0]);

    private final long samples;
    private final double[] values;

    /// @param samples says which samples: the same number for the same samples
    /// @param values by sample
    public FigureDraws(long samples, double[] values) {
        this.samples = samples;
        this.values = values.clone();
    }

    /// Which samples.
    public long samples() {
        return samples;
    }

    /// By sample.
    public double[] values() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FigureDraws draws
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
