package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What configurations of families with routed experts say is read or refused by name.
class ExpertConfigurationTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path directory;

    private LoadedModel load(String golden, Consumer<ObjectNode> change) {
        Path source = Goldens.directory(golden);
        try {
            Path weights = directory.resolve("model.safetensors");
            Files.deleteIfExists(weights);
            Files.copy(source.resolve("model.safetensors"), weights);
            ObjectNode config = (ObjectNode) JSON.readTree(source.resolve("config.json").toFile());
            change.accept(config);
            Files.writeString(directory.resolve("config.json"), config.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        CpuBackend backend = new CpuBackend(Kernels.scalar(), new WorkerPool(1));
        return LoadedModel.load(directory, Arena.ofAuto(), backend);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(
            String golden, Consumer<ObjectNode> change) {
        return assertThatThrownBy(() -> load(golden, change))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(directory.toString());
    }

    @Test
    void theFormOfGptOssIsBuiltIn() {
        refused("gpt-oss-floats", c -> c.put("swiglu_limit", 5.0))
                .hasMessageContaining("swiglu_limit is 5.0, but must be 7.0");
        refused("gpt-oss-floats", c -> c.put("hidden_act", "gelu"))
                .hasMessageContaining("hidden_act is \"gelu\"");
        refused("gpt-oss-floats", c -> c.remove("rope_parameters"))
                .hasMessageContaining("rope_scaling is missing");
    }

    @Test
    void theOtherNamesInFilesOfGptOssChangeNothing() {
        LoadedModel plain = load("gpt-oss-floats", c -> {});
        LoadedModel named =
                load(
                        "gpt-oss-floats",
                        c ->
                                c.put("experts_per_token", 4)
                                        .put("initial_context_length", 4096)
                                        .put("swiglu_limit", 7.0));
        assertThat(named.model().config())
                .usingRecursiveComparison()
                .isEqualTo(plain.model().config());
        assertThat(named.inertConfigKeys()).isEmpty();
    }

    @Test
    void blocksBehindTheLastAreLeftOutAndCounted() {
        LoadedModel loaded = load("glm4-moe-further", c -> {});
        assertThat(loaded.model().config().nLayers()).isEqualTo(3);
        assertThat(loaded.tensorsLeftOut()).isEqualTo(30);
        assertThat(load("glm4-moe-groups", c -> {}).tensorsLeftOut()).isZero();
    }

    @Test
    void blocksBehindTheLastThatTheFileDoesNotSpeakOfAreRefused() {
        refused("glm4-moe-further", c -> c.put("num_nextn_predict_layers", 0))
                .hasMessageContaining(
                        "num_hidden_layers is 3 and num_nextn_predict_layers is 0, but the weights have 'model.layers.3.input_layernorm.weight' as well");
    }

    @Test
    void expertsThatTheFileHasElsewhereAreNamedByTheKey() {
        refused("dots1-window", c -> c.put("first_k_dense_replace", 0))
                .hasMessageContaining(
                        "first_k_dense_replace is 0, but the weights have no experts in block 0");
        refused("dots1-tied", c -> c.put("first_k_dense_replace", 1))
                .hasMessageContaining(
                        "first_k_dense_replace is 1, but the weights have experts in block 0");
        refused("ernie45-moe-tied", c -> c.put("moe_layer_end_index", 0))
                .hasMessageContaining(
                        "moe_layer_end_index is 0, but the weights have experts in block 1");
        refused("ernie45-moe-biased", c -> c.put("moe_num_shared_experts", 0))
                .hasMessageContaining(
                        "moe_num_shared_experts is 0, but the weights have 'model.layers.1.mlp.shared_experts.up_proj.weight'");
    }

    @Test
    void groupsThatCannotBeAreNamed() {
        refused("glm4-moe-groups", c -> c.put("n_group", 3)).hasMessageContaining("n_group is 3");
        refused("glm4-moe-groups", c -> c.put("n_group", 8)).hasMessageContaining("n_group is 8");
        refused("glm4-moe-groups", c -> c.put("topk_group", 5))
                .hasMessageContaining("topk_group is 5");
        refused("glm4-moe-groups", c -> c.put("topk_group", 1))
                .hasMessageContaining("topk_group is 1");
        refused("deepseek-v2-groups", c -> c.put("topk_method", "noaux_tc"))
                .hasMessageContaining("topk_method is \"noaux_tc\"");
    }

    @Test
    void whatTransformersDoesNotReadOfDeepseeksFilesMustBeAsItIsThere() {
        refused("deepseek-v2-lite", c -> c.put("norm_topk_prob", true))
                .hasMessageContaining("norm_topk_prob is true");
        refused("deepseek-v3-yarn", c -> c.put("scoring_func", "softmax"))
                .hasMessageContaining("scoring_func is \"softmax\"");
        refused("deepseek-v3-yarn", c -> c.put("moe_layer_freq", 2))
                .hasMessageContaining("moe_layer_freq is 2");
        refused("glm4-moe-lite-groups", c -> c.put("partial_rotary_factor", 0.5))
                .hasMessageContaining("partial_rotary_factor is 0.5");
        refused(
                        "glm4-moe-lite-groups",
                        c -> {
                            c.remove("mlp_layer_types");
                            c.put("first_k_dense_replace", 3);
                        })
                .hasMessageContaining("first_k_dense_replace is 3");
    }

    @Test
    void blocksOfMiniMaxWithoutAttentionAreRefused() {
        refused("minimax-m2-tied", c -> c.putArray("attn_type_list").add(1).add(0))
                .hasMessageContaining("attn_type_list is [1, 0]");
        refused("minimax-m2-tied", c -> c.put("shared_intermediate_size", 8))
                .hasMessageContaining("shared_intermediate_size is 8");
    }

    /// The first files came with code of their own.
    @Test
    void theFirstFilesOfErnieAreRead() {
        Consumer<ObjectNode> first =
                c -> {
                    c.putObject("auto_map").put("AutoConfig", "configuration.Config");
                    c.put("use_rmsnorm", true)
                            .put("moe_gate", "topk")
                            .put("moe_use_aux_free", true);
                    c.put("num_nextn_predict_layers", 1).putArray("moe_capacity").add(64);
                };
        assertThat(load("ernie45-moe-tied", first).inertConfigKeys()).isEmpty();
        refused("ernie45-moe-tied", c -> c.put("moe_use_aux_free", false))
                .hasMessageContaining("moe_use_aux_free is false");
        refused("ernie45-moe-tied", c -> c.put("moe_gate", "hash"))
                .hasMessageContaining("moe_gate is \"hash\"");
    }

    @Test
    void latentAttentionHasKeysForEveryHead() {
        refused("deepseek-v3-yarn", c -> c.put("num_key_value_heads", 2))
                .hasMessageContaining("num_key_value_heads is 2");
    }

    /// Keys and values of all heads, not the narrow vectors that they are made of.
    @Test
    void theCacheOfLatentAttentionHoldsWhatIsWrittenOut() {
        var config = load("deepseek-v3-yarn", c -> {}).model().config();
        assertThat(config.stateBytes(1)).isEqualTo(3L * 4 * (10 + 8) * Float.BYTES);
    }

    @Test
    void deepseekMayBeInEightBits() {
        assertThat(load("deepseek-v3-fp8", c -> {}).quantisation())
                .contains("fp8 e4m3, blocks of 128×128");
    }

    @Test
    void expertsOfGptOssMayBeCodes() {
        assertThat(load("gpt-oss-mxfp4", c -> {}).quantisation()).contains("mxfp4, blocks of 32");
    }
}
