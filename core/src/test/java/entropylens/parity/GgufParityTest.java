package entropylens.parity;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.hook.Intervention;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tiny models that llama.cpp's own converter turned into GGUF, against transformers on what they
/// were converted from; made by tools/gguf_goldens.py.
class GgufParityTest {
    private static final Path FOLDER = Path.of("src/test/resources/gguf");

    static List<String> models() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".gguf") && !name.startsWith("blocks-"))
                    .map(name -> name.replace(".gguf", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aConvertedModelHasTheEntropiesOfItsOriginal(String name) {
        JsonNode golden = JsonMapper.shared().readTree(FOLDER.resolve(name + ".json").toFile());
        LoadedModel loaded = load(name);
        double[][] entropy = entropies(loaded, ids(golden));
        JsonNode expected = golden.get("entropy");
        assertThat(expected.size()).isEqualTo(loaded.model().config().nLayers());
        for (int layer = 0; layer < expected.size(); layer++) {
            for (int token = 0; token < entropy.length; token++) {
                assertThat(entropy[token][layer])
                        .as("layer %d, token %d", layer, token)
                        .isCloseTo(
                                expected.get(layer).get(token).asDouble(),
                                org.assertj.core.api.Assertions.within(
                                        TransformersParityTest.ENTROPY_CEILING));
            }
        }
    }

    @Test
    void everyArchitectureHasAModel() throws IOException {
        assertThat(models())
                .containsExactly(
                        "apertus",
                        "apertus-biased",
                        "arcee",
                        "bamba",
                        "bloom",
                        "chatglm",
                        "cohere2",
                        "command-r",
                        "deepseek2",
                        "deepseek2-lite",
                        "deepseek3",
                        "dots1",
                        "ernie4_5",
                        "ernie4_5-moe",
                        "exaone4",
                        "exaone4-small",
                        "falcon",
                        "falcon-h1",
                        "falcon-h1-plain",
                        "falcon-mamba",
                        "gemma",
                        "gemma2",
                        "gemma3",
                        "gemma4",
                        "gemma4-moe",
                        "glm4",
                        "glm4moe",
                        "glm4moelite",
                        "gpt2",
                        "gptneox",
                        "gptoss",
                        "gptoss-floats",
                        "granite",
                        "granite-attention",
                        "granitehybrid",
                        "granitehybrid-moe",
                        "granitemoe",
                        "hunyuan-dense",
                        "hunyuan-moe",
                        "internlm2",
                        "internlm3",
                        "jais2",
                        "jamba",
                        "jamba-dense",
                        "lfm2",
                        "lfm2moe",
                        "llama",
                        "llama4",
                        "llama4-dense",
                        "mamba",
                        "mamba2",
                        "mellum",
                        "minimax-m2",
                        "mistral",
                        "mistral3",
                        "mistral3-small",
                        "mixtral",
                        "mpt",
                        "nemotron",
                        "olmo",
                        "olmo2",
                        "olmoe",
                        "phi2",
                        "phi3",
                        "phimoe",
                        "qwen2",
                        "qwen2moe",
                        "qwen3",
                        "qwen35",
                        "qwen35moe",
                        "qwen3moe",
                        "qwen3next",
                        "seed_oss",
                        "smollm3",
                        "solar-open",
                        "stablelm",
                        "starcoder",
                        "starcoder-own-keys",
                        "starcoder2");
    }

    @Test
    void blocksHaveTheBitsOfWhatTheyDecodeTo() {
        int[] ids = {3, 28, 0, 7, 7, 12, 19, 1};
        LoadedModel packed = load("blocks-q4_0");
        assertThat(packed.quantisation()).contains("Q4_0");
        assertThat(entropies(packed, ids)).isDeepEqualTo(entropies(load("blocks-q4_0-f32"), ids));
        for (String other : List.of("blocks-q5_1", "blocks-q8_0")) {
            assertThat(entropies(load(other), ids)[7][1]).isFinite().isPositive();
        }
    }

    private static int[] ids(JsonNode golden) {
        return ConfigJson.of(Path.of("golden.json"), golden.toString().getBytes())
                .ints("input_ids");
    }

    private static LoadedModel load(String name) {
        return LoadedModel.load(
                FOLDER.resolve(name + ".gguf"),
                Arena.ofAuto(),
                new CpuBackend(Kernels.best(), new WorkerPool(1)));
    }

    static double[][] entropies(LoadedModel loaded, int[] ids) {
        ProfileRequest request =
                new ProfileRequest(
                        Positions.PROMPT, Intervention.NONE, false, ReadoutRequest.ENTROPY);
        return new Profiler(loaded.model()).profile(ids, request).profile().entropy();
    }
}
