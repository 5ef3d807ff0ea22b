package entropylens.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Worst;
import entropylens.kernels.Matrix.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CpuBackendTest {
    /// Against float64, relative to `Σ |x w| + |bias|`, for chains of at most [Kernels#CHAIN]: a
    /// float32 sum of n terms of random sign is off by about `√n` half units in the last place of
    /// its own size, which is about `1 / √n` of its terms. Worst seen 2.6e-7 (IN_OUT, 515 inputs,
    /// 4, 8 and 16 lanes); doubled.
    static final double PRODUCT = 5.2e-7;

    private static final Worst worst = new Worst("product (relative to its terms)");
    private static final int[] ROWS = {1, 2, 5, 6, 7, 16, 63, 64, 65, 130};

    record Case(Kernels kernels, Layout layout, WeightType type, int outputs, int inputs) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%s %s %s %d x %d", kernels.name(), layout, type, outputs, inputs);
        }

        DenseMatrix weights() {
            return Noise.matrix(type, outputs, inputs, layout, outputs + inputs);
        }

        float @Nullable [] bias() {
            return outputs % 2 == 0 ? null : Noise.floats(outputs, 3);
        }

        float[] product(float[] x, int rows, int threads) {
            return product(x, rows, threads, Phase.ALONE);
        }

        float[] product(float[] x, int rows, int threads, Phase phase) {
            float[] out = new float[rows * outputs];
            try (WorkerPool pool = new WorkerPool(threads)) {
                new CpuBackend(kernels, pool)
                        .apply(new Linear(weights(), bias()), x, rows, phase, out);
            }
            return out;
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        int[][] sizes = {{1, 1}, {7, 17}, {129, 33}, {98, 64}, {301, 515}, {13, 2100}};
        for (Layout layout : Layout.values()) {
            for (WeightType type : WeightType.values()) {
                for (int[] size : sizes) {
                    cases.add(new Case(Kernels.best(), layout, type, size[0], size[1]));
                }
            }
            cases.add(new Case(Kernels.scalar(), layout, WeightType.F32, 129, 33));
            cases.add(new Case(Kernels.scalar(), layout, WeightType.BF16, 31, 1027));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aProductAgreesWithFloat64(Case test) {
        DenseMatrix weights = test.weights();
        float[] bias = test.bias();
        int most = ROWS[ROWS.length - 1];
        float[] x = Noise.floats(most * test.inputs(), 1);
        double[] exact = new double[most * test.outputs()];
        double[] terms = new double[exact.length];
        for (int o = 0; o < test.outputs(); o++) {
            float[] w = new float[test.inputs()];
            for (int i = 0; i < w.length; i++) {
                w[i] = Noise.weight(weights, o, i);
            }
            for (int r = 0; r < most; r++) {
                int at = r * test.outputs() + o;
                exact[at] = bias == null ? 0 : bias[o];
                terms[at] = Math.abs(exact[at]);
                for (int i = 0; i < w.length; i++) {
                    double term = (double) x[r * w.length + i] * w[i];
                    exact[at] += term;
                    terms[at] += Math.abs(term);
                }
            }
        }
        for (int rows : ROWS) {
            float[] out = test.product(x, rows, 1);
            for (int i = 0; i < out.length; i++) {
                worst.see(out[i], exact[i], terms[i], () -> test + " rows " + rows);
            }
        }
    }

    @AfterAll
    static void everyProductIsWithinItsBound() {
        worst.requireWithin(PRODUCT);
    }

    /// The number of rows, the threads and the kernels do not change a bit.
    @ParameterizedTest
    @MethodSource("cases")
    void aRowHasTheSameBitsInAnyBatch(Case test) {
        int most = ROWS[ROWS.length - 1];
        float[] x = Noise.floats(most * test.inputs(), 1);
        Case scalar =
                new Case(
                        Kernels.scalar(),
                        test.layout(),
                        test.type(),
                        test.outputs(),
                        test.inputs());
        float[] all = scalar.product(x, most, 1);
        for (int rows : ROWS) {
            for (int threads = 1; threads <= (rows < 64 ? 1 : 3); threads++) {
                assertThat(test.product(x, rows, threads, Phase.TOGETHER))
                        .as("%d rows, %d threads", rows, threads)
                        .isEqualTo(Arrays.copyOf(all, rows * test.outputs()));
            }
        }
        // and wherever in the batch it stands
        float[] last = Arrays.copyOfRange(x, (most - 3) * test.inputs(), x.length);
        assertThat(test.product(last, 3, 1))
                .isEqualTo(Arrays.copyOfRange(all, (most - 3) * test.outputs(), all.length));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSingleRowHasTheSameBitsWithAnyThreads(Case test) {
        float[] x = Noise.floats(2 * test.inputs(), 1);
        float[] one = test.product(x, 1, 1);
        for (int threads = 2; threads <= 3; threads++) {
            assertThat(test.product(x, 1, threads)).as("%d threads", threads).isEqualTo(one);
        }
        if (test.layout() == Layout.IN_OUT) {
            assertThat(one).isEqualTo(Arrays.copyOf(test.product(x, 2, 1), one.length));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPanelProductHasTheBitsOfItsParts(Case test) {
        if (test.layout() == Layout.IN_OUT) {
            return; // panels are for W_U, one row per token
        }
        int rows = 7;
        float[] x = Noise.floats(rows * test.inputs(), 1);
        DenseMatrix weights = test.weights();
        Backend backend = new CpuBackend(test.kernels(), new WorkerPool(1));
        PanelProducts products = backend.panels(weights, x, rows);
        RowTiles tiles = products.tiles();
        int seen = 0;
        for (int panel = 0; panel < products.panels(); panel++) {
            int outputs = products.outputs(panel);
            assertThat(products.firstOutput(panel)).isEqualTo(seen);
            float[] logits = products.compute(panel);
            for (int r = 0; r < rows; r++) {
                int tile = tiles.tileOf(r);
                int at = tiles.offset(tile, outputs) + r - tiles.firstRow(tile);
                for (int o = 0; o < outputs; o++) {
                    assertThat(logits[at + o * tiles.stride(tile)])
                            .isEqualTo(products.exact(r, seen + o));
                }
            }
            seen += outputs;
        }
        assertThat(seen).isEqualTo(test.outputs());
    }

    /// A quantised matrix is decoded on the way, and then computed with like any other.
    @ParameterizedTest
    @MethodSource("cases")
    void aCodedMatrixGivesWhatItsDecodedWeightsGive(Case test) {
        if (test.layout() == Layout.IN_OUT || test.type() != WeightType.F32) {
            return; // decoded weights are float32, stored output by output
        }
        DenseMatrix dense = test.weights();
        int rows = 9;
        float[] x = Noise.floats(rows * test.inputs(), 1);
        int from = test.outputs() / 3;
        CodedMatrix coded =
                new CodedMatrix(
                                "coded",
                                (output, to, at) ->
                                        Kernels.scalar()
                                                .read(dense, output, 0, 1, test.inputs(), to, at),
                                0,
                                test.outputs(),
                                test.inputs(),
                                0.5 * test.inputs())
                        .outputs(from, test.outputs());
        Linear expected = new Linear(dense.outputs(from, test.outputs()), null);
        Backend backend = new CpuBackend(test.kernels(), new WorkerPool(2));
        for (int n : new int[] {1, rows}) {
            assertThat(product(backend, new Linear(coded, null), x, n, Phase.TOGETHER))
                    .isEqualTo(product(backend, expected, x, n, Phase.TOGETHER));
        }
        assertThat(product(backend, new Linear(coded, null), x, 1, Phase.ALONE))
                .isEqualTo(product(backend, expected, x, 1, Phase.ALONE));
        assertThat(backend.panels(coded, x, rows).exact(4, 0))
                .isEqualTo(backend.panels(expected.matrix(), x, rows).exact(4, 0));
        float[] read = new float[2 * test.inputs()];
        backend.read(coded, 0, read, test.inputs());
        float[] all = new float[2 * test.inputs()];
        backend.read(dense, from, all, test.inputs());
        assertThat(read).isEqualTo(all);
    }

    private static float[] product(
            Backend backend, Linear linear, float[] x, int rows, Phase phase) {
        float[] out = new float[rows * linear.outputs()];
        backend.apply(linear, x, rows, phase, out);
        return out;
    }
}
