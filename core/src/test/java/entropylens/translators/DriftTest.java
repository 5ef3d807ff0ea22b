package entropylens.translators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import entropylens.Goldens;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Lens;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.Prompt;
import entropylens.lens.RandomRotation;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.lens.Translator;
import entropylens.model.Model;
import entropylens.model.Progress;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The null of drift.
class DriftTest {
    private static final int D = 9;
    private static final int ROWS = 400;

    private final WorkerPool pool = new WorkerPool(1);
    private final CpuBackend backend = new CpuBackend(Kernels.best(), pool);

    /// Skewed, of different spread in each direction, far from 0.
    private static float[] rows() {
        Random random = new Random(1);
        float[] rows = new float[ROWS * D];
        for (int row = 0; row < ROWS; row++) {
            double common = Math.exp(random.nextGaussian());
            for (int i = 0; i < D; i++) {
                rows[row * D + i] =
                        (float)
                                (3
                                        + (i + 1) * Math.pow(random.nextGaussian(), 2)
                                        + common * (i % 3));
            }
        }
        return rows;
    }

    private static double[] mean(float[] rows) {
        double[] mean = new double[D];
        for (int at = 0; at < rows.length; at++) {
            mean[at % D] += (double) rows[at] / ROWS;
        }
        return mean;
    }

    /// Upper half, rows from the diagonal on.
    private static double[][] covariance(float[] rows) {
        double[] mean = mean(rows);
        double[][] covariance = new double[D][];
        for (int i = 0; i < D; i++) {
            covariance[i] = new double[D - i];
            for (int j = i; j < D; j++) {
                for (int row = 0; row < ROWS; row++) {
                    covariance[i][j - i] +=
                            (rows[row * D + i] - mean[i]) * (rows[row * D + j] - mean[j]) / ROWS;
                }
            }
        }
        return covariance;
    }

    private float[] rotated(float[] rows, long seed) {
        double[][] factor = covariance(rows);
        assertThat(Cholesky.factor(factor, pool)).isEmpty();
        float[] out = new float[rows.length];
        new RandomRotation(mean(rows), factor, seed, Optional.empty())
                .apply(backend, rows, ROWS, out);
        return out;
    }

    @Test
    void meanAndCovarianceStayAndRowsDoNot() {
        float[] rows = rows();
        float[] rotated = rotated(rows, 7);
        double[][] before = covariance(rows);
        double[][] after = covariance(rotated);
        double scale = Arrays.stream(before).mapToDouble(row -> row[0]).max().orElseThrow();
        for (int i = 0; i < D; i++) {
            assertThat(mean(rotated)[i]).isCloseTo(mean(rows)[i], within(1e-5 * scale));
            for (int j = i; j < D; j++) {
                assertThat(after[i][j - i]).isCloseTo(before[i][j - i], within(1e-5 * scale));
            }
        }
        double moved = 0;
        for (int at = 0; at < rows.length; at++) {
            moved += Math.pow(rotated[at] - rows[at], 2) / ROWS;
        }
        double spread = Arrays.stream(before).mapToDouble(row -> row[0]).sum();
        assertThat(moved).isGreaterThan(0.5 * spread);
        assertThat(rotated(rows, 7)).isEqualTo(rotated);
        assertThat(rotated(rows, 8)).isNotEqualTo(rotated);
    }

    /// The trace of an evenly drawn rotation has the mean 0 and the variance 1, in any number of
    /// directions; 400 draws give its mean to 0.05 and its variance to 0.07 (one standard error).
    @Test
    void rotationsAreDrawnEvenly() {
        int draws = 400;
        double[][] unit = new double[D][];
        for (int i = 0; i < D; i++) {
            unit[i] = new double[D - i];
            unit[i][0] = 1;
        }
        double sum = 0;
        double squares = 0;
        for (int draw = 0; draw < draws; draw++) {
            float[] identity = new float[D * D];
            IntStream.range(0, D).forEach(i -> identity[i * D + i] = 1);
            float[] out = new float[D * D];
            new RandomRotation(new double[D], unit, draw, Optional.empty())
                    .apply(backend, identity, D, out);
            double trace = IntStream.range(0, D).mapToDouble(i -> out[i * D + i]).sum();
            sum += trace / draws;
            squares += trace * trace / draws;
            for (int i = 0; i < D; i++) {
                for (int j = 0; j <= i; j++) {
                    double product = 0;
                    for (int k = 0; k < D; k++) {
                        product += (double) out[i * D + k] * out[j * D + k];
                    }
                    assertThat(product).isCloseTo(i == j ? 1 : 0, within(1e-5));
                }
            }
        }
        assertThat(sum).isCloseTo(0, within(0.2));
        assertThat(squares).isCloseTo(1, within(0.3));
    }

