package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import entropylens.Goldens;
import entropylens.Worst;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.SelfCheck;
import entropylens.model.Model;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every family loads with the weights that training begins with: its matrices normal, its norms
/// and biases without effect, the same for the same seed.
class UntrainedTest {
    static final List<String> NAMES = Goldens.NAMES;

    /// What all goldens' configurations say.
    private static final double RANGE = 0.02;

    /// How far a sample's standard deviation, mean and fourth moment may be from the
    /// distribution's, in standard errors: worst seen 3.5 (gptj-partial) among some 3,000, doubled.
    private static final double STANDARD_ERRORS = 7;

    /// How far the entropy of the last layer is below that of a uniform guess, as a share of `ln
    /// V`: worst seen 0.0021 (llama-rope-linear), doubled.
    private static final double LACKING = 0.0042;

    @TempDir Path folder;

    private static LoadedModel load(Path directory, long seed, int threads) {
        Backend backend = new CpuBackend(Kernels.best(), new WorkerPool(threads));
        return LoadedModel.load(
                directory, Arena.ofAuto(), backend, LoadOptions.NONE.untrained(seed));
    }

    private static LoadedModel load(String golden, long seed) {
        return load(Goldens.directory(golden), seed, 1);
    }

    /// Everything in a model's weights that is a matrix, a norm or a vector, by its place.
    private static Map<String, Object> parts(Object weights) {
        Map<String, Object> parts = new LinkedHashMap<>();
        collect("", weights, parts);
        return parts;
    }

