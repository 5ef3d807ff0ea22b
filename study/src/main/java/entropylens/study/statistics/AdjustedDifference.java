package entropylens.study.statistics;

import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;

/// How two kinds of few units differ once a covariate is held fixed: the coefficient of the kind in
/// least squares on an intercept, the covariate and the kind.
///
/// @param given the covariate, one value for each unit
/// @param values what is compared, one for each unit
public record AdjustedDifference(double[] given, double[] values) {
    /// Intercept, covariate and kind.
    private static final int COEFFICIENTS = 3;

    private static final double ROUNDING = 1e-9;

    /// Values of kind 1 less those of kind 0, in the unit of the values, with Student's interval.
    ///
    /// @param kinds 1 or 0 for each unit; both occur
    public Interval interval(int[] kinds, double level) {
        Require.atLeast(COEFFICIENTS + 1, kinds.length, "units of an adjusted difference");
        Require.level(level);
        OLSMultipleLinearRegression fit = fit(kinds);
        double difference = fit.estimateRegressionParameters()[COEFFICIENTS - 1];
        double error = fit.estimateRegressionParametersStandardErrors()[COEFFICIENTS - 1];
        double half =
                error
                        * new TDistribution(kinds.length - COEFFICIENTS)
                                .inverseCumulativeProbability((1 + level) / 2);
        return new Interval(difference, difference - half, difference + half, level);
    }

    /// Two-sided p: the kinds change places (Draper and Stoneman 1966). What is compared is the
    /// square of t, by way of what the fit leaves over: t does not depend on how steeply the values
    /// go with the covariate, as a difference of means would.
    ///
    /// @param most arrangements that are looked at at most
    public double pValue(int[] kinds, int most, long seed) {
        double bound = fit(kinds).calculateResidualSumOfSquares() + ROUNDING * spread();
        Arrangements arrangements = Arrangements.of(kinds, most, seed);
        double asLarge =
                arrangements.labels().stream()
                        .filter(labels -> fit(labels).calculateResidualSumOfSquares() <= bound)
                        .count();
        double all = arrangements.labels().size();
        return arrangements.all() ? asLarge / all : (asLarge + 1) / (all + 1);
    }

    /// Sum of squares about the mean.
    private double spread() {
        OLSMultipleLinearRegression fit = fit(new int[values.length], 1);
        return fit.calculateTotalSumOfSquares();
    }

    private OLSMultipleLinearRegression fit(int[] kinds) {
        return fit(kinds, COEFFICIENTS - 1);
    }

    /// @param columns 1 for the covariate alone, 2 for the kind beside it
    private OLSMultipleLinearRegression fit(int[] kinds, int columns) {
        double[][] rows = new double[values.length][columns];
        for (int i = 0; i < rows.length; i++) {
            rows[i][0] = given[i];
            if (columns > 1) {
                rows[i][1] = kinds[i];
            }
        }
        OLSMultipleLinearRegression fit = new OLSMultipleLinearRegression();
        fit.newSampleData(values, rows);
        return fit;
    }
}
