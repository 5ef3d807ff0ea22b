package entropylens.translators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Worst;
import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.StrictJson;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Noise;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import entropylens.model.DerivativeMemory;
import entropylens.model.Model;
import entropylens.model.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/// Jacobian lenses that are fitted, beside torch's autograd (tools/jacobian_goldens.py).
class JacobianFitTest {
    /// Of the largest element of a matrix: worst seen 1.3e-6 (Gemma 2); doubled.
    private static final double MATRIX = 2.6e-6;

    private static final JsonNode GOLDEN = golden();
    static final List<JsonNode> CASES = GOLDEN.get("cases").valueStream().toList();

    private static final Worst matrices = new Worst("Jacobians (relative to the largest element)");

    @TempDir Path directory;

    private static JsonNode golden() {
        Path file = LensGoldens.ROOT.resolve("jacobians.json");
        return StrictJson.object(file, StrictJson.bytes(file, 1_000_000));
    }

    private static List<int[]> texts(JsonNode test) {
        return test.get("texts")
                .valueStream()
                .map(ids -> ids.valueStream().mapToInt(JsonNode::asInt).toArray())
                .toList();
    }

    private static Lens fit(JsonNode test, Resumption resumption, Progress progress) {
        Model model = LensGoldens.load(test.get("base").asString());
        return new JacobianFit(model, GOLDEN.get("skipped").asInt())
                .fit(texts(test), Arena.ofAuto(), resumption, progress)
                .lens();
    }

    private static DenseMatrix matrix(Lens lens, int layer) {
        return (DenseMatrix) ((Translator.Affine) lens.translators().get(layer)).map().matrix();
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void aFittedLensIsWhatAutogradGives(JsonNode test) {
        String base = test.get("base").asString();
        Model model = LensGoldens.load(base);
        Lens lens = fit(test, Resumption.NONE, Progress.NONE);
        Path file = LensGoldens.ROOT.resolve(test.get("file").asString());
        Checkpoint checkpoint = Checkpoint.ofFile(file, Arena.ofAuto());
        int d = model.config().dModel();
        LensTensors expected = new LensTensors(file, checkpoint, d, model.backend());
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
            DenseMatrix torch = (DenseMatrix) expected.linear(OwnFile.weight(layer), null).matrix();
            DenseMatrix ours = matrix(lens, layer);
            double most = 0;
            for (int i = 0; i < d * d; i++) {
                most = Math.max(most, Math.abs(Noise.weight(torch, i / d, i % d)));
            }
            for (int i = 0; i < d * d; i++) {
                String where = "%s, layer %d, weight %d".formatted(base, layer, i);
                matrices.see(
                        Noise.weight(ours, i / d, i % d),
                        Noise.weight(torch, i / d, i % d),
                        most,
                        () -> where);
            }
        }
    }

    @AfterAll
    static void everyErrorIsWithinItsBound() {
        matrices.requireWithin(MATRIX);
    }

    @Test
    void whatWasStoppedGoesOnToTheSameBits() {
        JsonNode test = CASES.getFirst();
        Path state = directory.resolve("lens.state");
        Resumption kept = new Resumption(Optional.of(state), "a", Duration.ZERO);
        Lens whole = fit(test, Resumption.NONE, Progress.NONE);
        int[] steps = new int[1];
        assertThatThrownBy(() ->
                        fit(
                                test,
                                kept,
                                (_, _) -> {
                                    if (++steps[0] == 2) {
                                        throw new CancellationException();
                                    }
                                }))
                .isInstanceOf(CancellationException.class);
        assertThat(state).exists();
        steps[0] = 10;
        Lens resumed = fit(test, kept, (_, _) -> steps[0]++);
        assertThat(steps[0]).isEqualTo(11);
        assertThat(state).doesNotExist();
        for (int layer : whole.layers()) {
            assertThat(matrix(resumed, layer).data().mismatch(matrix(whole, layer).data()))
                    .isEqualTo(-1);
        }
    }

    /// Rounded to float16, and without the embedding's matrix, which `jlens` has none of.
    @Test
    void whatIsWrittenAsJlensDoesIsReadAgain() throws IOException {
        JsonNode test = CASES.getFirst();
        Model model = LensGoldens.load(test.get("base").asString());
        Lens lens = fit(test, Resumption.NONE, Progress.NONE);
        Path file = directory.resolve("lens.pt");
        TreeMap<String, String> facts = new TreeMap<>();
        facts.put("model", "a/b");
        facts.put("texts", "2");
        try (OutputStream out = Files.newOutputStream(file)) {
            JacobianWriter.write(lens, facts, out);
        }
        Lens found = Lenses.open(new LensSource.Jacobian(file), model, Arena.ofAuto()).lens();
        assertThat(found.layers()).isEqualTo(List.of(1, 2));
        assertThat(found.origin().orElseThrow().facts())
                .containsEntry("n_prompts", "2")
                .containsEntry("model_name", "a/b");
        int d = model.config().dModel();
        for (int i = 0; i < d * d; i++) {
            float ours = Noise.weight(matrix(lens, 1), i / d, i % d);
            assertThat(Noise.weight(matrix(found, 1), i / d, i % d))
                    .isEqualTo(Float.float16ToFloat(Float.floatToFloat16(ours)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mamba-tied, is a mixer or an MLP alone",
        "qwen2-moe-tied, routes to experts",
        "falcon-7b-style, has queries",
        "olmo-clip, cuts",
        "gemma4-sharing, per-layer embedding"
    })
    void aModelWhoseDerivativeIsNotKnownIsRefusedByName(String base, String why) {
        Model model = LensGoldens.load(base);
        assertThatThrownBy(() -> new JacobianFit(model, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("block ", model.config().family(), why, "fit the kind");
    }

    @Test
    void textsThatAreTooShortMakeNoLens() {
        Model model = LensGoldens.load("gpt2-base");
        assertThatThrownBy(() ->
                        new JacobianFit(model, 3)
                                .fit(
                                        List.of(new int[] {1, 2, 3, 4}),
                                        Arena.ofAuto(),
                                        Resumption.NONE,
                                        Progress.NONE))
                .hasMessageContaining("no text has positions between the first 3 and its last");
    }

    /// Attention keeps a share for each pair of positions: 32 heads of 8,192 positions have 2³¹.
    @Test
    void textsThatAreTooLongAreRefusedBeforeAnyIsRun() {
        Model model = LensGoldens.load("llama-gqa-tied");
        JacobianFit fit = new JacobianFit(model, 1);
        assertThatThrownBy(() ->
                        fit.fit(
                                List.of(new int[9], new int[40_000]),
                                Arena.ofAuto(),
                                Resumption.NONE,
                                Progress.NONE))
                .hasMessageContainingAll(
                        "a text of 40,000 tokens",
                        "more than an array may have; use fewer tokens of each text");
        assertThatThrownBy(() -> fit.requireMemory(2_000, 64L << 20))
                .isInstanceOf(TextsTooLongException.class)
                .hasMessageContainingAll("a text of 2,000 tokens", "the JVM may use 64;");
        long heads = model.config().attention(0).nHeads();
        assertThat(DerivativeMemory.of(model, 1L << 20).longest()).isEqualTo(heads << 40);
        assertThat(DerivativeMemory.of(model, 1L << 20).kept())
                .isGreaterThan(model.config().nLayers() * 4 * (heads << 40));
    }
}
