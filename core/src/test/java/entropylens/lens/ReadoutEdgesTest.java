package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import entropylens.kernels.Noise;
import entropylens.kernels.WeightType;
import entropylens.kernels.WorkerPool;
import entropylens.model.Norm;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Distributions at the border, inputs beyond it, and requests that contradict their arguments.
class ReadoutEdgesTest {
    private static final int D_VOCAB = 1000;
    private static final ReadoutRequest ENTROPY = ReadoutRequest.ENTROPY;

    static Stream<Kernels> kernels() {
        return Stream.of(Kernels.scalar(), Kernels.best());
    }

    /// Readouts of one row whose logits are exactly these, `bias` added.
    private static Readouts read(
            Kernels kernels,
            float[] logits,
            float @Nullable [] bias,
            int target,
            ReadoutRequest request) {
        Unembed unembed =
                new Unembed(
                        new Weights.Readout(
                                new NormWeights(new Norm.Rms(0), new float[] {1}, null),
                                null,
                                Noise.matrix(
                                        WeightType.F32,
                                        logits.length,
                                        1,
                                        Matrix.Layout.OUT_IN,
                                        logits),
                                bias),
                        OptionalDouble.empty(),
                        new CpuBackend(kernels, new WorkerPool(1)));
        return new LogitLens(unembed)
                .read(
                        new float[] {1},
                        1,
                        request.needsTargets() ? new int[] {target} : null,
                        request.needsReferences() ? new int[] {0} : null,
                        request);
    }

    private static double entropy(Kernels kernels, float[] logits) {
        return read(kernels, logits, null, 0, ENTROPY).entropy()[0];
    }

    private static double varentropy(Kernels kernels, float[] logits) {
        return read(kernels, logits, null, 0, ENTROPY.with(Statistic.VARENTROPY))
                .column(Statistic.VARENTROPY)[0];
    }

