package entropylens.study.lenses;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.UnderLens;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Bootstrap;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.TestSettings;
import entropylens.study.workbench.Verdicts;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Verdicts side by side.
class LensSectionTest {
    private static final double[] TEXTS = new Random(1).doubles(30, -2, 2).toArray();

    private static Verdict verdict(Interval figure) {
        return new Verdicts("strategies", "m", 0, "")
                .of("a claim", Outcome.SUPPORTED, "nats", figure, "It is.", Evidence.NONE);
    }

    /// The mean over texts, each of which the lens adds something to.
    private static Interval mean(double added) {
        return Bootstrap.interval(
                TEXTS.length,
                chosen -> Arrays.stream(chosen).mapToDouble(i -> TEXTS[i] + added).sum() / 30,
                200,
                1,
                0.95);
    }

    private static Object difference(Interval logit, Interval other) {
        List<Verdict> seen = List.of(verdict(logit));
        UnderLens under = new UnderLens("ridge", List.of(verdict(other)));
        return new LensSection(TestSettings.of(Preset.QUICK))
                .build(seen, List.of(under))
                .tables()
                .getFirst()
                .rows()
                .get(1)
                .getLast();
    }

    /// Texts differ by nats, what the lens adds to each is the same: the difference is known.
    @Test
    void differencesAreOfTheSameTexts() {
        assertThat(difference(mean(0), mean(0.5))).isEqualTo("0.500 (0.500 to 0.500)");
    }

    @Test
    void aDifferenceThatIsNotPairedSaysSo() {
        Interval blocks = new Interval(1, 0.5, 1.5, 0.95);
        assertThat(difference(blocks, new Interval(2, 1.5, 2.5, 0.95)))
                .isEqualTo("1.000 (0.293 to 1.707), unpaired");
    }
}
