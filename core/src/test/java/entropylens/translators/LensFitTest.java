package entropylens.translators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import entropylens.hook.HookPoint;
import entropylens.hook.Intervention;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.RunListener;
import entropylens.model.Runner;
import entropylens.model.Session;
import entropylens.translators.LensFit.Kind;
import entropylens.translators.LensFit.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lenses that are fitted on texts.
class LensFitTest {
    private static final int SKIPPED = 2;

    @TempDir Path directory;

    private static Model model(String golden) {
        return LensGoldens.load(golden);
    }

    private static List<int[]> texts(Model model, int count, long seed) {
        Random random = new Random(seed);
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = 3 + random.nextInt(20);
            texts.add(random.ints(length, 0, model.config().dVocab()).toArray());
        }
        return texts;
    }

    private static LensFit fit(Model model, Kind kind, double lambda, int together) {
        return new LensFit(model, new Settings(kind, lambda, SKIPPED, together));
    }

    private static Lens lens(Model model, Kind kind, double lambda, int together) {
        return fit(model, kind, lambda, together)
                .fit(texts(model, 30, 1), Arena.ofAuto(), Resumption.NONE, Progress.NONE)
                .lens();
    }

    private static float[] apply(Translator translator, Model model, float[] rows) {
        float[] out = new float[rows.length];
        translator.apply(model.backend(), rows, rows.length / translator.dModel(), out);
        return out;
    }

    /// Straight from the stream.
    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa-tied", "gpt2-base"})
    void theMeanLensShiftsByTheDifferenceOfTheMeans(String golden) {
        Model model = model(golden);
        int layers = model.config().nLayers();
        int d = model.config().dModel();
        double[][] sums = new double[layers + 1][d];
        int[] rows = new int[1];
        RunListener adding =
                new RunListener() {
                    @Override
                    public void begin(int text, Session session) {
                        for (int layer = 0; layer <= layers; layer++) {
                            double[] to = sums[layer];
                            boolean last = layer == layers;
                            session.observe(
                                    last
                                            ? HookPoint.residPost(layers - 1)
                                            : HookPoint.residPre(layer),
                                    (_, position, values, offset) -> {
                                        for (int i = 0; position >= SKIPPED && i < d; i++) {
                                            to[i] += values[offset + i];
                                        }
                                        rows[0] += last && position >= SKIPPED ? 1 : 0;
                                    });
                        }
                    }
                };
        List<Run> runs =
                texts(model, 30, 1).stream().map(ids -> Run.of(ids, Intervention.NONE)).toList();
        new Runner(model, 1, 64).alwaysTogether().run(runs, adding, Progress.NONE);
        LensFit.Fitted fitted =
                fit(model, Kind.MEAN, 1, 4)
                        .fit(texts(model, 30, 1), Arena.ofAuto(), Resumption.NONE, Progress.NONE);
        assertThat(fitted.rows()).isEqualTo(rows[0]);
        assertThat(fitted.lens().layers()).hasSize(layers);
        for (int layer = 0; layer < layers; layer++) {
            float[] by = ((Translator.Shift) fitted.lens().translators().get(layer)).by();
            for (int i = 0; i < d; i++) {
                double expected = (sums[layers][i] - sums[layer][i]) / rows[0];
                assertThat((double) by[i]).isCloseTo(expected, offset(1e-6));
            }
        }
    }

    @Test
    void aRidgeThatCostsMuchIsTheMeanLens() {
        Model model = model("llama-gqa-tied");
        Lens ridge = lens(model, Kind.RIDGE, 1e12, 4);
        Lens mean = lens(model, Kind.MEAN, 1, 4);
        float[] rows = noise(3 * model.config().dModel());
        for (int layer : mean.layers()) {
            assertThat(apply(ridge.translators().get(layer), model, rows))
                    .containsExactly(
                            apply(mean.translators().get(layer), model, rows), within(1e-5f));
        }
    }

    private static Offset<Float> within(float bound) {
        return offset(bound);
    }

    private static float[] noise(int count) {
        Random random = new Random(3);
        float[] noise = new float[count];
        for (int i = 0; i < count; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }

    /// Of a random model with linear paths between its layers.
    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa-tied", "gpt2-base"})
    void aRidgeReadsWhatTheLastLayerReads(String golden) {
        Model model = model(golden);
        List<int[]> heldOut = texts(model, 20, 2);
        LensFit fit = fit(model, Kind.RIDGE, 0.1, 4);
        Lens lens =
                fit.fit(texts(model, 400, 1), Arena.ofAuto(), Resumption.NONE, Progress.NONE)
                        .lens();
        double[] before =
                new HeldOut(model, SKIPPED, 8).divergence(Lens.LOGIT, heldOut, Progress.NONE);
        double[] after = new HeldOut(model, SKIPPED, 8).divergence(lens, heldOut, Progress.NONE);
        int layers = model.config().nLayers();
        assertThat(before).hasSize(layers + 1);
        assertThat(before[layers]).isZero();
        assertThat(after[layers]).isZero();
        for (int layer = 0; layer < layers; layer++) {
            assertThat(after[layer]).as("layer %d", layer).isLessThan(0.9 * before[layer]);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatIsWrittenReadsAsItWasFitted(Kind kind) throws IOException {
        Model model = model("gpt2-base");
        Lens lens = lens(model, kind, 0.5, 3);
        Path file = directory.resolve("lens.safetensors");
        Map<String, String> facts = Map.of("tokens", "77", "model", "gpt2-base");
        try (OutputStream out = Files.newOutputStream(file)) {
            LensWriter.write(lens, new TreeMap<>(facts), out);
        }
        Lens read = Lenses.open(LensSource.parse(file.toString()), model, Arena.ofAuto()).lens();
        assertThat(read.kind()).isEqualTo(kind.word());
        assertThat(read.madeFor().nLayers()).hasValue(model.config().nLayers());
        assertThat(read.madeFor().model()).contains("gpt2-base");
        assertThat(read.origin().orElseThrow().facts()).containsEntry("tokens", "77");
        assertThat(read.layers()).isEqualTo(lens.layers());
        float[] rows = noise(5 * model.config().dModel());
        for (int layer : lens.layers()) {
            assertThat(apply(read.translators().get(layer), model, rows))
                    .isEqualTo(apply(lens.translators().get(layer), model, rows));
        }
        assertThat(bytes(lens(model, kind, 0.5, 3), facts)).isEqualTo(Files.readAllBytes(file));
    }

    private static byte[] bytes(Lens lens, Map<String, String> facts) throws IOException {
        var out = new ByteArrayOutputStream();
        LensWriter.write(lens, new TreeMap<>(facts), out);
        return out.toByteArray();
    }

    @Test
    void whatDeterminesNoLensIsRefused() {
        Model model = model("gpt2-base");
        LensFit fit = fit(model, Kind.RIDGE, 1, 1);
        assertThatThrownBy(() ->
                        fit.fit(
                                List.of(new int[] {1, 2, 3}),
                                Arena.ofAuto(),
                                Resumption.NONE,
                                Progress.NONE))
                .hasMessageContaining("the texts have 1 positions behind the first 2");
        assertThatThrownBy(() -> new Settings(Kind.RIDGE, 0, 0, 1))
                .hasMessageContaining("lambda must be a number above 0, but is 0.0");
        assertThatThrownBy(() -> fit.requireMemory(1 << 20))
                .hasMessageContaining(
                        "a ridge lens of %d layers".formatted(model.config().nLayers()))
                .hasMessageContaining("but the JVM may use 1;");
        int d = model.config().dModel();
        assertThat(LensFit.bytes(model.config(), Kind.RIDGE))
                .isEqualTo(model.config().nLayers() * (16L * d + 4L * d * (d + 1) + 8L * d * d));
    }
}
