package entropylens.study.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.study.report.Outcome;
import entropylens.study.statistics.Interval;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BesideTwinTest {
    private static final double WORTH = 0.55;

    private static Interval interval(double estimate, double half) {
        return new Interval(estimate, estimate - half, estimate + half, 0.95);
    }

    private static Outcome beside(double twin, double half) {
        return new BesideTwin(interval(0.64, 0.1), Optional.of(interval(twin, half)))
                .outcome(Outcome.SUPPORTED, WORTH);
    }

    @Test
    void aFindingStandsWhereItExceedsTheTwins() {
        assertThat(beside(0.45, 0.1)).isEqualTo(Outcome.SUPPORTED);
    }

    @Test
    void whatTheTwinHasTooHoldsByConstruction() {
        assertThat(beside(0.6, 0.02)).isEqualTo(Outcome.BY_CONSTRUCTION);
        assertThat(beside(0.8, 0.02)).isEqualTo(Outcome.BY_CONSTRUCTION);
    }

    /// Seen in a run on random weights: 0.64 (0.54 to 0.74), and 0.52 in the twin.
    @Test
    void anExcessThatMayBeChanceIsUndecided() {
        assertThat(beside(0.52, 0.1)).isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void theLargerPCounts() {
        BesideTwin near = new BesideTwin(interval(0.64, 0.1), Optional.of(interval(0.52, 0.1)));
        assertThat(near.pValue(0.001)).isBetween(0.05, 0.15);
        assertThat(near.pValue(0.5)).isEqualTo(0.5);
        BesideTwin below = new BesideTwin(interval(0.64, 0.1), Optional.of(interval(0.9, 0.1)));
        assertThat(below.pValue(0.001)).isEqualTo(1);
    }

    @Test
    void withoutATwinAFindingStandsAlone() {
        BesideTwin alone = new BesideTwin(interval(0.64, 0.1), Optional.empty());
        assertThat(alone.outcome(Outcome.SUPPORTED, WORTH)).isEqualTo(Outcome.SUPPORTED);
        assertThat(alone.pValue(0.02)).isEqualTo(0.02);
    }
}
