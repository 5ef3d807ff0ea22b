package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Statistics of few units: models, blocks.
class FewUnitsTest {
    private static final double[] X = {0.5, -0.2, 0.1, -0.9, 0.4, -0.4, -0.3, 1.1};
    private static final double[] Y = {2.0, 1.5, 1.7, 0.2, 2.5, 0.9, 1.0, 1.9};
    private static final double[] Z = {0, 1, 2, 3, 4, 5, 6, 7};

    /// The textbook formula of three correlations of SciPy's ranks: 0.9138305629.
    @Test
    void thePartialCorrelationIsThatOfTheThreeCorrelations() {
        assertThat(PartialRank.given(8, Z).correlation(X, Y))
                .isCloseTo(0.9138305629091374, within(1e-12));
        assertThat(PartialRank.given(8, Z).pValue(X, Y, 100, 1)).isLessThan(0.01);
        assertThat(PartialRank.given(8, Z).pValue(X, Y, 100, 1))
                .as("all orders of 8 blocks, so no seed")
                .isEqualTo(PartialRank.given(8, Z).pValue(X, Y, 100, 2));
    }

    /// By the inverse of the matrix of SciPy's rank correlations.
    @Test
    void severalQuantitiesAreHeldFixed() {
        double[] w = {3, 1, 4, 1.5, 5, 9, 2, 6};
        assertThat(PartialRank.given(8, Z, w).correlation(X, Y))
                .isCloseTo(0.8958372491275944, within(1e-12));
        // what is held fixed twice is held fixed
        assertThat(PartialRank.given(8, Z, w, Z).correlation(X, Y))
                .isCloseTo(0.8958372491275944, within(1e-12));
        assertThat(PartialRank.given(8, X).correlation(X, Y)).isNaN();
    }

    /// The formulas of DerSimonian and Laird and of Hartung and Knapp, in NumPy.
    @Test
    void effectsOfSeveralModelsAreAveraged() {
        RandomEffects effects =
                new RandomEffects(
                        new double[] {0.5, 0.1, 0.9, -0.2}, new double[] {0.1, 0.05, 0.2, 0.08});
        Interval interval = effects.interval(0.95);
        assertThat(interval.estimate()).isCloseTo(0.2376311607457496, within(1e-12));
        assertThat(interval.low()).isCloseTo(-0.4550916957114275, within(1e-8));
        assertThat(interval.high()).isCloseTo(0.9303540172029268, within(1e-8));
        assertThat(1 / effects.weights()[1] - 0.05).isCloseTo(0.07674603174603176, within(1e-12));
    }

    /// Of a mean, the jackknife is the usual standard error; the ends are those of SciPy's t.
    @Test
    void theJackknifeOfAMeanIsStudentsInterval() {
        double[] values = {1, 2, 4, 8, 5};
        Interval interval = Jackknife.interval(4, 5, left -> (20 - values[left]) / 4, 0.95);
        assertThat(interval.low()).isCloseTo(0.5995630967, within(1e-8));
        assertThat(interval.high()).isCloseTo(7.4004369033, within(1e-8));
    }

    /// Coefficient and interval of statsmodels' OLS.
    @Test
    void theDifferenceGivenACovariateIsThatOfLeastSquares() {
        Interval interval =
                new AdjustedDifference(Z, Y).interval(new int[] {1, 0, 1, 0, 1, 0, 0, 1}, 0.95);
        assertThat(interval.estimate()).isCloseTo(1.1186746988, within(1e-9));
        assertThat(interval.low()).isCloseTo(0.2225304180, within(1e-9));
        assertThat(interval.high()).isCloseTo(2.0148189796, within(1e-9));
    }

    @Test
    void arrangementsAreAllThereAreWhereTheyAreFew() {
        int[] labels = {0, 0, 0, 1, 1, 1};
        Arrangements all = Arrangements.of(labels, 20, 1);
        assertThat(all.all()).isTrue();
        assertThat(all.labels().stream().map(Arrays::toString).distinct()).hasSize(20);
        // two families of three: which is called which does not matter
        assertThat(Arrangements.smallestP(labels)).isEqualTo(0.1);
        assertThat(Arrangements.smallestP(new int[] {0, 0, 1, 1}))
                .isCloseTo(1 / 3.0, within(1e-12));
        assertThat(Arrangements.smallestP(new int[] {0, 0, 1, 1, 1})).isEqualTo(0.1);
        Arrangements some = Arrangements.of(labels, 19, 1);
        assertThat(some.all()).isFalse();
        assertThat(some.labels()).hasSize(19).allMatch(l -> Arrays.stream(l).sum() == 3);
    }

    @Test
    void aDifferenceOfIndependentIntervalsHasTheSpreadOfBoth() {
        Interval one = new Interval(3, 2, 4, 0.95);
        Interval difference = one.less(new Interval(1, 0, 2, 0.95));
        assertThat(difference.estimate()).isEqualTo(2);
        assertThat(difference.low()).isCloseTo(2 - Math.sqrt(2), within(1e-12));
        assertThat(difference.high()).isCloseTo(2 + Math.sqrt(2), within(1e-12));
    }
}
