package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.hook.Intervention;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.WeightType;
import entropylens.kernels.WorkerPool;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Sampling;
import entropylens.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows that are translated before the model's own readout sees them.
class LensTest {
    /// One of each kind: sums, sets, targets, references, the row before, the stream itself.
    private static final ReadoutRequest MUCH =
            ReadoutRequest.ENTROPY
                    .withTopK(3)
                    .with(
                            Statistic.renyi(2),
                            Statistic.topPSize(0.6),
                            Statistic.jaccard(0.9),
                            Statistic.NEXT_PROBABILITY,
                            Statistic.NEXT_RANK,
                            Statistic.KL_TO_LAST,
                            Statistic.LOGIT_STD,
                            Statistic.H_NORM);

    private static final List<StreamPoint> BOTH =
            List.of(StreamPoint.RESID_PRE, StreamPoint.RESID_POST);

    private static Model load(String golden) {
        return LoadedModel.load(
                        Goldens.directory(golden),
                        Arena.ofAuto(),
                        new CpuBackend(Kernels.best(), new WorkerPool(1)))
                .model();
    }

    private static int[] tokens(String golden) {
        return ConfigJson.read(Goldens.directory(golden).resolve("golden.json")).ints("input_ids");
    }

    private static ProfileRequest request() {
        return new ProfileRequest(
                        new Positions.Generated(6, new Sampling(0.9, 1, 7), Set.of()),
                        Intervention.NONE,
                        true,
                        MUCH)
                .at(BOTH);
    }

