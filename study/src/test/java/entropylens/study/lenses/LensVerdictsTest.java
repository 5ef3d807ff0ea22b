package entropylens.study.lenses;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TestSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What another lens makes of ΔH, on invented texts.
class LensVerdictsTest {
    private static final int TEXTS = 24;

    /// Mean ΔH of texts, each with its own noise; both lenses see the same noise, and each its own.
    private static LayerChanges texts(double[] logit, double[] other, double noise, long seed) {
        Random random = new Random(seed);
        double[][] a = new double[TEXTS][logit.length];
        double[][] b = new double[TEXTS][logit.length];
        for (int text = 0; text < TEXTS; text++) {
            for (int l = 0; l < logit.length; l++) {
                double common = noise * random.nextGaussian();
                a[text][l] = logit[l] + common + noise * random.nextGaussian();
                b[text][l] = other[l] + common + noise * random.nextGaussian();
            }
        }
        Map<String, double[][]> byLens = new LinkedHashMap<>();
        byLens.put("logit", a);
        byLens.put("ridge", b);
        Subject.About about =
                new Subject.About("m", "llama", logit.length + 1, 100, OptionalLong.empty());
        return new LayerChanges("strategies", about, byLens, TestSettings.of(Preset.QUICK));
    }

    private static List<Verdict> verdicts(LayerChanges changes) {
        return new LensVerdicts(changes, "ridge").all();
    }

    @Test
    void signsThatStayAndSignsThatTurnAreTold() {
        double[] logit = {1, 0.5, -0.5, -1, 0.3};
        assertThat(verdicts(texts(logit, new double[] {2, 0.4, -0.3, -1, 0.2}, 0.1, 1)))
                .extracting(Verdict::outcome)
                .containsExactly(Outcome.SUPPORTED, Outcome.SUPPORTED);
        List<Verdict> turned = verdicts(texts(logit, new double[] {-1, 0.5, 1, -1, 0.2}, 0.1, 1));
        assertThat(turned)
                .extracting(Verdict::outcome)
                .containsExactly(Outcome.NOT_SUPPORTED, Outcome.NOT_SUPPORTED);
        assertThat(turned.getFirst().sentence())
                .startsWith("Of 5 layers, 3 keep a sign that is certain in both")
                .contains("2 turn round: layer 2, layer 4");
        assertThat(turned.getFirst().value()).isEqualTo(0.6);
    }

    @Test
    void aLayerWithoutACertainSignLeavesItOpen() {
        double[] logit = {1, 0.0, -0.5, -1};
        assertThat(verdicts(texts(logit, logit, 0.1, 3)).getFirst().outcome())
                .isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void blocksThatWouldHaveBeenSkippedAreCounted() {
        LensVerdicts same =
                new LensVerdicts(
                        texts(new double[] {4, 3, 2, 1}, new double[] {8, 6, 2, 1}, 0, 1), "ridge");
        assertThat(same.common(1)).isEqualTo(1);
        LensVerdicts reversed =
                new LensVerdicts(
                        texts(new double[] {4, 3, 2, 1}, new double[] {1, 2, 3, 4}, 0, 1), "ridge");
        assertThat(reversed.common(1)).isZero();
        assertThat(reversed.common(-1)).isZero();
        // the first is another, of the two first one is the same
        LensVerdicts swapped =
                new LensVerdicts(
                        texts(new double[] {4, 3, 2, 1}, new double[] {3, 4, 1, 2}, 0, 1), "ridge");
        assertThat(swapped.common(1)).isEqualTo(2.0 / 3);
    }

    /// Of 400 runs each, at most 5 % may be wrong; two standard errors more are 7 %.
    @Test
    void signsAreSeldomTakenForOthers() {
        int turned = 0;
        int kept = 0;
        for (int run = 0; run < 400; run++) {
            // where nothing happens, no sign can turn; where one turns a little, not all can stay
            double[] nothing = new double[7];
            if (verdicts(texts(nothing, nothing, 0.3, run)).getFirst().outcome()
                    != Outcome.UNDECIDED) {
                turned++;
            }
            double[] logit = {1, -1, 1, 0.02, -1};
            double[] other = {1, -1, 1, -0.02, -1};
            if (verdicts(texts(logit, other, 0.3, 1000 + run)).getFirst().outcome()
                    == Outcome.SUPPORTED) {
                kept++;
            }
        }
        assertThat(turned).isLessThanOrEqualTo(28);
        assertThat(kept).isLessThanOrEqualTo(28);
    }

    /// Blocks that have nothing to do with each other, or whose order is lost in noise, are not
    /// said to be in one order.
    @Test
    void noOrderIsSeldomTakenForOne() {
        int found = 0;
        for (int run = 0; run < 400; run++) {
            double[] nothing = new double[11];
            if (verdicts(texts(nothing, nothing, 0.3, run)).get(1).outcome() == Outcome.SUPPORTED) {
                found++;
            }
        }
        assertThat(found).isLessThanOrEqualTo(28);
    }
}
