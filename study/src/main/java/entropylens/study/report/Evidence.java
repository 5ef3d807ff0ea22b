package entropylens.study.report;

import java.util.Arrays;

/// What stands behind a verdict. A number that does not apply, or is not known, is NaN.
///
/// @param n independent units that the figure rests on: stories, questions, blocks, models
/// @param unit what they are, in the plural; empty where n is not known
/// @param p of the test named; where several comparisons must all hold, the largest of their
///   p-values (an intersection-union test)
/// @param adjusted p after Holm's correction over all tests of the run
/// @param test what p is of, in words; empty where there is none
/// @param nullLevel the figure where there is nothing to find: the mean over permutations, or what
///   the definition says
/// @param twin the figure of the untrained twin
/// @param worth the smallest value of the figure that is worth the name (docs/method.md)
/// @param detectable the smallest value that a sample of this size finds in 80 % of runs
/// @param overSeeds the figure under other seeds of folds and sampling; empty where nothing is
///   drawn
public record Evidence(
        int n,
        String unit,
        double p,
        double adjusted,
        String test,
        double nullLevel,
        double twin,
        double worth,
        double detectable,
        double[] overSeeds) {
    /// Nothing known.
    public static final Evidence NONE =
            new Evidence(
                    0,
                    "",
                    Double.NaN,
                    Double.NaN,
                    "",
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    new double[0]);

    public Evidence {
        overSeeds = overSeeds.clone();
    }

    @Override
    public double[] overSeeds() {
        return overSeeds.clone();
    }

    /// How many units there are, and what they are.
    public static Evidence of(int n, String unit) {
        return NONE.withUnits(n, unit);
    }

    private Evidence withUnits(int units, String what) {
        return new Evidence(
                units, what, p, adjusted, test, nullLevel, twin, worth, detectable, overSeeds);
    }

    /// With a test of the claim.
    public Evidence withTest(String name, double pValue) {
        return new Evidence(
                n, unit, pValue, adjusted, name, nullLevel, twin, worth, detectable, overSeeds);
    }

    /// With the p-value after correction over the run.
    public Evidence withAdjusted(double pValue) {
        return new Evidence(
                n, unit, p, pValue, test, nullLevel, twin, worth, detectable, overSeeds);
    }

    /// With what the figure is where there is nothing to find.
    public Evidence withNull(double level) {
        return new Evidence(n, unit, p, adjusted, test, level, twin, worth, detectable, overSeeds);
    }

    /// With the untrained twin's figure.
    public Evidence withTwin(double figure) {
        return new Evidence(
                n, unit, p, adjusted, test, nullLevel, figure, worth, detectable, overSeeds);
    }

    /// With the smallest figure worth the name, and the smallest that this sample could find.
    public Evidence withSmallest(double worthTheName, double found) {
        return new Evidence(
                n, unit, p, adjusted, test, nullLevel, twin, worthTheName, found, overSeeds);
    }

    /// With the figure under other seeds.
    public Evidence withSeeds(double[] figures) {
        return new Evidence(
                n, unit, p, adjusted, test, nullLevel, twin, worth, detectable, figures);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Evidence that
                && n == that.n
                && unit.equals(that.unit)
                && test.equals(that.test)
                && Arrays.equals(numbers(), that.numbers())
                && Arrays.equals(overSeeds, that.overSeeds);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(numbers()) + Arrays.hashCode(overSeeds);
    }

    private double[] numbers() {
        return new double[] {p, adjusted, nullLevel, twin, worth, detectable};
    }

    @Override
    public String toString() {
        return "%d %s, p %s (%s), %s".formatted(n, unit, p, test, Arrays.toString(numbers()));
    }
}