    private static Linear matrix(int d, WeightType type, IntFunction<Float> weight) {
        MemorySegment data = Arena.ofAuto().allocate((long) d * d * type.bytes());
        for (int i = 0; i < d * d; i++) {
            if (type == WeightType.F32) {
                data.setAtIndex(ValueLayout.JAVA_FLOAT, i, weight.apply(i));
            } else {
                data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(weight.apply(i)));
            }
        }
        return new Linear(Matrix.dense(data, type, d, d, Matrix.Layout.OUT_IN), null);
    }

    private static Linear identity(int d, WeightType type) {
        return matrix(d, type, i -> i % (d + 1) == 0 ? 1f : 0f);
    }

    private static Linear noise(int d, long seed) {
        Random random = new Random(seed);
        return matrix(d, WeightType.F32, _ -> (float) (random.nextGaussian() / Math.sqrt(d)));
    }

    private static Lens everyLayer(Model model, IntFunction<Translator> translator) {
        Map<Integer, Translator> all = new TreeMap<>();
        IntStream.range(0, model.config().nLayers())
                .forEach(layer -> all.put(layer, translator.apply(layer)));
        return Lens.of("test", all);
    }

    private static void assertSame(TextProfile found, TextProfile expected) {
        assertThat(found.generatedIds()).isEqualTo(expected.generatedIds());
        for (StreamPoint point : expected.points()) {
            Readouts ours = found.at(point).readouts();
            Readouts theirs = expected.at(point).readouts();
            for (Statistic statistic : theirs.request().statistics()) {
                assertThat(ours.column(statistic))
                        .as("%s of %s", statistic, point)
                        .isEqualTo(theirs.column(statistic));
            }
            assertThat(ours.topIds()).isDeepEqualTo(theirs.topIds());
            assertThat(ours.topProbabilities()).isDeepEqualTo(theirs.topProbabilities());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa-tied", "gpt2-base", "gemma2-softcaps"})
    void translatorsThatChangeNothingAreTheLogitLensBitForBit(String golden) {
        Model model = load(golden);
        int d = model.config().dModel();
        TextProfile expected = new Profiler(model).profile(tokens(golden), request());
        List<Translator> nothing =
                List.of(
                        new Translator.Affine(identity(d, WeightType.F16), false),
                        new Translator.Affine(identity(d, WeightType.F32), false),
                        new Translator.Affine(matrix(d, WeightType.F16, _ -> 0f), true),
                        new Translator.Shift(new float[d]));
        for (Translator one : nothing) {
            ProfileRequest through = request().through(everyLayer(model, _ -> one));
            assertSame(new Profiler(model).profile(tokens(golden), through), expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa-tied", "gpt2-base"})
    void aTextAloneHasTheBitsThatItHasAmongOthers(String golden) {
        Model model = load(golden);
        int d = model.config().dModel();
        ProfileRequest through =
                request()
                        .through(
                                everyLayer(
                                        model,
                                        layer -> new Translator.Affine(noise(d, layer), true)));
        List<int[]> prompts =
                List.of(tokens(golden), Arrays.copyOf(tokens(golden), 5), tokens(golden));
        Profiler profiler = new Profiler(model);
        List<Prompt> numbered =
                List.of(0, 1, 2).stream().map(i -> Prompt.of(prompts.get(i), i)).toList();
        List<TextProfile> together = profiler.measure(numbered, through, 3, Progress.NONE);
        for (int i = 0; i < prompts.size(); i++) {
            assertSame(
                    profiler.measure(List.of(numbered.get(i)), through, 1, Progress.NONE)
                            .getFirst(),
                    together.get(i));
        }
    }

    @Test
    void severalLensesInOneRunGiveTheNumbersOfEachAlone() {
        String golden = "llama-gqa-tied";
        Model model = load(golden);
        int d = model.config().dModel();
        Lens other = everyLayer(model, layer -> new Translator.Affine(noise(d, layer), true));
        List<int[]> prompts = List.of(tokens(golden), Arrays.copyOf(tokens(golden), 5));
        List<LensOfText> lenses =
                List.of(
                        LensOfText.always(Lens.LOGIT),
                        LensOfText.always(other),
                        text -> text == 1 ? other : Lens.LOGIT);
        Profiler profiler = new Profiler(model);
        List<List<TextProfile>> found =
                profiler.profileThrough(lenses, prompts, request(), 2, Progress.NONE);
        List<TextProfile> logit = profiler.profile(prompts, request(), 2, Progress.NONE);
        List<TextProfile> through =
                profiler.profile(prompts, request().through(other), 2, Progress.NONE);
        for (int text = 0; text < prompts.size(); text++) {
            assertSame(found.get(0).get(text), logit.get(text));
            assertSame(found.get(1).get(text), through.get(text));
            assertSame(found.get(2).get(text), text == 1 ? through.get(text) : logit.get(text));
        }
    }

    @Test
    void eachLayerIsTranslatedByItsOwnAndTheLastByNone() {
        Model model = load("llama-gqa-tied");
        int layers = model.config().nLayers();
        int d = model.config().dModel();
        TextProfile plain = new Profiler(model).profile(tokens("llama-gqa-tied"), request());
        for (int only = 0; only < layers; only++) {
            int layer = only;
            Lens one =
                    everyLayer(
                            model,
                            l ->
                                    l == layer
                                            ? new Translator.Affine(noise(d, 1), false)
                                            : new Translator.Shift(new float[d]));
            TextProfile found =
                    new Profiler(model).profile(tokens("llama-gqa-tied"), request().through(one));
            assertChanged(found.at(StreamPoint.RESID_POST), plain.at(StreamPoint.RESID_POST), only);
            assertChanged(found.at(StreamPoint.RESID_PRE), plain.at(StreamPoint.RESID_PRE), only);
        }
    }

    private static void assertChanged(TextProfile found, TextProfile plain, int layer) {
        assertThat(found.table(Statistic.H_NORM)).isDeepEqualTo(plain.table(Statistic.H_NORM));
        for (int row = 0; row < plain.positions(); row++) {
            for (int l = 0; l < plain.layers(); l++) {
                boolean same =
                        found.table(Statistic.ENTROPY)[row][l]
                                        == plain.table(Statistic.ENTROPY)[row][l]
                                && found.table(Statistic.KL_TO_LAST)[row][l]
                                        == plain.table(Statistic.KL_TO_LAST)[row][l];
                assertThat(same).as("layer %d, translated %d", l, layer).isEqualTo(l != layer);
            }
        }
    }

    @Test
    void aTranslatorOfTheLastLayerIsLeftOut() {
        Model model = load("gpt2-base");
        int layers = model.config().nLayers();
        int d = model.config().dModel();
        Map<Integer, Translator> all = new TreeMap<>();
        IntStream.rangeClosed(0, layers)
                .forEach(l -> all.put(l, new Translator.Affine(noise(d, l), false)));
        ProfileRequest through = request().through(Lens.of("test", all));
        TextProfile plain = new Profiler(model).profile(tokens("gpt2-base"), request());
        TextProfile found = new Profiler(model).profile(tokens("gpt2-base"), through);
        for (int row = 0; row < plain.positions(); row++) {
            assertThat(found.at(StreamPoint.RESID_POST).table(Statistic.ENTROPY)[row][layers])
                    .isEqualTo(
                            plain.at(StreamPoint.RESID_POST).table(Statistic.ENTROPY)[row][layers]);
            assertThat(found.at(StreamPoint.RESID_POST).table(Statistic.KL_TO_LAST)[row][layers])
                    .isZero();
        }
    }

    @Test
    void aLensThatDoesNotFitIsRefusedByName() {
        Model model = load("gpt2-base");
        int layers = model.config().nLayers();
        int d = model.config().dModel();
        Translator shift = new Translator.Shift(new float[d]);
        refuses(
                model,
                request().through(everyLayer(model, _ -> new Translator.Shift(new float[d + 1]))),
                "the test lens was made for a stream of width %d".formatted(d + 1),
                "a width (d_model) of %d".formatted(d));
        refuses(
                model,
                request().through(Lens.of("test", Map.of(layers + 1, shift))),
                "was made for at least %d blocks".formatted(layers + 1),
                "has %d blocks".formatted(layers));
        Lens.MadeFor deeper =
                new Lens.MadeFor(
                        OptionalInt.of(d),
                        OptionalInt.of(layers + 2),
                        Optional.of("org/deep"),
                        Optional.empty());
        Lens fromFile =
                new Lens("tuned", Optional.empty(), deeper, new TreeMap<>(Map.of(0, shift)))
                        .from(new Lens.Origin(Path.of("a.pt"), "0", new TreeMap<>()));
        refuses(
                model,
                request().through(fromFile),
                "the tuned lens a.pt was made for %d blocks".formatted(layers + 2),
                "it names org/deep");
        refuses(
                model,
                request().through(Lens.of("test", Map.of(1, shift))),
                "the test lens says nothing of layer 0",
                "it has 1");
        refuses(
                model,
                new ProfileRequest(Positions.PROMPT, MUCH)
                        .at(List.of(StreamPoint.RESID_MID))
                        .through(everyLayer(model, _ -> shift)),
                "says nothing of resid_mid; ask for resid_pre or resid_post");
    }

    private static void refuses(Model model, ProfileRequest request, String... saying) {
        assertThatThrownBy(() -> new Profiler(model).profile(tokens("gpt2-base"), request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(saying);
    }

    @Test
    void theHashOfTheUnembeddingIsThatOfItsNumbers() throws Exception {
        float[] weights = {1f, -2f, 0.5f, 3f, 0f, -0.25f};
        MemorySegment halves = Arena.ofAuto().allocate(12);
        ByteBuffer wide = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < weights.length; i++) {
            halves.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(weights[i]));
            wide.putFloat(weights[i]);
        }
        Unembed unembed =
                new Unembed(
                        new Weights.Readout(
                                null,
                                null,
                                Matrix.dense(halves, WeightType.F16, 3, 2, Matrix.Layout.OUT_IN),
                                null),
                        OptionalDouble.empty(),
                        new CpuBackend(Kernels.scalar(), new WorkerPool(1)));
        byte[] expected = MessageDigest.getInstance("SHA-256").digest(wide.array());
        assertThat(unembed.sha256()).isEqualTo(HexFormat.of().formatHex(expected));
    }
}
