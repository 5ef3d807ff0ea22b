package entropylens.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.kernels.Backend;
import entropylens.kernels.Precision;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.SelfCheck;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.model.Model;
import entropylens.model.Progress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Profiles with products in bfloat16, against the processor's in float32.
class GoldensTest {
    private static final Path GOLDENS = Path.of("../core/src/test/resources/goldens");
    private static final Path ZOO = Path.of("../zoo/models");

    /// Nats, mean over layers and positions of a golden: worst seen 4.5e-2 (qwen35-moe-shared);
    /// doubled.
    private static final double RANDOM = 9e-2;

    /// The same of [#REROUTED]: worst seen 1.7e-1; doubled.
    private static final double OF_REROUTED = 3.4e-1;

    /// Rounding sends tokens of this golden to other experts.
    private static final String REROUTED = "qwen35-moe-with-pictures";

    /// The same of trained weights, for a prompt of tokens that nobody chose: worst seen 8.0e-3
    /// (tinytown-llama-4); doubled.
    private static final double TRAINED = 1.6e-2;

    private final WorkerPool pool = new WorkerPool(2);
    private final Backend backend = Here.backend(pool);

    @AfterEach
    void close() {
        backend.close();
        pool.close();
    }

    /// One golden in thirty; `-Dgoldens.all` takes all.
    static List<String> goldens() throws IOException {
        int step = Boolean.getBoolean("goldens.all") ? 1 : 30;
        try (Stream<Path> directories = Files.list(GOLDENS)) {
            List<String> all =
                    directories.map(path -> path.getFileName().toString()).sorted().toList();
            return IntStream.range(0, all.size())
                    .filter(i -> i % step == 0)
                    .mapToObj(all::get)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void entropiesOfRandomWeights(String golden) {
        Path directory = GOLDENS.resolve(golden);
        int[] ids = ConfigJson.read(directory.resolve("golden.json")).ints("input_ids");
        require(directory, ids, golden.equals(REROUTED) ? OF_REROUTED : RANDOM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tinytown-llama-4", "tinytown-gpt2-4"})
    void entropiesOfTrainedModels(String model) {
        int[] ids = new int[24];
        Arrays.setAll(ids, i -> (17 * i + ids.length) % 1024);
        require(ZOO.resolve(model), ids, TRAINED);
    }

    private void require(Path directory, int[] ids, double bound) {
        TextProfile expected = profile(model(directory, Backend.cpu(pool)), ids);
        Model rounding = model(directory, backend);
        TextProfile found = profile(rounding, ids);
        double worst = 0;
        double sum = 0;
        double[][] ours = found.table(Statistic.ENTROPY);
        double[][] theirs = expected.table(Statistic.ENTROPY);
        for (int p = 0; p < ours.length; p++) {
            for (int l = 0; l < ours[p].length; l++) {
                double difference = Math.abs(ours[p][l] - theirs[p][l]);
                worst = Math.max(worst, difference);
                sum += difference;
            }
        }
        double mean = sum / ours.length / ours[0].length;
        System.out.printf(
                "onednn %-24s entropy: mean %.1e, worst %.1e%n",
                directory.getFileName(), mean, worst);
        assertThat(mean).isBetween(1e-5, bound); // 0 would be products that nobody rounded
        SelfCheck.Result check = SelfCheck.ofNoise(rounding);
        assertThat(check.failures()).isEmpty();
        assertThat(check.batching().getAsDouble()).isZero();
    }

    @Test
    void resultsNameIt() {
        assertThat(backend.name()).matches(".+ onednn/3\\.\\d+\\.\\d+ bfloat16");
        assertThat(backend.precision()).isEqualTo(Precision.BFLOAT16);
    }

    private static Model model(Path directory, Backend backend) {
        return LoadedModel.load(directory, Arena.ofAuto(), backend).model();
    }

    private static TextProfile profile(Model model, int[] ids) {
        return new Profiler(model)
                .profile(
                        List.of(ids),
                        new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY),
                        1,
                        Progress.NONE)
                .getFirst();
    }
}
