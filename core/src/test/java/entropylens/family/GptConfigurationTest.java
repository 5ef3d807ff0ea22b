package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.model.DecoderConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Older keys of the families that descend from GPT, and what is refused: what no golden shows,
/// since transformers no longer writes it.
class GptConfigurationTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path directory;

    /// The configuration of a golden, changed; every key must have been read.
    private DecoderConfig read(String golden, Consumer<ObjectNode> change) {
        Path file = directory.resolve("config.json");
        try {
            Path source = Goldens.directory(golden).resolve("config.json");
            ObjectNode config = (ObjectNode) JSON.readTree(source.toFile());
            change.accept(config);
            Files.writeString(file, config.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ConfigJson json = ConfigJson.read(file);
        Family family = Families.of(json, Optional.empty());
        DecoderConfig config = family.read(json).config();
        json.refuseUnread(Set.of(), key -> ConfigKeys.matters(family, json, key));
        return config;
    }

    private void same(String golden, Consumer<ObjectNode> change) {
        assertThat(read(golden, change))
                .usingRecursiveComparison()
                .isEqualTo(read(golden, config -> {}));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(
            String golden, Consumer<ObjectNode> change) {
        return assertThatThrownBy(() -> read(golden, change))
                .isInstanceOf(CheckpointException.class);
    }

    private static void rename(ObjectNode config, String key, String otherKey) {
        JsonNode value = config.remove(key);
        config.set(otherKey, value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-neo-local", "gpt-neo-wide-mlp"})
    void attentionTypesSayWhatAttentionLayersSay(String golden) {
        same(golden, config -> config.remove("attention_layers"));
    }

    @Test
    void gptNeoWithoutEitherHasGlobalAndLocalBlocksInTurn() {
        DecoderConfig config =
                read(
                        "gpt-neo-local",
                        c -> {
                            c.remove("attention_layers");
                            c.putNull("attention_types");
                            c.remove("window_size");
                            c.put("num_layers", 24);
                        });
        assertThat(IntStream.range(0, 24).map(l -> config.attention(l).firstVisible(256)))
                .containsExactlyElementsOf(IntStream.range(0, 24).map(l -> l % 2).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"global\"]", "[\"global\", \"local\", \"global\", \"sparse\"]"})
    void otherAttentionLayersAreRefused(String layers) {
        refused("gpt-neo-local", c -> c.set("attention_layers", JSON.readTree(layers)))
                .hasMessageContaining("attention_layers")
                .hasMessageContaining("4 blocks");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"global\"]",
                "[[\"global\", \"local\"], 2]",
                "[[[\"global\", \"local\"], 1.0]]",
                "[[[\"global\", 1], 2]]",
                "[[[\"global\", \"local\"], -1]]",
                "[[[\"global\", \"local\"], 2147483647]]"
            })
    void attentionTypesOfAnotherFormAreRefused(String types) {
        refused(
                        "gpt-neo-local",
                        c -> {
                            c.remove("attention_layers");
                            c.set("attention_types", JSON.readTree(types));
                        })
                .hasMessageContaining("attention_types");
    }

    @Test
    void gptNeoXMaySayItsRotaryEmbeddingTwiceButNotInTwoWays() {
        Consumer<ObjectNode> older =
                c -> {
                    c.remove("rope_parameters");
                    c.put("rotary_pct", 0.45).put("rotary_emb_base", 10_000);
                };
        same("gpt-neox-parallel", older);
        same(
                "gpt-neox-parallel",
                older.andThen(
                        c -> c.put("partial_rotary_factor", 0.45).put("rope_theta", 10_000.0)));
        refused("gpt-neox-parallel", older.andThen(c -> c.put("partial_rotary_factor", 0.5)))
                .hasMessageContaining("partial_rotary_factor is 0.5")
                .hasMessageContaining("rotary_pct");
        refused("gpt-neox-parallel", older.andThen(c -> c.put("rope_theta", 500.0)))
                .hasMessageContaining("rope_theta is 500.0")
                .hasMessageContaining("rotary_emb_base");
    }

    @Test
    void gptJIsTurnedInPairs() {
        assertThat(read("gptj-partial", c -> c.put("rotary", true).put("n_ctx", 34)).nCtx())
                .isEqualTo(34);
        refused("gptj-partial", c -> c.putNull("rotary_dim")).hasMessageContaining("rotary_dim");
        refused("gptj-partial", c -> c.put("rotary_dim", 5)).hasMessageContaining("rotary_dim");
        // transformers does not read it
        same("gptj-partial", c -> c.put("rotary", false));
    }

    @Test
    void olderFilesOfOptHaveShorterNames() throws IOException {
        Path golden = Goldens.directory("opt-post-norm");
        String weights =
                Files.readString(golden.resolve("model.safetensors"), StandardCharsets.ISO_8859_1);
        Files.writeString(
                directory.resolve("model.safetensors"),
                weights.replace("\"model.decoder.", "      \"decoder."),
                StandardCharsets.ISO_8859_1);
        Files.copy(golden.resolve("config.json"), directory.resolve("config.json"));
        Backend backend = new CpuBackend(Kernels.scalar(), new WorkerPool(1));
        var model = LoadedModel.load(directory, Arena.ofAuto(), backend).model();
        assertThat(model.weights().readout().projection()).isNotNull();
        assertThat(model.weights().embedding().projection()).isNotNull();
    }

    @Test
    void galacticaSaysWhatOptIsAnyway() {
        same(
                "opt-galactica",
                c -> c.put("learned_embeddings", true).put("scale_embeddings", false));
        // transformers does not read it
        same("opt-galactica", c -> c.put("scale_embeddings", true));
    }

    @Test
    void bloomHasOlderNamesForItsSizes() {
        same(
                "bloom-6-heads",
                c -> {
                    rename(c, "hidden_size", "n_embed");
                    rename(c, "n_head", "num_attention_heads");
                    c.put("seq_length", 2048).put("offset_alibi", 100).putNull("n_inner");
                    c.put("skip_bias_add", true).put("skip_bias_add_qkv", false);
                    c.put("bias_dropout_fusion", true).put("masked_softmax_fusion", true);
                    c.put("attention_softmax_in_fp32", true).put("unk_token_id", 0);
                });
        assertThat(read("bloom-6-heads", c -> c.put("seq_length", 512)).nCtx()).isEqualTo(512);
    }

    @ParameterizedTest
    @ValueSource(strings = {"apply_residual_connection_post_layernorm", "slow_but_exact"})
    void bloomsOfOtherArithmeticAreRefused(String key) {
        refused("bloom-6-heads", c -> c.put(key, true)).hasMessageContaining(key + " is true");
    }

    @Test
    void falconsOfBeforeTransformersKnewThemHaveOtherNames() {
        Consumer<ObjectNode> older =
                c -> {
                    c.putArray("architectures").add("RWForCausalLM");
                    c.put("apply_residual_connection_post_layernorm", false);
                    c.remove("new_decoder_architecture");
                    c.remove("rope_parameters");
                    rename(c, "num_hidden_layers", "n_layer");
                    rename(c, "num_attention_heads", "n_head");
                    rename(c, "num_kv_heads", "n_head_kv");
                };
        same("falcon-7b-style", older.andThen(c -> c.put("model_type", "RefinedWebModel")));
        same("falcon-rw-style", older.andThen(c -> c.put("model_type", "RefinedWebModel")));
        same("falcon-40b-style", older.andThen(c -> c.put("model_type", "RefinedWeb")));
    }

    @Test
    void falconsThatTransformersCannotRunEitherAreRefused() {
        refused("falcon-40b-style", c -> c.put("parallel_attn", false))
                .hasMessageContaining("parallel_attn = false");
        refused("falcon-40b-style", c -> c.put("num_ln_in_parallel_attn", 3))
                .hasMessageContaining("num_ln_in_parallel_attn = 3");
        refused("falcon-7b-style", c -> c.put("num_ln_in_parallel_attn", 2))
                .hasMessageContaining("num_ln_in_parallel_attn = 2");
    }
}