    /// p of one token and (1 − p) / n of n others: p (1 − p) (ln(n p / (1 − p)))².
    @ParameterizedTest
    @MethodSource("kernels")
    void varentropyIsThatOfTheSurprise(Kernels kernels) {
        for (float above : new float[] {0, 2, 5, 12}) {
            float[] logits = new float[1001];
            logits[700] = above;
            double e = Math.exp(above);
            double p = e / (e + 1000);
            assertThat(varentropy(kernels, logits))
                    .isCloseTo(p * (1 - p) * above * above, within(1e-5));
        }
        float[] sure = new float[D_VOCAB];
        sure[3] = 200;
        assertThat(varentropy(kernels, sure)).isBetween(0.0, 1e-30);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void oneLogitFarAboveGivesNoEntropy(Kernels kernels) {
        for (int at : new int[] {0, 500, D_VOCAB - 1}) {
            float[] logits = new float[D_VOCAB];
            logits[at] = 200;
            assertThat(entropy(kernels, logits)).isBetween(0.0, 1e-30);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void uniformLogitsGiveTheLogOfTheVocabulary(Kernels kernels) {
        for (int dVocab : new int[] {1, 2, 7, 512, 50_257, 128_256}) {
            for (float z : new float[] {0, -3.7f, 1e4f}) {
                float[] logits = new float[dVocab];
                java.util.Arrays.fill(logits, z);
                assertThat(entropy(kernels, logits)).isCloseTo(Math.log(dVocab), within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void tokensMaskedByMinusInfinityCountAsAbsent(Kernels kernels) {
        float[] kept = Noise.floats(D_VOCAB, 1, 3);
        float[] logits = new float[2 * D_VOCAB];
        float[] mask = new float[2 * D_VOCAB];
        for (int i = 0; i < D_VOCAB; i++) {
            // single masked tokens, and whole panels of them at the start
            int at = i < 500 ? 500 + 2 * i : D_VOCAB + i;
            logits[at] = kept[i];
        }
        for (int i = 0; i < 2 * D_VOCAB; i++) {
            mask[i] = i < 500 || (i < 1500 && i % 2 == 1) ? Float.NEGATIVE_INFINITY : 0;
        }
        List<Double> alphas = List.of(0.0, 0.5, 2.0, Double.POSITIVE_INFINITY);
        ReadoutRequest request =
                ENTROPY.with(alphas.stream().map(Statistic::renyi).toList())
                        .with(Statistic.topPSize(0.6), Statistic.topPSize(0.9))
                        .withTopK(3)
                        .with(Statistic.NEXT_PROBABILITY, Statistic.NEXT_RANK)
                        .with(Statistic.KL_TO_LAST, Statistic.VARENTROPY);
        Readouts masked = read(kernels, logits, mask, 1999, request);
        Readouts absent = read(kernels, kept, null, 999, request);
        assertThat(masked.entropy()[0]).isCloseTo(absent.entropy()[0], within(2e-6));
        for (double alpha : alphas) {
            Statistic renyi = Statistic.renyi(alpha);
            assertThat(masked.column(renyi)[0]).isCloseTo(absent.column(renyi)[0], within(2e-6));
        }
        assertThat(masked.column(Statistic.VARENTROPY)[0])
                .isCloseTo(absent.column(Statistic.VARENTROPY)[0], within(2e-5));
        for (double p : new double[] {0.6, 0.9}) {
            assertThat(masked.column(Statistic.topPSize(p)))
                    .isEqualTo(absent.column(Statistic.topPSize(p)));
        }
        assertThat(masked.topProbabilities()[0][2])
                .isCloseTo(absent.topProbabilities()[0][2], within(1e-7f));
        assertThat(masked.column(Statistic.NEXT_RANK))
                .isEqualTo(absent.column(Statistic.NEXT_RANK));
        assertThat(masked.column(Statistic.KL_TO_LAST)[0]).isEqualTo(0);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void logitsThatAreNotFiniteAreRefused(Kernels kernels) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (int at : new int[] {0, 500, D_VOCAB - 1}) {
                float[] logits = Noise.floats(D_VOCAB, 1);
                logits[at] = bad;
                assertThatThrownBy(() -> entropy(kernels, logits))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessageContaining("row 0")
                        .hasMessageContaining("not finite");
            }
        }
        float[] nothing = new float[D_VOCAB];
        java.util.Arrays.fill(nothing, Float.NEGATIVE_INFINITY);
        assertThatThrownBy(() -> entropy(kernels, nothing)).isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void aRowThatIsNotFiniteIsNamed(Kernels kernels) {
        ExactLogits exact = ExactLogits.ofEveryShape(512);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            float[] rows = exact.rows.clone();
            rows[5 * ExactLogits.ROWS + 2] = bad;
            assertThatThrownBy(() ->
                            new LogitLens(exact.unembed(kernels))
                                    .read(rows, ExactLogits.ROWS, ENTROPY))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("row 5");
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void theBiasAndTheSoftCapArePartOfTheReadout(Kernels kernels) {
        ExactLogits exact = ExactLogits.ofEveryShape(512);
        float[] bias = Noise.floats(512, 9, 2);
        Unembed unembed = exact.unembed(kernels, 1, bias, OptionalDouble.of(30));
        double[] entropy =
                new LogitLens(unembed).read(exact.rows, ExactLogits.ROWS, ENTROPY).entropy();
        for (int r = 0; r < ExactLogits.ROWS; r++) {
            double[] z = new double[512];
            for (int v = 0; v < z.length; v++) {
                z[v] = 30 * Math.tanh((exact.logits[r][v] + bias[v]) / 30);
            }
            // a capped logit is off by 2e-6 at most, and an entropy by about as much
            assertThat(entropy[r])
                    .as("row %d", r)
                    .isCloseTo(new ReferenceReadout(z).entropy(), within(1e-5));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void theDivergenceIsInfiniteWhereTheReferenceExpectsWhatTheRowExcludes(Kernels kernels) {
        // the logits are (1, -∞) and (√2, 0)
        float[] weight = {1, 0, 0, Float.MAX_VALUE};
        Unembed unembed =
                new Unembed(
                        new Weights.Readout(
                                new NormWeights(new Norm.Rms(0), new float[] {1, -2}, null),
                                null,
                                Noise.matrix(WeightType.F32, 2, 2, Matrix.Layout.OUT_IN, weight),
                                null),
                        OptionalDouble.empty(),
                        new CpuBackend(kernels, new WorkerPool(1)));
        float[] rows = {1, 1, 1, 0};
        double[] divergence =
                new LogitLens(unembed)
                        .read(rows, 2, null, new int[] {1, 0}, ENTROPY.with(Statistic.KL_TO_LAST))
                        .column(Statistic.KL_TO_LAST);
        assertThat(divergence[0]).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(divergence[1]).isFinite().isPositive();
    }

    @Test
    void theDivergenceOfARowFromItselfIsZero() {
        ExactLogits exact = ExactLogits.ofEveryShape(512);
        int[] itself = new int[ExactLogits.ROWS];
        java.util.Arrays.setAll(itself, r -> r);
        double[] divergence =
                new LogitLens(exact.unembed(Kernels.best()))
                        .read(
                                exact.rows,
                                ExactLogits.ROWS,
                                null,
                                itself,
                                ENTROPY.with(Statistic.KL_TO_LAST))
                        .column(Statistic.KL_TO_LAST);
        assertThat(divergence).containsOnly(0);
    }

    @Test
    void noRowsGiveNoReadouts() {
        LogitLens lens = new LogitLens(ExactLogits.ofEveryShape(512).unembed(Kernels.best()));
        assertThat(lens.read(new float[0], 0, ENTROPY).entropy()).isEmpty();
    }

    @Test
    void aRequestThatContradictsItsArgumentsIsRefused() {
        ExactLogits exact = ExactLogits.ofEveryShape(512);
        LogitLens lens = new LogitLens(exact.unembed(Kernels.best()));
        float[] rows = exact.rows;
        refused(
                () ->
                        lens.read(
                                rows,
                                2,
                                ENTROPY.with(Statistic.NEXT_PROBABILITY, Statistic.NEXT_RANK)),
                "asks for targets");
        refused(() -> lens.read(rows, 2, new int[2], null, ENTROPY), "targets are given");
        refused(() -> lens.read(rows, 2, null, new int[2], ENTROPY), "references are given");
        refused(
                () -> lens.read(rows, 2, ENTROPY.with(Statistic.KL_TO_LAST)),
                "asks for references");
        refused(
                () ->
                        lens.read(
                                rows,
                                2,
                                new int[3],
                                null,
                                ENTROPY.with(Statistic.NEXT_PROBABILITY, Statistic.NEXT_RANK)),
                "2 rows need 2 targets, but 3 are given");
        refused(
                () ->
                        lens.read(
                                rows,
                                2,
                                new int[] {0, 512},
                                null,
                                ENTROPY.with(Statistic.NEXT_PROBABILITY, Statistic.NEXT_RANK)),
                "targets must be in 0..511, but one is 512");
        refused(
                () ->
                        lens.read(
                                rows,
                                2,
                                null,
                                new int[] {0, 2},
                                ENTROPY.with(Statistic.KL_TO_LAST)),
                "references must be in 0..1, but one is 2");
        refused(
                () ->
                        lens.read(
                                rows,
                                2,
                                null,
                                new int[] {0, -1},
                                ENTROPY.with(Statistic.KL_TO_LAST)),
                "but one is -1");
        LogitLens small = new LogitLens(ExactLogits.ofEveryShape(7).unembed(Kernels.best()));
        refused(() -> small.read(rows, 2, ENTROPY.withTopK(8)), "top-k is 8");
        refused(() -> lens.read(rows, ExactLogits.ROWS + 1, ENTROPY), "do not fit");
    }

    @Test
    void aRequestOutOfRangeIsRefused() {
        refused(() -> ENTROPY.with(Statistic.renyi(-1.0)), "0 to 1000");
        refused(() -> ENTROPY.with(Statistic.renyi(Double.NaN)), "0 to 1000");
        refused(() -> ENTROPY.with(Statistic.topPSize(0.0)), "0 < p <= 1");
        refused(() -> ENTROPY.with(Statistic.topPSize(1.1)), "0 < p <= 1");
        refused(() -> ENTROPY.withTopK(101), "0 to 100");
        refused(() -> ENTROPY.withTopK(-1), "0 to 100");
    }

    private static void refused(Runnable read, String message) {
        assertThatThrownBy(read::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
