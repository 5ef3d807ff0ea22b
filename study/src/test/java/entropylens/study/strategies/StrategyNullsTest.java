package entropylens.study.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.study.report.Outcome;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.TestSettings;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Expansion and pruning beside nulls, on invented texts.
class StrategyNullsTest {
    private static final StudySettings SETTINGS = TestSettings.of(Preset.QUICK);
    private static final int TEXTS = 24;

    private static double[][] texts(double[] mean, double noise, Random random) {
        double[][] texts = new double[TEXTS][mean.length];
        for (double[] text : texts) {
            for (int l = 0; l < text.length; l++) {
                text[l] = mean[l] + noise * random.nextGaussian();
            }
        }
        return texts;
    }

    private static Interval excess(double[] real, double[] none, double noise, long seed) {
        Random random = new Random(seed);
        return StrategyNulls.excess(
                new StrategyNulls.Pair(texts(real, noise, random), texts(none, noise, random)),
                SETTINGS);
    }

    @Test
    void whatTheNullHasAsWellHoldsByConstruction() {
        double[] shape = {1, 0.5, -0.8};
        Interval excess = excess(shape, shape, 0.05, 1);
        assertThat(excess.estimate()).isBetween(-0.05, 0.05);
        assertThat(StrategyNulls.outcome(excess, 0.8)).isEqualTo(Outcome.BY_CONSTRUCTION);
    }

    @Test
    void whatTheNullLacksIsSupported() {
        Interval excess = excess(new double[] {1, 0.5, -0.8}, new double[] {0, 0, 0}, 0.1, 1);
        assertThat(excess.estimate()).isBetween(0.7, 0.9);
        assertThat(StrategyNulls.outcome(excess, 0.8)).isEqualTo(Outcome.SUPPORTED);
    }

    @Test
    void aNullThatOnlyExpandsAddsNothing() {
        Interval excess = excess(new double[] {1, -0.8}, new double[] {2, 1}, 0.05, 1);
        assertThat(excess.estimate()).isBetween(0.75, 0.85);
    }

    /// Texts of which the null has just as much: of 400 runs 2.5 % may find more (one side); two
    /// standard errors more are 4 %.
    @Test
    void moreThanTheNullIsSeldomFoundWhereThereIsNoMore() {
        int found = 0;
        Random random = new Random(9);
        for (int run = 0; run < 400; run++) {
            double[] shape = new double[7];
            for (int l = 0; l < shape.length; l++) {
                shape[l] = random.nextGaussian();
            }
            if (StrategyNulls.outcome(excess(shape, shape, 0.5, run), 1) == Outcome.SUPPORTED) {
                found++;
            }
        }
        assertThat(found).isLessThanOrEqualTo(16);
    }
}
