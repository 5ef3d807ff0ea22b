package entropylens.translators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import entropylens.checkpoint.StrictJson;
import entropylens.kernels.WorkerPool;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/// Ridge regression from sums, beside scikit-learn's.
class MomentsTest {
    static final List<JsonNode> CASES = cases();

    /// Of the largest element, float64 beside float64: worst seen 4.6e-11 (λ = 1e-6), doubled.
    private static final double RELATIVE = 9.2e-11;

    private static List<JsonNode> cases() {
        Path file = LensGoldens.ROOT.resolve("ridge.json");
        JsonNode json = StrictJson.object(file, StrictJson.bytes(file, 1_000_000));
        return json.get("cases").valueStream().toList();
    }

    private static double[] doubles(JsonNode json) {
        return json.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    /// The rows of tools/make_lens_vectors.py.
    private record Rows(int width, int count, double[] h, double[] last) {
        static Rows of(JsonNode test) {
            int d = test.get("width").asInt();
            int n = test.get("rows").asInt();
            double[] noise = uniform(test.get("seed").asLong(), 2 * n * d);
            double[] h = new double[n * d];
            Arrays.setAll(h, i -> noise[i] + 3.0 * (i % d) / d);
            double[] last = new double[n * d];
            Arrays.setAll(
                    last,
                    i -> h[i] + 0.5 * h[i / d * d + (i % d + d - 1) % d] + noise[n * d + i] + 1);
            return new Rows(d, n, h, last);
        }

        private static double[] uniform(long seed, int count) {
            double[] numbers = new double[count];
            long state = seed;
            for (int i = 0; i < count; i++) {
                state = (1664525 * state + 1013904223) % (1L << 32);
                numbers[i] = state / 4294967296.0 - 0.5;
            }
            return numbers;
        }

        /// In pieces, as a run gives them.
        Moments.@Nullable Ridge ridge(int threads, double lambda) {
            try (WorkerPool pool = new WorkerPool(threads)) {
                return moments(pool).ridge(lambda);
            }
        }

        Moments moments(WorkerPool pool) {
            Moments moments = new Moments(width, true, pool);
            for (int from = 0; from < count; from += 7) {
                int rows = Math.min(7, count - from);
                moments.add(piece(h, from, rows), piece(last, from, rows), rows);
            }
            return moments;
        }

        private double[] piece(double[] of, int from, int rows) {
            return Arrays.copyOfRange(of, from * width, (from + rows) * width);
        }
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void theRidgeIsThatOfScikitLearn(JsonNode test) {
        Moments.Ridge ridge = Rows.of(test).ridge(1, test.get("lambda").asDouble());
        assertThat(ridge).isNotNull();
        double[] outputs = doubles(test.get("outputs"));
        double worst = 0;
        double largest = DoubleStream.of(doubles(test.get("b"))).map(Math::abs).max().orElseThrow();
        for (int row = 0; row < outputs.length; row++) {
            double[] expected = doubles(test.get("a").get(row));
            for (int in = 0; in < expected.length; in++) {
                double ours = ridge.transposed()[in][(int) outputs[row]];
                worst = Math.max(worst, Math.abs(ours - expected[in]));
                largest = Math.max(largest, Math.abs(expected[in]));
            }
        }
        double[] b = doubles(test.get("b"));
        for (int i = 0; i < b.length; i++) {
            worst = Math.max(worst, Math.abs(ridge.b()[i] - b[i]));
        }
        assertThat(worst / largest).isLessThan(RELATIVE);
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void threadsChangeNoBit(JsonNode test) {
        double lambda = test.get("lambda").asDouble();
        Moments.Ridge one = Rows.of(test).ridge(1, lambda);
        Moments.Ridge three = Rows.of(test).ridge(3, lambda);
        assertThat(one).isNotNull();
        assertThat(three).isNotNull();
        assertThat(three.transposed()).isDeepEqualTo(one.transposed());
        assertThat(three.b()).isEqualTo(one.b());
    }

    @Test
    void aLargeLambdaLeavesTheDifferenceOfTheMeans() {
        Rows rows = Rows.of(CASES.getFirst());
        Moments.Ridge ridge = rows.ridge(1, 1e12);
        assertThat(ridge).isNotNull();
        double[] shift;
        try (WorkerPool pool = new WorkerPool(1)) {
            shift = rows.moments(pool).shift();
        }
        for (int i = 0; i < shift.length; i++) {
            assertThat(ridge.b()[i]).isCloseTo(shift[i], offset(1e-9));
            assertThat(DoubleStream.of(ridge.transposed()[i]).map(Math::abs).max().orElseThrow())
                    .isLessThan(1e-9);
        }
    }

    @Test
    void rowsThatAreAllAlikeDetermineNothing() {
        try (WorkerPool pool = new WorkerPool(1)) {
            Moments moments = new Moments(2, true, pool);
            moments.add(new double[] {1, 2, 1, 2}, new double[] {3, 4, 5, 6}, 2);
            assertThat(moments.ridge(1)).isNull();
        }
    }
}
