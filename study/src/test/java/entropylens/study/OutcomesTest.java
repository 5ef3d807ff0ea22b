package entropylens.study;

import static entropylens.study.report.Outcome.NOT_SUPPORTED;
import static entropylens.study.report.Outcome.NO_EFFECT;
import static entropylens.study.report.Outcome.SUPPORTED;
import static entropylens.study.report.Outcome.UNDECIDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.study.report.Evidence;
import entropylens.study.report.FigureDraws;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What intervals mean for claims.
class OutcomesTest {
    /// An AUC, of which 0.55 is the least worth the name.
    @ParameterizedTest
    @CsvSource({
        "0.60, 0.55, 0.65, SUPPORTED",
        "0.58, 0.52, 0.64, SUPPORTED",
        "0.53, 0.51, 0.56, UNDECIDED", // larger than nothing, but perhaps not worth the name
        "0.53, 0.51, 0.545, NO_EFFECT",
        "0.503, 0.48, 0.526, NO_EFFECT",
        "0.503, 0.43, 0.57, UNDECIDED",
        "0.40, 0.35, 0.45, NO_EFFECT",
    })
    void aNullCanBeConcluded(double value, double low, double high, Outcome expected) {
        assertThat(Outcome.above(0.5, 0.55, value, low, high)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0.2, 0.1, 0.3, SUPPORTED",
        "-0.2, -0.3, -0.1, NOT_SUPPORTED",
        "0.01, -0.02, 0.04, NO_EFFECT",
        "0.01, -0.2, 0.2, UNDECIDED",
        "0.03, 0.01, 0.06, UNDECIDED",
    })
    void aDifferenceMayPointEitherWay(double value, double low, double high, Outcome expected) {
        assertThat(Outcome.difference(0.05, value, low, high)).isEqualTo(expected);
    }

    @Test
    void aFindingThatDoesNotSurviveCorrectionIsNone() {
        Verdict alone = verdict(SUPPORTED).with(Evidence.of(9, "stories").withTest("a test", 0.04));
        assertThat(alone.corrected(0.03, 3).outcome()).isEqualTo(SUPPORTED);
        Verdict amongMany = alone.corrected(0.4, 10);
        assertThat(amongMany.outcome()).isEqualTo(UNDECIDED);
        assertThat(amongMany.sentence()).contains("0.040").contains("10 tests").contains("0.400");
        assertThat(amongMany.evidence().adjusted()).isEqualTo(0.4);
        Verdict asWell = verdict(NOT_SUPPORTED).with(Evidence.NONE.withTest("a test", 1));
        assertThat(asWell.corrected(1, 10).outcome()).isEqualTo(NOT_SUPPORTED);
        assertThat(verdict(NO_EFFECT).corrected(0.9, 10).outcome()).isEqualTo(NO_EFFECT);
    }

    /// A test at 5 % has the width of the interval at 95 %; power of 80 % takes 2.80 standard
    /// errors.
    @Test
    void testsAndPowerFollowFromTheInterval() {
        Interval interval = new Interval(1.96, 0, 3.92, 0.95);
        assertThat(interval.standardError()).isCloseTo(1, within(1e-4));
        assertThat(interval.pValue(0)).isCloseTo(0.05, within(1e-4));
        assertThat(interval.detectable()).isCloseTo(2.8016, within(1e-3));
        assertThat(new Interval(1, 1, 1, 0.95).detectable()).isNaN();
    }

    private static Verdict verdict(Outcome outcome) {
        return new Verdict(
                "s",
                "c",
                "m",
                outcome,
                "e",
                1,
                0.5,
                1.5,
                0.95,
                0,
                "",
                "It does.",
                Evidence.NONE,
                FigureDraws.NONE);
    }
}