    private static List<Prompt> prompts(int count, int vocabulary) {
        Random random = new Random(3);
        return IntStream.range(0, count)
                .mapToObj(i -> Prompt.of(random.ints(30, 0, vocabulary).toArray(), i))
                .toList();
    }

    @Test
    void everyLayerOfAModelIsRotatedTheLastOneToo() {
        Model model =
                LoadedModel.load(Goldens.directory("llama-gqa-tied"), Arena.ofAuto(), backend)
                        .model();
        ProfileRequest request =
                new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY.with(Statistic.H_NORM));
        List<Prompt> prompts = prompts(40, model.config().dVocab());
        Drift drift = Drift.of(model, prompts, request, 4);
        assertThat(drift.rows()).isEqualTo(40 * 30);
        Profiler profiler = new Profiler(model);
        List<TextProfile> plain = profiler.measure(prompts, request, 4, Progress.NONE);
        List<TextProfile> found =
                profiler.measure(
                        prompts, request.through(drift.lens(Lens.LOGIT, 1)), 4, Progress.NONE);
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
            double mean = 0;
            double most = 0;
            for (int text = 0; text < prompts.size(); text++) {
                double[][] a = found.get(text).table(Statistic.ENTROPY);
                double[][] b = plain.get(text).table(Statistic.ENTROPY);
                for (int row = 0; row < a.length; row++) {
                    mean += (a[row][layer] - b[row][layer]) / drift.rows();
                    most = Math.max(most, Math.abs(a[row][layer] - b[row][layer]));
                }
            }
            // weights are random, so that streams are nearly normal: other rows of one distribution
            assertThat(most).as("layer %d", layer + 1).isGreaterThan(0.05);
            assertThat(Math.abs(mean)).as("layer %d", layer + 1).isLessThan(0.1 * most);
        }
        assertThat(found.getFirst().table(Statistic.H_NORM))
                .isDeepEqualTo(plain.getFirst().table(Statistic.H_NORM));
    }

    @Test
    void aLensLooksAtWhatWasRotated() {
        float[] rows = rows();
        double[][] factor = covariance(rows);
        assertThat(Cholesky.factor(factor, pool)).isEmpty();
        float[] by = new float[D];
        Arrays.fill(by, 2);
        float[] out = new float[rows.length];
        new RandomRotation(mean(rows), factor, 7, Optional.of(new Translator.Shift(by)))
                .apply(backend, rows, ROWS, out);
        float[] rotated = rotated(rows, 7);
        for (int at = 0; at < out.length; at++) {
            assertThat(out[at]).isEqualTo(rotated[at] + 2);
        }
    }

    @Test
    void tooFewPositionsAreRefused() {
        Model model =
                LoadedModel.load(Goldens.directory("llama-gqa-tied"), Arena.ofAuto(), backend)
                        .model();
        ProfileRequest request = new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY);
        assertThatThrownBy(() -> Drift.of(model, prompts(1, model.config().dVocab()), request, 1))
                .hasMessageContaining("30 positions");
    }

    @Test
    void aHeapThatCouldNotHoldItIsRefusedByName() {
        Model model = LensGoldens.load("llama-gqa-tied");
        long d = model.config().dModel();
        long layers = model.config().nLayers() + 1;
        assertThat(Drift.bytes(model.config()))
                .isGreaterThan(8 * layers * d * (d + 1) / 2)
                .isLessThan(8 * layers * d * (d + 8) / 2 + (65L << 20));
        assertThatThrownBy(() -> Drift.requireMemory(model.config(), 1 << 20))
                .hasMessageContainingAll(
                        "the covariance of %d layers of width %d".formatted(layers, d),
                        "the JVM may use 1;",
                        "leave the nulls out");
    }
}
