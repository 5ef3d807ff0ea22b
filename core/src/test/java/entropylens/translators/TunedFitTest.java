package entropylens.translators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.Worst;
import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.StrictJson;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Kernels;
import entropylens.kernels.Noise;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.translators.TunedFit.Settings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/// Tuned lenses that are trained, beside torch's (tools/tuned_goldens.py).
class TunedFitTest {
    /// Of the largest element of a layer's matrix and bias, after six steps: worst seen 9.4e-7
    /// (Gemma 2); doubled.
    private static final double PARAMETERS = 1.9e-6;

    private static final JsonNode GOLDEN = golden();
    static final List<JsonNode> CASES = GOLDEN.get("cases").valueStream().toList();

    private static final Worst parameters = new Worst("trained parameters (relative)");

    @TempDir Path directory;

    private static JsonNode golden() {
        Path file = LensGoldens.ROOT.resolve("trained.json");
        return StrictJson.object(file, StrictJson.bytes(file, 1_000_000));
    }

    private static List<int[]> texts(JsonNode test) {
        return test.get("texts")
                .valueStream()
                .map(ids -> ids.valueStream().mapToInt(JsonNode::asInt).toArray())
                .toList();
    }

    private static float[] matrix(Lens lens, int layer) {
        Translator.Affine affine = (Translator.Affine) lens.translators().get(layer);
        DenseMatrix matrix = (DenseMatrix) affine.map().matrix();
        int d = matrix.inputs();
        float[] all = new float[d * d];
        for (int i = 0; i < all.length; i++) {
            all[i] = Noise.weight(matrix, i / d, i % d);
        }
        return all;
    }

    private static float[] bias(Lens lens, int layer) {
        return ((Translator.Affine) lens.translators().get(layer)).map().bias();
    }

