package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Worst;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import entropylens.kernels.Noise;
import entropylens.kernels.WeightType;
import entropylens.kernels.WorkerPool;
import entropylens.model.Norm;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The fused readout against float64 from the residuals on: norm, product with W_U, bias, soft-cap,
/// entropy. What float32 costs in all.
class ReadoutOfResidualsTest {
    /// Nats: worst seen 6.6e-6 (d_model 4096, 512 logits of std 60; 4, 8 and 16 lanes); doubled.
    /// 3.5e-6 for logits of std 3 or less.
    static final double ENTROPY = 1.3e-5;

    /// Of a logit, relative to `Σ |x w|`: worst seen 3.4e-7 (d_model 64, 50,257 logits, vector/16);
    /// doubled.
    static final double LOGIT = 7e-7;

    private static final Worst entropy = new Worst("entropy from residuals (nats)");
    private static final Worst logit = new Worst("logit (relative to its terms)");

    private static final int ROWS = 7;

    record Case(
            int dModel,
            int dVocab,
            double std,
            WeightType type,
            boolean layerNorm,
            boolean bias,
            OptionalDouble softcap,
            Kernels kernels) {
        Case(int dModel, int dVocab, double std) {
            this(
                    dModel,
                    dVocab,
                    std,
                    WeightType.F32,
                    false,
                    false,
                    OptionalDouble.empty(),
                    Kernels.best());
        }

        @Override
        public String toString() {
            return "d_model %d, %d %s logits of std %s, %s%s%s %s"
                    .formatted(
                            dModel,
                            dVocab,
                            type,
                            std,
                            layerNorm ? "LayerNorm" : "RMSNorm",
                            bias ? ", bias" : "",
                            softcap.isPresent() ? ", soft-cap," : ",",
                            kernels.name());
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (double std : new double[] {0.1, 1, 3, 20, 60}) {
            cases.add(new Case(64, 7, std));
            cases.add(new Case(768, 512, std));
            cases.add(new Case(4096, 512, std));
            cases.add(new Case(64, 50_257, std));
        }
        cases.add(new Case(64, 128_256, 3));
        OptionalDouble none = OptionalDouble.empty();
        OptionalDouble thirty = OptionalDouble.of(30);
        Kernels scalar = Kernels.scalar();
        Kernels best = Kernels.best();
        cases.add(new Case(1100, 512, 3, WeightType.F32, true, true, none, scalar));
        cases.add(new Case(1100, 512, 3, WeightType.BF16, true, true, none, best));
        cases.add(new Case(1100, 512, 3, WeightType.F16, false, true, thirty, best));
        cases.add(new Case(64, 50_257, 20, WeightType.BF16, true, true, thirty, best));
        cases.add(new Case(64, 50_257, 20, WeightType.F32, false, false, thirty, scalar));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theWholeReadoutAgreesWithFloat64(Case test) {
        int d = test.dModel();
        float[] rows = Noise.floats(ROWS * d, 1, 5);
        float[] weight = Noise.uniform(d, 2, 0.5);
        for (int i = 0; i < d; i++) {
            weight[i] = (float) (test.std() * (1 + weight[i]));
        }
        NormWeights lnFinal =
                test.layerNorm()
                        ? new NormWeights(new Norm.Layer(1e-5), weight, Noise.floats(d, 3))
                        : new NormWeights(new Norm.Rms(1e-6), weight, null);
        float[] columns = Noise.floats(test.dVocab() * d, 4, 1 / Math.sqrt(d));
        DenseMatrix matrix =
                Noise.matrix(test.type(), test.dVocab(), d, Matrix.Layout.OUT_IN, columns);
        float[] bias = test.bias() ? Noise.floats(test.dVocab(), 5) : null;
        Unembed unembed =
                new Unembed(
                        new Weights.Readout(lnFinal, null, matrix, bias),
                        test.softcap(),
                        new CpuBackend(test.kernels(), new WorkerPool(1)));
        Readouts ours =
                new LogitLens(unembed)
                        .read(rows, ROWS, ReadoutRequest.ENTROPY.with(Statistic.H_NORM));
        float[] logits = unembed.logits(rows, ROWS);
        double[][] x = new double[ROWS][];
        double[][] z = new double[ROWS][test.dVocab()];
        for (int r = 0; r < ROWS; r++) {
            x[r] = normed(rows, r * d, lnFinal);
        }
        float[] w = new float[d];
        for (int v = 0; v < test.dVocab(); v++) {
            for (int i = 0; i < d; i++) {
                w[i] = Noise.weight(matrix, v, i);
            }
            for (int r = 0; r < ROWS; r++) {
                double terms = bias == null ? 0 : Math.abs(bias[v]);
                z[r][v] = bias == null ? 0 : bias[v];
                for (int i = 0; i < d; i++) {
                    double term = x[r][i] * w[i];
                    z[r][v] += term;
                    terms += Math.abs(term);
                }
                if (test.softcap().isPresent()) {
                    double cap = test.softcap().getAsDouble();
                    z[r][v] = cap * Math.tanh(z[r][v] / cap);
                    terms = Math.max(terms, cap);
                }
                logit.see(logits[r * test.dVocab() + v], z[r][v], terms, test::toString);
            }
        }
        for (int r = 0; r < ROWS; r++) {
            String where = test + " row " + r;
            entropy.see(ours.entropy()[r] - new ReferenceReadout(z[r]).entropy(), () -> where);
            assertThat(ours.column(Statistic.H_NORM)[r]).as(where).isEqualTo(norm(rows, r * d, d));
        }
    }

    private static double[] normed(float[] rows, int from, NormWeights lnFinal) {
        int d = lnFinal.weight().length;
        boolean layer = lnFinal.norm() instanceof Norm.Layer;
        float @Nullable [] shift = lnFinal.bias();
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < d && layer; i++) {
            mean += rows[from + i] / (double) d;
        }
        for (int i = 0; i < d; i++) {
            squares += (rows[from + i] - mean) * (rows[from + i] - mean);
        }
        double[] normed = new double[d];
        for (int i = 0; i < d; i++) {
            normed[i] =
                    (rows[from + i] - mean)
                                    / Math.sqrt(squares / d + lnFinal.norm().eps())
                                    * lnFinal.weight()[i]
                            + (shift == null ? 0 : shift[i]);
        }
        return normed;
    }

    private static double norm(float[] rows, int from, int d) {
        double squares = 0;
        for (int i = from; i < from + d; i++) {
            squares += (double) rows[i] * rows[i];
        }
        return Math.sqrt(squares);
    }

    @AfterAll
    static void everyErrorIsWithinItsBound() {
        entropy.requireWithin(ENTROPY);
        logit.requireWithin(LOGIT);
    }
}
