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
import java.util.BitSet;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopPSetTest {
    private static final double[] PS = {0.05, 0.6, 0.9, 1.0};

    /// By sorting everything, which is what the buckets save.
    private static BitSet bySorting(float[] probabilities, double p) {
        int[] order =
                IntStream.range(0, probabilities.length)
                        .boxed()
                        .sorted(
                                Comparator.comparing((Integer i) -> -probabilities[i])
                                        .thenComparing(i -> i))
                        .mapToInt(i -> i)
                        .toArray();
        BitSet members = new BitSet();
        double reached = 0;
        for (int i = 0; i < order.length && reached < p; i++) {
            members.set(order[i]);
            reached += probabilities[order[i]];
        }
        return members;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 1000})
    void membersAreTheMostProbableTokens(int count) {
        for (int seed = 0; seed < 20; seed++) {
            float[] probabilities = distribution(count, seed);
            TopPSet.Cut[] cuts = TopPSet.cuts(probabilities, count, PS);
            for (int i = 0; i < PS.length - 1; i++) {
                BitSet members = BitSet.valueOf(TopPSet.members(probabilities, count, cuts[i]));
                assertThat(members).isEqualTo(bySorting(probabilities, PS[i]));
                assertThat(cuts[i].size()).isEqualTo(members.cardinality());
            }
        }
    }

    /// Sixteenths, so that many are equal and every sum is exact.
    private static float[] distribution(int count, int seed) {
        float[] weights = Noise.floats(count, seed);
        int total = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = 1 + Math.round(4 * Math.abs(weights[i]));
            total += (int) weights[i];
        }
        int scale = Integer.highestOneBit(total) * 2;
        weights[count / 2] += scale - total;
        for (int i = 0; i < count; i++) {
            weights[i] /= scale;
        }
        return weights;
    }

    @Test
    void equallyProbableTokensAtTheEndAreThoseWithTheSmallestIds() {
        float[] uniform = new float[8];
        Arrays.fill(uniform, 0.125f);
        TopPSet.Cut[] cuts = TopPSet.cuts(uniform, 8, new double[] {0.6});
        assertThat(cuts[0].size()).isEqualTo(5);
        assertThat(TopPSet.members(uniform, 8, cuts[0])).containsExactly(0b11111L);
    }

    @Test
    void tokensComeByProbabilityAndThenById() {
        float[] probabilities = {0.125f, 0.25f, 0.0625f, 0.25f, 0.0625f, 0.125f, 0.125f};
        TopPSet.Cut[] cuts = TopPSet.cuts(probabilities, 7, new double[] {0.3, 0.7, 1.0});
        assertThat(TopPSet.ids(probabilities, 7, cuts[0])).containsExactly(1, 3);
        assertThat(TopPSet.ids(probabilities, 7, cuts[1])).containsExactly(1, 3, 0, 5);
        assertThat(TopPSet.ids(probabilities, 7, cuts[2])).containsExactly(1, 3, 0, 5, 6, 2, 4);
    }

    /// One row and several, in one chunk and in more.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 130})
    void aReadoutCountsTheMembersThatItNames(int rows) {
        int d = 8;
        LogitLens lens = lens(50_257, d);
        float[] stream = Noise.floats(rows * d, 6);
        double[] sizes =
                lens.read(stream, rows, ReadoutRequest.ENTROPY.with(Statistic.topPSize(0.6)))
                        .column(Statistic.topPSize(0.6));
        int[][] members = lens.topPMembers(stream, rows, 0.6);
        for (int r = 0; r < rows; r++) {
            assertThat(members[r]).hasSize((int) sizes[r]).doesNotHaveDuplicates();
        }
    }

    /// 50,257 tokens: several chunks.
    @ParameterizedTest
    @ValueSource(ints = {509, 50_257})
    void anOverlapDoesNotDependOnTheChunk(int dVocab) {
        int d = 8;
        int rows = 130;
        ReadoutRequest request =
                ReadoutRequest.ENTROPY.with(
                        Statistic.topPSize(0.6),
                        Statistic.jaccard(0.6),
                        Statistic.containment(0.6),
                        Statistic.topPSize(0.9),
                        Statistic.jaccard(0.9),
                        Statistic.containment(0.9));
        LogitLens lens = lens(dVocab, d);
        float[] stream = Noise.floats(rows * d, 5);
        // rows 6 and 7 are the same
        System.arraycopy(stream, 6 * d, stream, 7 * d, d);
        Readouts all = lens.read(stream, rows, request);
        for (double p : new double[] {0.6, 0.9}) {
            double[] jaccard = all.column(Statistic.jaccard(p));
            double[] containment = all.column(Statistic.containment(p));
            // no row stands before the first
            assertThat(jaccard[0]).isNaN();
            assertThat(containment[0]).isNaN();
            assertThat(jaccard[7]).isEqualTo(1);
            assertThat(containment[7]).isEqualTo(1);
            for (int r = 1; r < rows; r++) {
                float[] pair = Arrays.copyOfRange(stream, (r - 1) * d, (r + 1) * d);
                Readouts two = lens.read(pair, 2, request);
                assertThat(jaccard[r])
                        .as("row " + r)
                        .isEqualTo(two.column(Statistic.jaccard(p))[1])
                        .isEqualTo(jaccard(lens, pair, p));
                assertThat(containment[r])
                        .isEqualTo(two.column(Statistic.containment(p))[1])
                        .isBetween(jaccard[r], 1.0);
            }
        }
    }

    /// Of two rows, from the tokens of their sets.
    private static double jaccard(LogitLens lens, float[] pair, double p) {
        int[][] members = lens.topPMembers(pair, 2, p);
        Set<Integer> all = Arrays.stream(members[0]).boxed().collect(Collectors.toSet());
        int shared = (int) Arrays.stream(members[1]).filter(all::contains).count();
        return shared / (double) (members[0].length + members[1].length - shared);
    }

    private static LogitLens lens(int dVocab, int d) {
        Matrix matrix = Noise.matrix(WeightType.F32, dVocab, d, Matrix.Layout.OUT_IN, 3);
        NormWeights lnFinal = new NormWeights(new Norm.Layer(1e-5), Noise.floats(d, 1), null);
        return new LogitLens(
                new Unembed(
                        new Weights.Readout(lnFinal, null, matrix, null),
                        OptionalDouble.empty(),
                        new CpuBackend(Kernels.best(), new WorkerPool(2))));
    }
}
