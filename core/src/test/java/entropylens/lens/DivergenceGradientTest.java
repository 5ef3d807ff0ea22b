package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import entropylens.Worst;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.ForeignBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Noise;
import entropylens.kernels.WeightType;
import entropylens.kernels.WorkerPool;
import entropylens.model.Norm;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Divergences and their derivatives, beside finite differences of the definition in float64.
class DivergenceGradientTest {
    /// Nats: worst seen 2.3e-7 (a projection; 4, 8 and 16 lanes); doubled.
    private static final double DIVERGENCE = 4.6e-7;

    /// Of the largest element of a row: worst seen 1.2e-6 (a projection; 4, 8 and 16 lanes);
    /// doubled.
    private static final double GRADIENT = 2.4e-6;

    private static final int POSITIONS = 3;
    private static final int EACH = 4;
    private static final double STEP = 1e-4;

    private static final Worst divergence = new Worst("divergence (nats)");
    private static final Worst gradient = new Worst("gradient (relative to its row)");

    private record Case(
            String name,
            int dModel,
            int width,
            int dVocab,
            @Nullable Norm norm,
            boolean bias,
            OptionalDouble softcap,
            WeightType type,
            Kernels kernels) {
        private static Case of(String name, @Nullable Norm norm, boolean bias, double softcap) {
            return new Case(
                    name,
                    70,
                    70,
                    900,
                    norm,
                    bias,
                    softcap == 0 ? OptionalDouble.empty() : OptionalDouble.of(softcap),
                    WeightType.F32,
                    Kernels.best());
        }

        Case wide(int dModel, int width, int dVocab) {
            return new Case(name, dModel, width, dVocab, norm, bias, softcap, type, kernels);
        }

        Case with(WeightType other, Kernels by) {
            return new Case(name, dModel, width, dVocab, norm, bias, softcap, other, by);
        }

        @Nullable NormWeights norms() {
            if (norm == null) {
                return null;
            }
            float[] weight = Noise.uniform(dModel, 2, 0.5);
            for (int i = 0; i < dModel; i++) {
                weight[i] += 1.5f;
            }
            return new NormWeights(
                    norm, weight, norm instanceof Norm.Layer ? Noise.floats(dModel, 3) : null);
        }

        DenseMatrix unembed() {
            return Noise.matrix(
                    type,
                    dVocab,
                    width,
                    Matrix.Layout.OUT_IN,
                    Noise.floats(dVocab * width, 4, 1 / Math.sqrt(width)));
        }

        @Nullable DenseMatrix projection() {
            return width == dModel
                    ? null
                    : Noise.matrix(
                            WeightType.F32,
                            width,
                            dModel,
                            Matrix.Layout.OUT_IN,
                            Noise.floats(width * dModel, 6, 1 / Math.sqrt(dModel)));
        }

        float @Nullable [] biases() {
            if (!bias) {
                return null;
            }
            float[] biases = Noise.floats(dVocab, 5);
            biases[1] = Float.NEGATIVE_INFINITY; // forbids a token
            return biases;
        }

        Unembed readout(int threads) {
            return readout(new CpuBackend(kernels, new WorkerPool(threads)));
        }

        Unembed readout(Backend backend) {
            DenseMatrix projection = projection();
            return new Unembed(
                    new Weights.Readout(
                            norms(),
                            projection == null ? null : new Linear(projection, null),
                            unembed(),
                            biases()),
                    softcap,
                    backend);
        }

        @Override
        public String toString() {
            return "%s, %d, %d, %d, %s, %s"
                    .formatted(name, dModel, width, dVocab, type, kernels.name());
        }
    }

    static final List<Case> CASES =
            List.of(
                    Case.of("RMSNorm", new Norm.Rms(1e-6), false, 0),
                    Case.of("LayerNorm, bias", new Norm.Layer(1e-5), true, 0),
                    Case.of("no norm", null, false, 0),
                    Case.of("soft-cap", new Norm.Rms(1e-6), false, 3),
                    Case.of("soft-cap", new Norm.Rms(1e-6), false, 3)
                            .with(WeightType.F16, Kernels.scalar()),
                    Case.of("projection", new Norm.Layer(1e-5), false, 0).wide(70, 33, 900),
                    Case.of("few tokens", new Norm.Rms(1e-6), false, 0).wide(5, 5, 7),
                    Case.of("many tokens", new Norm.Rms(1e-6), false, 0)
                            .wide(12, 12, 20_000)
                            .with(WeightType.BF16, Kernels.best()));

