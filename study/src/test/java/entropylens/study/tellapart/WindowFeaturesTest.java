package entropylens.study.tellapart;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.lens.EntropyProfile;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WindowFeaturesTest {
    /// Token t of layer l has `10 t + l`.
    private static double[][] rows(int tokens) {
        double[][] rows = new double[tokens][2];
        for (int t = 0; t < tokens; t++) {
            rows[t][0] = 10 * t;
            rows[t][1] = 10 * t + 1;
        }
        return rows;
    }

    @Test
    void windowsThatDivideTheTokensAreThoseOfAProfile() {
        double[][] expected = new EntropyProfile(rows(8)).windows(4).entropy();
        assertThat(WindowFeatures.of(rows(8), 4))
                .containsExactly(Arrays.stream(expected).flatMapToDouble(Arrays::stream).toArray());
    }

    @Test
    void oneWindowIsTheMeanOverTokens() {
        assertThat(WindowFeatures.of(rows(5), 1)).containsExactly(20, 21);
    }

    @Test
    void windowsThatDoNotDivideTheTokensTakeEachOnce() {
        // 0 | 1 2 | 3 4
        assertThat(WindowFeatures.of(rows(5), 3)).containsExactly(0, 1, 15, 16, 35, 36);
    }

    @Test
    void aTextOfFewerTokensThanWindowsRepeatsTheNearest() {
        assertThat(WindowFeatures.of(rows(2), 4)).containsExactly(0, 1, 0, 1, 10, 11, 10, 11);
        assertThat(WindowFeatures.of(rows(3), 4)).containsExactly(0, 1, 0, 1, 10, 11, 20, 21);
    }

    /// A nearest neighbour sees the last bit: rounding must not tell texts of other lengths apart.
    @Test
    void aConstantStaysItselfWhateverTheLength() {
        double constant = (float) Math.log(1024);
        for (int tokens = 1; tokens <= 300; tokens++) {
            double[][] rows = new double[tokens][1];
            for (double[] row : rows) {
                row[0] = constant;
            }
            assertThat(WindowFeatures.of(rows, 8)).containsOnly(constant);
        }
    }

    @Test
    void theLastLayerHasANumberForEachWindow() {
        double[][][] texts = {rows(4), rows(2)};
        assertThat(WindowFeatures.ofLastLayer(texts, 2))
                .isDeepEqualTo(new double[][] {{6, 26}, {1, 11}});
    }
}
