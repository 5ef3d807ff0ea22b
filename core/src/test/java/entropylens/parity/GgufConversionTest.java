package entropylens.parity;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Goldens;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.hook.Intervention;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Goldens that llama.cpp's own converter turned into GGUF, in F32: `-Dgguf.goldens=FOLDER` with
/// `NAME.gguf` of each. Every entropy has the bits that it has with the safetensors, unless the
/// converter rounds.
@EnabledIfSystemProperty(named = "gguf.goldens", matches = ".+")
class GgufConversionTest {
    private static final Path FOLDER = Path.of(System.getProperty("gguf.goldens", "."));

    /// Goldens with something that the format, or the converter, has no word for: windows where
    /// llama.cpp has none or others, which blocks turn nothing or have experts, another scale of
    /// scores, other activations, ropes of several kinds, Llama 3's scaling of another context,
    /// halves turned in DeepSeek, sums of shares, widths of heads of GLM, clipping, biases of OLMo,
    /// limits of steps, what share of a head Bamba turns, positions of Granite 4 with state spaces,
    /// the epsilon of MPT.
    private static final Set<String> UNSAID =
            Set.of(
                    "apertus-scaled",
                    "bamba-biased",
                    "bamba-tied",
                    "deepseek-v3-halves",
                    "dots1-window",
                    "ernie45-moe-tied",
                    "exaone4-types",
                    "gemma2-softcaps",
                    "gemma3-linear",
                    "gemma3-with-pictures",
                    "glm-biased",
                    "glm-tied",
                    "glm4-moe-lite-groups",
                    "glm4-moe-lite-tied",
                    "gpt-bigcode-own-keys",
                    "gpt-neox-parallel",
                    "gpt-oss-mxfp4",
                    "gpt2-options",
                    "granite-hybrid-dense",
                    "internlm3-dynamic",
                    "lfm2-moe-tied",
                    "llama-rope-dynamic-long",
                    "llama-rope-yarn-mscale",
                    "llama3-rope",
                    "llama4-chunks",
                    "llama4-dense",
                    "llama4-with-pictures",
                    "mamba-biased",
                    "mamba2-biased",
                    "ministral3-growing",
                    "mellum-tied",
                    "mistral-window",
                    "mistral3-with-pictures",
                    "mixtral-window",
                    "mpt-clipped",
                    "mpt-untied",
                    "olmo-clip",
                    "olmo3-layer-types",
                    "olmoe-grouped",
                    "phimoe-longrope",
                    "qwen2-moe-shared",
                    "qwen2-window",
                    "qwen3-biased-window",
                    "smollm3-interval",
                    "smollm3-windows",
                    "solar-open-groups",
                    "solar-open-tied",
                    "starcoder2-windows");

    /// Goldens of which the converter computes with weights, in float32: how fast states fade, as
    /// `-exp(A_log)`.
    private static final Set<String> ROUNDED =
            Set.of("falcon-mamba-untied", "jamba-tied", "mamba2-tied");

    static List<String> converted() {
        return Goldens.NAMES.stream()
                .filter(name -> !UNSAID.contains(name) && !ROUNDED.contains(name))
                .filter(name -> Files.exists(FOLDER.resolve(name + ".gguf")))
                .toList();
    }

    static List<String> rounded() {
        return ROUNDED.stream().sorted().toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("converted")
    void aConvertedGoldenHasTheBitsOfItsOriginal(String name) {
        Path original = Goldens.directory(name);
        int[] ids = ConfigJson.read(original.resolve("golden.json")).ints("input_ids");
        assertThat(entropies(FOLDER.resolve(name + ".gguf"), ids))
                .isDeepEqualTo(entropies(original, ids));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rounded")
    void weightsThatWereComputedWithAgreeToRounding(String name) {
        Path original = Goldens.directory(name);
        int[] ids = ConfigJson.read(original.resolve("golden.json")).ints("input_ids");
        double[][] expected = entropies(original, ids);
        double[][] entropies = entropies(FOLDER.resolve(name + ".gguf"), ids);
        double largest = 0;
        for (int token = 0; token < expected.length; token++) {
            for (int layer = 0; layer < expected[token].length; layer++) {
                double difference = entropies[token][layer] - expected[token][layer];
                largest = Math.max(largest, Math.abs(difference));
            }
        }
        System.out.printf("%s: %.1e nats%n", name, largest);
        assertThat(largest).isLessThan(TransformersParityTest.ENTROPY_CEILING);
    }

    private static double[][] entropies(Path model, int[] ids) {
        Backend backend = new CpuBackend(Kernels.best(), new WorkerPool(1));
        LoadedModel loaded = LoadedModel.load(model, Arena.ofAuto(), backend);
        ProfileRequest request =
                new ProfileRequest(
                        Positions.PROMPT, Intervention.NONE, true, ReadoutRequest.ENTROPY);
        return new Profiler(loaded.model()).profile(ids, request).profile().entropy();
    }
}
