package entropylens.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Worst;
import entropylens.kernels.Matrix.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class AdaptedTest {
    /// Against float64, relative to the sum of the sizes of all terms, gains included: worst seen
    /// 1.44e-7 (OUT_IN, one update of rank 1 with gains), doubled.
    private static final double SUM = 2.9e-7;

    private static final Worst worst = new Worst("adapted product (relative to its terms)");

    record Case(
            Kernels kernels, Layout layout, boolean biased, List<Integer> ranks, boolean gains) {
        static final int OUTPUTS = 98;
        static final int INPUTS = 33;

        Linear base() {
            return new Linear(
                    Noise.matrix(WeightType.F32, OUTPUTS, INPUTS, layout, 1),
                    biased ? Noise.floats(OUTPUTS, 2) : null);
        }

        Adapted adapted() {
            List<LowRank> updates = new ArrayList<>();
            for (int rank : ranks) {
                updates.add(update(rank, gains ? Noise.floats(OUTPUTS, 10 * rank) : null));
            }
            return new Adapted(base(), updates);
        }

        static LowRank update(int rank, float @Nullable [] gain) {
            return new LowRank(
                    Noise.matrix(WeightType.BF16, rank, INPUTS, Layout.OUT_IN, 3 * rank),
                    Noise.matrix(WeightType.F16, OUTPUTS, rank, Layout.OUT_IN, 5 * rank),
                    0.75f,
                    gain);
        }

        float[] product(Projection projection, float[] x, int rows, Phase phase) {
            float[] out = new float[rows * projection.outputs()];
            try (WorkerPool pool = new WorkerPool(2)) {
                new CpuBackend(kernels, pool).apply(projection, x, rows, phase, out);
            }
            return out;
        }
    }

    static final List<Case> CASES = cases();

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Kernels kernels : List.of(Kernels.scalar(), Kernels.best())) {
            for (Layout layout : Layout.values()) {
                cases.add(new Case(kernels, layout, true, List.of(4), false));
                cases.add(new Case(kernels, layout, false, List.of(1), true));
                cases.add(new Case(kernels, layout, true, List.of(3, 17), true));
                cases.add(new Case(kernels, layout, false, List.of(17, 2), false));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void theSumAgreesWithFloat64(Case test) {
        Adapted adapted = test.adapted();
        for (int rows : new int[] {1, 2, 7, 65}) {
            float[] x = Noise.floats(rows * Case.INPUTS, 7);
            for (Phase phase : Phase.values()) {
                float[] out = test.product(adapted, x, rows, phase);
                for (int i = 0; i < out.length; i++) {
                    double[] exact = exact(adapted, x, i / Case.OUTPUTS, i % Case.OUTPUTS);
                    worst.see(out[i], exact[0], exact[1], () -> test + " rows " + rows);
                }
            }
        }
    }

    @AfterAll
    static void everySumIsWithinItsBound() {
        worst.requireWithin(SUM);
    }

    /// The definition of [Adapted], and the sum of the sizes of its terms.
    private static double[] exact(Adapted adapted, float[] x, int row, int output) {
        float[] bias = adapted.base().bias();
        double b = bias == null ? 0 : bias[output];
        double y = b;
        double terms = Math.abs(b);
        for (int i = 0; i < Case.INPUTS; i++) {
            double term = (double) weight(adapted.base().matrix(), output, i) * at(x, row, i);
            y += term;
            terms += Math.abs(term);
        }
        for (LowRank update : adapted.updates()) {
            double g = update.gain() == null ? 1 : update.gain()[output];
            double sum = 0;
            double sizes = 0;
            for (int k = 0; k < update.down().outputs(); k++) {
                for (int i = 0; i < Case.INPUTS; i++) {
                    double term =
                            (double) weight(update.up(), output, k)
                                    * weight(update.down(), k, i)
                                    * at(x, row, i);
                    sum += term;
                    sizes += Math.abs(term);
                }
            }
            y += (g - 1) * (y - b) + g * update.scale() * sum;
            terms = terms * (1 + Math.abs(g - 1)) + Math.abs(g * update.scale()) * sizes;
        }
        return new double[] {y, terms};
    }

    private static float at(float[] x, int row, int input) {
        return x[row * Case.INPUTS + input];
    }

    private static float weight(Matrix matrix, int output, int input) {
        return ScalarKernels.weight((DenseMatrix) matrix, output, input);
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void theBitsOfARowDoNotDependOnTheRowsBesideIt(Case test) {
        int rows = 65;
        float[] x = Noise.floats(rows * Case.INPUTS, 9);
        float[] together = test.product(test.adapted(), x, rows, Phase.TOGETHER);
        for (int row : new int[] {0, 31, 64}) {
            float[] one = Arrays.copyOfRange(x, row * Case.INPUTS, (row + 1) * Case.INPUTS);
            assertThat(test.product(test.adapted(), one, 1, Phase.TOGETHER))
                    .isEqualTo(
                            Arrays.copyOfRange(
                                    together, row * Case.OUTPUTS, (row + 1) * Case.OUTPUTS));
        }
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void aCutGivesTheOutputsOfTheWhole(Case test) {
        int rows = 5;
        float[] x = Noise.floats(rows * Case.INPUTS, 11);
        float[] whole = test.product(test.adapted(), x, rows, Phase.TOGETHER);
        float[] cut = test.product(test.adapted().outputs(20, 51), x, rows, Phase.TOGETHER);
        for (int row = 0; row < rows; row++) {
            assertThat(Arrays.copyOfRange(cut, row * 31, (row + 1) * 31))
                    .isEqualTo(
                            Arrays.copyOfRange(
                                    whole, row * Case.OUTPUTS + 20, row * Case.OUTPUTS + 51));
        }
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void rowNormsAreThoseOfTheMergedMatrix(Case test) {
        LowRank update = Case.update(3, null);
        Matrix weights = test.base().matrix();
        double[] norms;
        try (WorkerPool pool = new WorkerPool(2)) {
            norms = update.rowNorms(weights, pool);
        }
        for (int o = 0; o < norms.length; o++) {
            double sum = 0;
            for (int i = 0; i < Case.INPUTS; i++) {
                double merged = weight(weights, o, i);
                for (int k = 0; k < 3; k++) {
                    merged +=
                            (double) update.scale()
                                    * weight(update.up(), o, k)
                                    * weight(update.down(), k, i);
                }
                sum += merged * merged;
            }
            assertThat(norms[o])
                    .isCloseTo(Math.sqrt(sum), org.assertj.core.data.Offset.offset(1e-12));
        }
    }

    @Test
    void factorsThatDoNotFitAreRefused() {
        Case test = CASES.getFirst();
        LowRank narrow =
                new LowRank(
                        Noise.matrix(WeightType.F32, 2, 5, Layout.OUT_IN, 1),
                        Noise.matrix(WeightType.F32, Case.OUTPUTS, 2, Layout.OUT_IN, 1),
                        1,
                        null);
        assertThatThrownBy(() -> new Adapted(test.base(), List.of(narrow)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 inputs for 98 and 33");
        assertThatThrownBy(() -> new Adapted(test.base(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