    private static float[] rows(Case test) {
        return Noise.floats(POSITIONS * EACH * test.dModel(), 1, 2);
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void bothAgreeWithFiniteDifferences(Case test) {
        int d = test.dModel();
        float[] rows = rows(test);
        float[] found = new float[rows.length];
        double[] sums = new double[EACH - 1];
        new DivergenceGradient(test.readout(1)).add(rows, POSITIONS, EACH, found, sums);
        Definition definition = new Definition(test);
        double[] expectedSums = new double[EACH - 1];
        for (int row = 0; row < POSITIONS * EACH; row++) {
            int at = row * d;
            int last = row / EACH * EACH + EACH - 1;
            if (row == last) {
                assertThat(Arrays.copyOfRange(found, at, at + d)).containsOnly(0);
                continue;
            }
            double[] x = doubles(rows, at, d);
            double[] target = definition.logP(doubles(rows, last * d, d));
            expectedSums[row % EACH] += definition.divergence(x, target);
            double[] expected = definition.gradient(x, target);
            double most = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            for (int i = 0; i < d; i++) {
                String where = "%s, row %d, element %d".formatted(test, row, i);
                gradient.see(found[at + i], expected[i], most, () -> where);
            }
        }
        for (int i = 0; i < sums.length; i++) {
            divergence.see((sums[i] - expectedSums[i]) / POSITIONS, test::toString);
        }
    }

    private static double[] doubles(float[] values, int from, int count) {
        double[] doubles = new double[count];
        Arrays.setAll(doubles, i -> values[from + i]);
        return doubles;
    }

    /// A readout and its divergence, in float64.
    private static final class Definition {
        private final Case test;
        private final @Nullable NormWeights norm;
        private final double[][] unembed;
        private final double[][] projection;
        private final float @Nullable [] bias;

        Definition(Case test) {
            this.test = test;
            norm = test.norms();
            unembed = whole(test.unembed());
            projection = test.projection() == null ? new double[0][] : whole(test.projection());
            bias = test.biases();
        }

        private static double[][] whole(DenseMatrix matrix) {
            double[][] all = new double[matrix.outputs()][matrix.inputs()];
            for (int o = 0; o < all.length; o++) {
                for (int i = 0; i < all[o].length; i++) {
                    all[o][i] = Noise.weight(matrix, o, i);
                }
            }
            return all;
        }

        private static double[] product(double[][] matrix, double[] x) {
            double[] y = new double[matrix.length];
            for (int o = 0; o < y.length; o++) {
                for (int i = 0; i < x.length; i++) {
                    y[o] += matrix[o][i] * x[i];
                }
            }
            return y;
        }

        double[] logP(double[] x) {
            double[] normed = normed(x);
            double[] z =
                    product(unembed, projection.length == 0 ? normed : product(projection, normed));
            for (int v = 0; v < z.length; v++) {
                z[v] += bias == null ? 0 : bias[v];
                if (test.softcap().isPresent()) {
                    double cap = test.softcap().getAsDouble();
                    z[v] = cap * Math.tanh(z[v] / cap);
                }
            }
            double most = Arrays.stream(z).max().orElseThrow();
            double log = most + Math.log(Arrays.stream(z).map(a -> Math.exp(a - most)).sum());
            return Arrays.stream(z).map(a -> a - log).toArray();
        }

        private double[] normed(double[] x) {
            if (norm == null) {
                return x;
            }
            float[] shift = norm.bias();
            double mean =
                    norm.norm() instanceof Norm.Layer ? Arrays.stream(x).average().orElse(0) : 0;
            double square =
                    Arrays.stream(x).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
            double[] normed = new double[x.length];
            Arrays.setAll(
                    normed,
                    i ->
                            (x[i] - mean) / Math.sqrt(square + norm.norm().eps()) * norm.weight()[i]
                                    + (shift == null ? 0 : shift[i]));
            return normed;
        }

        double divergence(double[] x, double[] target) {
            double[] here = logP(x);
            double sum = 0;
            for (int v = 0; v < here.length; v++) {
                double p = Math.exp(target[v]);
                sum += p == 0 ? 0 : p * (target[v] - here[v]);
            }
            return sum;
        }

        double[] gradient(double[] x, double[] target) {
            double[] by = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                double[] more = x.clone();
                double[] less = x.clone();
                more[i] += STEP;
                less[i] -= STEP;
                by[i] = (divergence(more, target) - divergence(less, target)) / (2 * STEP);
            }
            return by;
        }
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void neitherThreadsNorRowsBesideMatter(Case test) {
        float[] rows = rows(test);
        float[] one = new float[rows.length];
        float[] many = new float[rows.length];
        new DivergenceGradient(test.readout(1))
                .add(rows, POSITIONS, EACH, one, new double[EACH - 1]);
        new DivergenceGradient(test.readout(3))
                .add(rows, POSITIONS, EACH, many, new double[EACH - 1]);
        assertThat(many).isEqualTo(one);
        float[] first = new float[EACH * test.dModel()];
        new DivergenceGradient(test.readout(1)).add(rows, 1, EACH, first, new double[EACH - 1]);
        assertThat(first).isEqualTo(Arrays.copyOf(one, first.length));
    }

    /// Whose tiles are others than those of the kernels.
    @Test
    void anotherBackendAgrees() {
        Case test = Case.of("soft-cap", new Norm.Rms(1e-6), false, 3).wide(12, 12, 50);
        float[] rows = rows(test);
        float[] ours = new float[rows.length];
        float[] foreign = new float[rows.length];
        new DivergenceGradient(test.readout(1))
                .add(rows, POSITIONS, EACH, ours, new double[EACH - 1]);
        new DivergenceGradient(test.readout(new ForeignBackend()))
                .add(rows, POSITIONS, EACH, foreign, new double[EACH - 1]);
        for (int i = 0; i < ours.length; i++) {
            assertThat(foreign[i]).isCloseTo(ours[i], offset((float) GRADIENT));
        }
    }

    @Test
    void rowsThatOverflowAreRefused() {
        Case test = CASES.get(2);
        float[] rows = rows(test);
        Arrays.fill(rows, 0, 70, 3e38f);
        DivergenceGradient all = new DivergenceGradient(test.readout(1));
        assertThatThrownBy(() -> all.add(rows, POSITIONS, EACH, rows.clone(), new double[EACH - 1]))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("row 0 gives logits that are not finite");
    }

    @AfterAll
    static void everyErrorIsWithinItsBound() {
        divergence.requireWithin(DIVERGENCE);
        gradient.requireWithin(GRADIENT);
    }
}
