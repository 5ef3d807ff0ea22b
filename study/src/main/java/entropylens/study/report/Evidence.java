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
/// @param noTwin why there is no such figure, in words; empty where there is one, or where none is
///   looked for
/// @param worth the smallest value of the figure that is worth the name (docs/method.md)
/// @param detectable the smallest value that a sample of this size finds in 80 % of runs
/// @param overSeeds the figure under other seeds of folds and sampling; empty where nothing is
///   drawn
/// @param seeds what they are seeds of, in words: "seeds of the folds", "fifths of the texts"
public record Evidence(
        int n,
        String unit,
        double p,
        double adjusted,
        String test,
        double nullLevel,
        double twin,
        String noTwin,
        double worth,
        double detectable,
        double[] overSeeds,
        String seeds) {
    private static final String SEEDS = "seeds";

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
                    "",
                    Double.NaN,
                    Double.NaN,
                    new double[0],
                    SEEDS);

    public Evidence {
        overSeeds = overSeeds.clone();
    }

    @Override
    public double[] overSeeds() {
        return overSeeds.clone();
    }

    /// How many units there are, and what they are.
    public static Evidence of(int n, String unit) {
        return new Evidence(
                n,
                unit,
                NONE.p,
                NONE.adjusted,
                NONE.test,
                NONE.nullLevel,
                NONE.twin,
                NONE.noTwin,
                NONE.worth,
                NONE.detectable,
                NONE.overSeeds,
                NONE.seeds);
    }

    /// With a test of the claim.
    public Evidence withTest(String name, double pValue) {
        return new Evidence(
                n,
                unit,
                pValue,
                adjusted,
                name,
                nullLevel,
                twin,
                noTwin,
                worth,
                detectable,
                overSeeds,
                seeds);
    }

    /// With the p-value after correction over the run.
    public Evidence withAdjusted(double pValue) {
        return new Evidence(
                n,
                unit,
                p,
                pValue,
                test,
                nullLevel,
                twin,
                noTwin,
                worth,
                detectable,
                overSeeds,
                seeds);
    }

    /// With what the figure is where there is nothing to find.
    public Evidence withNull(double level) {
        return new Evidence(
                n,
                unit,
                p,
                adjusted,
                test,
                level,
                twin,
                noTwin,
                worth,
                detectable,
                overSeeds,
                seeds);
    }

    /// With the untrained twin's figure.
    public Evidence withTwin(double figure) {
        return new Evidence(
                n,
                unit,
                p,
                adjusted,
                test,
                nullLevel,
                figure,
                "",
                worth,
                detectable,
                overSeeds,
                seeds);
    }

    /// Without the untrained twin's figure.
    ///
    /// @param why in words
    public Evidence withoutTwin(String why) {
        return new Evidence(
                n,
                unit,
                p,
                adjusted,
                test,
                nullLevel,
                Double.NaN,
                why,
                worth,
                detectable,
                overSeeds,
                seeds);
    }

    /// With the smallest figure worth the name, and the smallest that this sample could find.
    public Evidence withSmallest(double worthTheName, double found) {
        return new Evidence(
                n,
                unit,
                p,
                adjusted,
                test,
                nullLevel,
                twin,
                noTwin,
                worthTheName,
                found,
                overSeeds,
                seeds);
    }

    /// With the figure under other seeds.
    public Evidence withSeeds(double[] figures) {
        return withSeeds(SEEDS, figures);
    }

    /// With the figure under other seeds.
    ///
    /// @param of what they are: "seeds of the folds"
    public Evidence withSeeds(String of, double[] figures) {
        return new Evidence(
                n,
                unit,
                p,
                adjusted,
                test,
                nullLevel,
                twin,
                noTwin,
                worth,
                detectable,
                figures,
                of);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Evidence that
                && n == that.n
                && unit.equals(that.unit)
                && test.equals(that.test)
                && noTwin.equals(that.noTwin)
                && seeds.equals(that.seeds)
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
