package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
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
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The bits of a result depend on the row, the weights and the request alone.
class ReadoutInvarianceTest {
    private static final int D_MODEL = 20;
    private static final ReadoutRequest EVERYTHING =
            ReadoutRequest.ENTROPY
                    .with(
                            Statistic.renyi(0.0),
                            Statistic.renyi(0.5),
                            Statistic.renyi(1.0),
                            Statistic.renyi(2.0),
                            Statistic.renyi(Double.POSITIVE_INFINITY))
                    .with(
                            Statistic.topPSize(0.6),
                            Statistic.jaccard(0.6),
                            Statistic.containment(0.6),
                            Statistic.topPSize(0.9),
                            Statistic.jaccard(0.9),
                            Statistic.containment(0.9),
                            Statistic.topPSize(1.0),
                            Statistic.jaccard(1.0),
                            Statistic.containment(1.0))
                    .withTopK(9)
                    .with(Statistic.NEXT_PROBABILITY, Statistic.NEXT_RANK)
                    .with(Statistic.KL_TO_LAST)
                    .with(Statistic.LOGIT_STD, Statistic.VARENTROPY)
                    .with(Statistic.H_NORM);

    /// `rows` is more than a chunk holds: 256 rows, or 62 where top-p sets of 50,257 tokens are
    /// wanted.
    record Case(Kernels kernels, int dVocab, int rows, WeightType type) {
        @Override
        public String toString() {
            return kernels.name() + " " + dVocab + " " + type;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(Kernels.best(), 1009, 300, WeightType.F32),
                new Case(Kernels.best(), 3001, 300, WeightType.BF16),
                new Case(Kernels.scalar(), 509, 300, WeightType.F16),
                new Case(Kernels.best(), 50_257, 70, WeightType.F32));
    }

    private static LogitLens lens(Case test, int threads) {
        Matrix matrix = Noise.matrix(test.type(), test.dVocab(), D_MODEL, Matrix.Layout.OUT_IN, 3);
        NormWeights lnFinal =
                new NormWeights(
                        new Norm.Layer(1e-5),
                        Noise.floats(D_MODEL, 1),
                        Noise.floats(D_MODEL, 2, 0.1));
        return new LogitLens(
                new Unembed(
                        new Weights.Readout(lnFinal, null, matrix, Noise.floats(test.dVocab(), 4)),
                        OptionalDouble.of(15),
                        new CpuBackend(test.kernels(), new WorkerPool(threads))));
    }

    private static int[] random(int n, int limit, long seed) {
        return new Random(seed).ints(n, 0, limit).toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void threadsDoNotChangeABit(Case test) {
        float[] rows = Noise.floats(test.rows() * D_MODEL, 5);
        int[] targets = random(test.rows(), test.dVocab(), 6);
        int[] references = random(test.rows(), test.rows(), 7);
        Readouts one = lens(test, 1).read(rows, test.rows(), targets, references, EVERYTHING);
        for (int threads : new int[] {2, 3}) {
            Readouts several =
                    lens(test, threads).read(rows, test.rows(), targets, references, EVERYTHING);
            for (int r = 0; r < test.rows(); r++) {
                assertThat(rowOf(several, r))
                        .as("%d threads, row %d", threads, r)
                        .isEqualTo(rowOf(one, r));
            }
            for (Statistic statistic : EVERYTHING.statistics()) {
                assertThat(several.column(statistic))
                        .as("%d threads, %s", threads, statistic)
                        .isEqualTo(one.column(statistic));
            }
        }
    }

    /// A row and its reference alone, against the same among all others: references lie anywhere,
    /// most of them in other chunks.
    @ParameterizedTest
    @MethodSource("cases")
    void theOtherRowsDoNotChangeABit(Case test) {
        float[] rows = Noise.floats(test.rows() * D_MODEL, 5);
        int[] targets = random(test.rows(), test.dVocab(), 6);
        int[] references = random(test.rows(), test.rows(), 7);
        LogitLens lens = lens(test, 1);
        Readouts all = lens.read(rows, test.rows(), targets, references, EVERYTHING);
        for (int r = 0; r < test.rows(); r += test.dVocab() > 10_000 ? 23 : 7) {
            float[] pair = new float[2 * D_MODEL];
            System.arraycopy(rows, r * D_MODEL, pair, 0, D_MODEL);
            System.arraycopy(rows, references[r] * D_MODEL, pair, D_MODEL, D_MODEL);
            Readouts two =
                    lens.read(
                            pair,
                            2,
                            new int[] {targets[r], targets[r]},
                            new int[] {1, 1},
                            EVERYTHING);
            assertThat(rowOf(two, 0)).as("row %d", r).isEqualTo(rowOf(all, r));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void askingForMoreDoesNotChangeTheEntropy(Case test) {
        float[] rows = Noise.floats(test.rows() * D_MODEL, 5);
        int[] targets = random(test.rows(), test.dVocab(), 6);
        int[] references = random(test.rows(), test.rows(), 7);
        LogitLens lens = lens(test, 1);
        assertThat(lens.read(rows, test.rows(), ReadoutRequest.ENTROPY).entropy())
                .isEqualTo(lens.read(rows, test.rows(), targets, references, EVERYTHING).entropy());
    }

    /// All that does not compare a row with the one before it.
    private static List<Object> rowOf(Readouts all, int r) {
        return List.of(
                EVERYTHING.statistics().stream()
                        .filter(asked -> !asked.needs(Statistic.Need.OVERLAP))
                        .map(asked -> all.column(asked)[r])
                        .toList(),
                Arrays.toString(all.topIds()[r]),
                Arrays.toString(all.topProbabilities()[r]));
    }
}