    private static void collect(String place, Object part, Map<String, Object> parts) {
        if (part instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(place + "." + i, list.get(i), parts);
            }
        } else if (part instanceof Matrix
                || part instanceof NormWeights
                || part instanceof float[]) {
            parts.put(place, part);
        } else if (part instanceof Record && !(part instanceof MemorySegment)) {
            for (RecordComponent component : part.getClass().getRecordComponents()) {
                try {
                    collect(
                            place + "." + component.getName(),
                            component.getAccessor().invoke(part),
                            parts);
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private static Map<String, float[]> matrices(Model model) {
        Map<String, float[]> matrices = new TreeMap<>();
        parts(model.weights())
                .forEach((place, part) -> {
                    if (part instanceof Matrix matrix) {
                        matrices.put(place, values(matrix));
                    }
                });
        return matrices;
    }

    private static float[] values(Matrix matrix) {
        boolean byOutput = matrix.layout() == Matrix.Layout.OUT_IN;
        int lines = byOutput ? matrix.outputs() : matrix.inputs();
        int width = byOutput ? matrix.inputs() : matrix.outputs();
        float[] values = new float[lines * width];
        Kernels.scalar().read(matrix, 0, 0, lines, width, values, 0);
        return values;
    }

    private static double std(String name, LoadedModel loaded, String place) {
        double range =
                ConfigJson.read(Goldens.directory(name).resolve("config.json"))
                        .doubleOr("initializer_range", RANGE);
        boolean small =
                List.of("gpt2", "gpt_bigcode").contains(loaded.model().config().family())
                        && place.matches("\\.blocks\\.\\d+\\.(mixer\\.output|mlp\\.down)\\.matrix");
        return small ? range / Math.sqrt(2.0 * loaded.model().config().nLayers()) : range;
    }

    /// Mamba's own code spreads these evenly.
    private static boolean isEven(LoadedModel loaded, String place) {
        return loaded.model().config().family().matches(".*mamba2?")
                && place.matches(".*\\.mixer\\.(step|output)\\.matrix");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mamba-biased", "falcon-mamba-tied"})
    void theMatricesOfAScanAreSpreadEvenlyAsItsOwnCodeSpreadsThem(String name) {
        LoadedModel loaded = load(name, 5);
        matrices(loaded.model())
                .forEach((place, values) -> {
                    if (isEven(loaded, place)) {
                        int inputs = values.length / loaded.model().config().dModel();
                        var scan = (Weights.SelectiveScan) mixer(loaded);
                        if (place.contains("step")) {
                            inputs = scan.step().inputs();
                        }
                        double most = 1 / Math.sqrt(inputs);
                        double largest = 0;
                        for (float value : values) {
                            largest = Math.max(largest, Math.abs(value));
                        }
                        assertThat(largest)
                                .as(place)
                                .isBetween(0.9 * most, 1.004 * most); // a bfloat16
                        assertThat(Math.abs(moment(values, 1, most))).as(place).isLessThan(0.2);
                    }
                });
        for (float bias : ((Weights.SelectiveScan) mixer(loaded)).stepBias()) {
            assertThat(Math.log1p(Math.exp(bias))).isBetween(0.000999, 0.1001);
        }
    }

    private static Weights.Mixer mixer(LoadedModel loaded) {
        return Objects.requireNonNull(loaded.model().weights().blocks().getFirst().mixer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mamba2-biased", "mamba2-tied"})
    void aStateSpaceBeginsAsItsOwnCodeBegins(String name) {
        LoadedModel loaded = load(name, 5);
        var space = (Weights.StateSpace) mixer(loaded);
        for (int head = 0; head < space.logDecay().length; head++) {
            assertThat(Math.exp(space.logDecay()[head])).isCloseTo(head + 1, within(1e-5));
            double step = Math.log1p(Math.exp(space.stepBias()[head]));
            assertThat(step).isBetween(0.000999, 0.1001);
        }
        assertThat(space.skip()).containsOnly(1);
        double most = 1 / Math.sqrt(space.output().inputs());
        float[] output = matrices(loaded.model()).get(".blocks.0.mixer.output.matrix");
        double largest = 0;
        for (float value : output) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isBetween(0.9 * most, 1.004 * most); // a bfloat16
        assertThat(Math.abs(moment(output, 1, most))).isLessThan(0.2);
    }

    private static double moment(float[] values, int power, double std) {
        double sum = 0;
        for (float value : values) {
            sum += Math.pow(value / std, power);
        }
        return sum / values.length;
    }

    @Test
    void matricesAreNormalWithTheStandardDeviationOfTheConfiguration() {
        Worst worst = new Worst("moments of a matrix, in standard errors");
        for (String name : NAMES) {
            LoadedModel loaded = load(name, 5);
            Map<String, float[]> normal = matrices(loaded.model());
            normal.keySet().removeIf(place -> isEven(loaded, place));
            normal.forEach((place, values) -> {
                double std = std(name, loaded, place);
                double root = Math.sqrt(values.length);
                String where = name + place;
                // the moments of N(0, 1), and their variances
                double first = moment(values, 1, std);
                double second = (moment(values, 2, std) - 1) / Math.sqrt(2);
                double fourth = (moment(values, 4, std) - 3) / Math.sqrt(96);
                worst.see(Math.abs(first) * root, () -> where + " mean");
                worst.see(Math.abs(second) * root, () -> where + " variance");
                worst.see(Math.abs(fourth) * root, () -> where + " kurtosis");
            });
        }
        worst.requireWithin(STANDARD_ERRORS);
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void normsMultiplyByOneAndNothingIsAdded(String name) {
        LoadedModel loaded = load(name, 5);
        // the last norm of Granite and Cohere also scales the logits; that of Gemma 4's router also
        // scales
        ConfigJson json = ConfigJson.read(Goldens.directory(name).resolve("config.json"));
        double byScale = 1 / json.doubleOr("logit_scale", 1);
        double divided = json.doubleOr("logits_scaling", byScale);
        double byScaling = 1 / (divided / json.doubleOr("lm_head_multiplier", 1));
        boolean multiplies = json.stringOr("model_type", "").equals("hyperclovax");
        float last = (float) (multiplies ? 1 / byScaling : byScaling);
        Map<String, Object> parts = parts(loaded.model().weights());
        assertThat(parts.values()).hasAtLeastOneElementOfType(NormWeights.class);
        parts.forEach((place, part) -> {
            if (part instanceof NormWeights norm) {
                float root = (float) (1 / Math.sqrt(norm.width()));
                float gain =
                        place.equals(".readout.lnFinal")
                                ? last
                                : place.endsWith(".routerNorm") ? root : 1;
                assertThat(norm.weight()).as(place).containsOnly(gain);
                if (norm.bias() != null) {
                    assertThat(norm.bias()).as(place).containsOnly(0);
                }
            } else if (place.endsWith(".after")) {
                assertThat((float[]) part).as(place).doesNotContain(0); // of the configuration
            } else if (place.endsWith(".convolution.weights")) {
                assertThat((float[]) part).as(place).doesNotContain(0);
            } else if (place.endsWith(".logDecay")) {
                for (float log : (float[]) part) {
                    assertThat(Math.exp(log)).as(place).isBetween(0.0099, 16.001);
                }
            } else if (place.endsWith(".stepBias")) {
                if (!loaded.model().config().family().matches(".*mamba2?")) { // tested by itself
                    float first = name.startsWith("jamba") ? 0 : 1;
                    assertThat((float[]) part).as(place).containsOnly(first);
                }
            } else if (place.endsWith(".mixer.rates")) {
                float[] rates = (float[]) part;
                int channels = ((Weights.SelectiveScan) mixer(loaded)).skip().length;
                for (int i = 0; i < rates.length; i++) {
                    float rate = 1 + i / channels;
                    assertThat(rates[i]).as(place).isCloseTo(rate, within(1e-5f));
                }
            } else if (place.endsWith(".skip")) {
                assertThat((float[]) part).as(place).containsOnly(1);
            } else if (place.endsWith(".routing.factors")) {
                assertThat((float[]) part).as(place).containsOnly(1);
            } else if (place.endsWith(".sinks")) { // drawn as matrices are
                assertThat((float[]) part).as(place).doesNotContain(0);
            } else if (part instanceof float[] bias) {
                assertThat(bias).as(place).containsOnly(0);
            }
        });
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void theSameSeedGivesTheSameBitsWhateverTheThreads(String name) {
        Map<String, float[]> one = matrices(load(name, -1).model());
        Map<String, float[]> again = matrices(load(Goldens.directory(name), -1, 3).model());
        assertThat(again.keySet()).isEqualTo(one.keySet());
        one.forEach((place, values) -> assertThat(again.get(place)).as(place).isEqualTo(values));
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void anotherSeedGivesOtherNumbersEverywhere(String name) {
        Map<String, float[]> one = matrices(load(name, 1).model());
        Map<String, float[]> other = matrices(load(name, 2).model());
        one.forEach((place, values) -> assertThat(other.get(place)).as(place).isNotEqualTo(values));
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void noTwoMatricesAreAlikeButTiedOnes(String name) {
        Model model = load(name, 1).model();
        Map<String, float[]> matrices = matrices(model);
        Weights weights = model.weights();
        if (model.config().tiedUnembed()) {
            assertThat(weights.readout().unembed()).isSameAs(weights.embedding().tokens());
            matrices.remove(".readout.unembed");
        }
        assertThat(matrices.values().stream().map(values -> List.of(values[0], values[1])))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void whatItIsStaysAsTheCheckpointSays(String name) {
        LoadedModel trained =
                LoadedModel.load(
                        Goldens.directory(name),
                        Arena.ofAuto(),
                        new CpuBackend(Kernels.best(), new WorkerPool(1)));
        LoadedModel untrained = load(name, 3);
        assertThat(trained.untrainedSeed()).isEmpty();
        assertThat(untrained.untrainedSeed()).hasValue(3);
        assertThat(untrained.parameters()).isEqualTo(trained.parameters());
        assertThat(untrained.dtype()).isEqualTo(trained.dtype());
        assertThat(parts(untrained.model().weights()).keySet())
                .isEqualTo(parts(trained.model().weights()).keySet());
        assertThat(Features.of(untrained.model())).isEqualTo(Features.of(trained.model()));
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void itPassesTheSelfCheck(String name) {
        assertThat(SelfCheck.ofNoise(load(name, 4).model()).failures()).isEmpty();
    }

    @Test
    void itKnowsNothing() {
        Worst worst = new Worst("what an untrained model's last entropy lacks");
        for (String name : NAMES) {
            Model model = load(name, 4).model();
            double[] entropy = profile(model);
            assertThat(DoubleStream.of(entropy)).as(name).allMatch(Double::isFinite);
            double last = entropy[entropy.length - 1] / Math.log(model.config().dVocab());
            worst.see(1 - last, () -> name);
        }
        worst.requireWithin(LACKING);
    }

    private static double[] profile(Model model) {
        ProfileRequest everyPosition = new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY);
        return new Profiler(model)
                .profile(new int[] {1, 2, 3, 4, 5, 6, 7, 8}, everyPosition)
                .profile()
                .mean();
    }

    private Path variant(String golden, String from, String to) throws IOException {
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(Goldens.directory(golden).resolve(file), folder.resolve(file));
        }
        String config = Files.readString(folder.resolve("config.json"));
        assertThat(config).contains(from);
        Files.writeString(folder.resolve("config.json"), config.replace(from, to));
        return folder;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-gqa-tied initializer_range",
                "opt-pre-norm init_std",
                "gemma3-with-pictures initializer_range"
            })
    void theConfigurationSaysHowLargeTheyBegin(String goldenAndKey) throws IOException {
        String golden = goldenAndKey.split(" ")[0];
        String key = "\"" + goldenAndKey.split(" ")[1] + "\": ";
        Path model = variant(golden, key + "0.02", key + "0.5");
        Matrix embed = load(model, 1, 1).model().weights().embedding().tokens();
        assertThat(Math.sqrt(moment(values(embed), 2, 1))).isCloseTo(0.5, within(0.05));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"initializer_range\": 0,", "\"initializer_range\": null,"})
    void theyBeginAsLargeAsTheLibrarysWhereItDoesNotSay(String instead) throws IOException {
        Path model = variant("llama-gqa-tied", "\"initializer_range\": 0.02,", instead);
        Matrix embed = load(model, 1, 1).model().weights().embedding().tokens();
        assertThat(Math.sqrt(moment(values(embed), 2, 1))).isCloseTo(RANGE, within(0.002));
    }

    @Test
    void aNegativeStandardDeviationIsRefused() throws IOException {
        Path model =
                variant("gpt2-base", "\"initializer_range\": 0.02", "\"initializer_range\": -0.1");
        assertThatThrownBy(() -> load(model, 1, 1))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("initializer_range is -0.1")
                .hasMessageContaining("or load its own weights");
    }

    /// Drawn once and written down: a later version must not make other models of the same seeds.
    @Test
    void aSeedMeansTheSameModelInEveryVersion() {
        Matrix embed = load("llama-gqa-tied", 1).model().weights().embedding().tokens();
        assertThat(Arrays.copyOf(values(embed), 4))
                .containsExactly(0.022081574f, 0.023148192f, -0.01786929f, -0.007337161f);
    }
}