    /// Gradients, clipping, momentum, decay and the falling rate.
    @ParameterizedTest
    @FieldSource("CASES")
    void trainingGivesWhatTorchGives(JsonNode test) {
        String base = test.get("base").asString();
        Model model = LensGoldens.load(base);
        List<int[]> texts = texts(test);
        int skipped = GOLDEN.get("skipped").asInt();
        int all = texts.stream().mapToInt(ids -> ids.length - skipped).sum();
        Settings settings =
                new Settings(
                        GOLDEN.get("steps").asInt(),
                        all,
                        GOLDEN.get("rate").asDouble(),
                        3,
                        skipped,
                        2);
        Lens lens =
                new TunedFit(model, settings)
                        .fit(texts, Arena.ofAuto(), Resumption.NONE, Progress.NONE)
                        .lens();
        Path file = LensGoldens.ROOT.resolve(test.get("file").asString());
        LensTensors expected =
                new LensTensors(
                        file,
                        Checkpoint.ofFile(file, Arena.ofAuto()),
                        model.config().dModel(),
                        model.backend());
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
            DenseMatrix matrix =
                    (DenseMatrix) expected.linear(OwnFile.weight(layer), null).matrix();
            float[] found = matrix(lens, layer);
            int d = matrix.inputs();
            double most = 0;
            for (int i = 0; i < found.length; i++) {
                most = Math.max(most, Math.abs(Noise.weight(matrix, i / d, i % d)));
            }
            for (int i = 0; i < found.length; i++) {
                String where = "%s, layer %d, weight %d".formatted(base, layer, i);
                parameters.see(found[i], Noise.weight(matrix, i / d, i % d), most, () -> where);
            }
            see(bias(lens, layer), expected.vector(OwnFile.bias(layer)), base);
        }
        double[] before =
                new HeldOut(model, skipped, 2).divergence(Lens.LOGIT, texts, Progress.NONE);
        double[] after = new HeldOut(model, skipped, 2).divergence(lens, texts, Progress.NONE);
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
            assertThat(after[layer]).isLessThan(before[layer]);
        }
    }

    private static void see(float[] found, float[] expected, String where) {
        double most = 0;
        for (float value : expected) {
            most = Math.max(most, Math.abs(value));
        }
        for (int i = 0; i < found.length; i++) {
            parameters.see(found[i], expected[i], most, () -> where + ", bias");
        }
    }

    @AfterAll
    static void everyErrorIsWithinItsBound() {
        parameters.requireWithin(PARAMETERS);
    }

    private static final Settings SHORT = new Settings(7, 40, 0.5, 11, 1, 3);

    private static List<int[]> randomTexts(Model model) {
        Random random = new Random(5);
        return IntStream.range(0, 12)
                .mapToObj(_ ->
                        random.ints(4 + random.nextInt(12), 0, model.config().dVocab()).toArray())
                .toList();
    }

    private static float[][] train(Model model, Resumption resumption, Progress progress) {
        Lens lens =
                new TunedFit(model, SHORT)
                        .fit(randomTexts(model), Arena.ofAuto(), resumption, progress)
                        .lens();
        return IntStream.range(0, lens.translators().size())
                .mapToObj(layer -> matrix(lens, layer))
                .toArray(float[][]::new);
    }

    @Test
    void threadsDoNotMatterAndSeedsDo() {
        Model model = LensGoldens.load("llama-gqa-tied");
        Model threads =
                LoadedModel.load(
                                Goldens.directory("llama-gqa-tied"),
                                Arena.ofAuto(),
                                new CpuBackend(Kernels.best(), new WorkerPool(3)))
                        .model();
        float[][] one = train(model, Resumption.NONE, Progress.NONE);
        assertThat(train(threads, Resumption.NONE, Progress.NONE)).isDeepEqualTo(one);
        Settings other = new Settings(7, 40, 0.5, 12, 1, 3);
        Lens lens =
                new TunedFit(model, other)
                        .fit(randomTexts(model), Arena.ofAuto(), Resumption.NONE, Progress.NONE)
                        .lens();
        assertThat(matrix(lens, 0)).isNotEqualTo(one[0]);
    }

    private Resumption kept(String model) {
        return new Resumption(Optional.of(directory.resolve("lens.state")), model, Duration.ZERO);
    }

    private void trainHalf(Model model) {
        assertThatThrownBy(() ->
                        train(
                                model,
                                kept("a"),
                                (done, total) -> {
                                    if (2 * done > total) {
                                        throw new CancellationException();
                                    }
                                }))
                .isInstanceOf(CancellationException.class);
        assertThat(directory.resolve("lens.state")).exists();
    }

    @Test
    void whatWasStoppedGoesOnToTheSameBits() {
        Model model = LensGoldens.load("gpt2-base");
        float[][] whole = train(model, Resumption.NONE, Progress.NONE);
        trainHalf(model);
        int[] steps = new int[1];
        assertThat(train(model, kept("a"), (_, _) -> steps[0]++)).isDeepEqualTo(whole);
        assertThat(steps[0]).isEqualTo(4);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatIsOfAnotherFitOrDamagedIsRefused() throws IOException {
        Model model = LensGoldens.load("gpt2-base");
        trainHalf(model);
        assertThatThrownBy(() -> train(model, kept("b"), Progress.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("lens.state: is how far another fit was", "delete");
        Path file = directory.resolve("lens.state");
        byte[] bytes = Files.readAllBytes(file);
        Random random = new Random(1);
        for (int damage = 0; damage < 50; damage++) {
            byte[] damaged =
                    damage % 5 == 0
                            ? Arrays.copyOf(bytes, random.nextInt(bytes.length))
                            : bytes.clone();
            if (damage % 5 > 0) {
                damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, damaged);
            assertThatThrownBy(() -> train(model, kept("a"), Progress.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("lens.state: ");
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        Model model = LensGoldens.load("gpt2-base");
        assertThatThrownBy(() -> new Settings(0, 40, 0.5, 1, 1, 3))
                .hasMessageContaining("steps must");
        assertThatThrownBy(() -> new Settings(1, 0, 0.5, 1, 1, 3))
                .hasMessageContaining("positions of");
        assertThatThrownBy(() -> new Settings(1, 1, 0, 1, 1, 3)).hasMessageContaining("rate must");
        TunedFit fit = new TunedFit(model, SHORT);
        assertThatThrownBy(() ->
                        fit.fit(
                                List.of(new int[] {1}),
                                Arena.ofAuto(),
                                Resumption.NONE,
                                Progress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no positions behind the first 1");
        assertThatThrownBy(() -> fit.requireMemory(1 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MiB of memory, but the JVM may use 1");
    }
}
