package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.Remedy;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a configuration says is read, refused or recorded; never passed over. Variants of the
/// goldens' checkpoints.
class FamilyTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path directory;

    private static LoadedModel load(Path directory, String... ignored) {
        Backend backend = new CpuBackend(Kernels.scalar(), new WorkerPool(1));
        return LoadedModel.load(
                directory,
                Arena.ofAuto(),
                backend,
                new LoadOptions(Optional.empty(), Set.of(ignored)));
    }

    /// A copy of a golden's checkpoint with another configuration.
    private Path variant(String golden, Consumer<ObjectNode> change) {
        Path source = Path.of("src/test/resources/goldens", golden);
        try {
            Files.copy(source.resolve("model.safetensors"), directory.resolve("model.safetensors"));
            ObjectNode config = (ObjectNode) JSON.readTree(source.resolve("config.json").toFile());
            change.accept(config);
            Files.writeString(directory.resolve("config.json"), config.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(
            String golden, Consumer<ObjectNode> change) {
        Path variant = variant(golden, change);
        return assertThatThrownBy(() -> load(variant))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(directory.toString());
    }

    static Stream<String> goldensInBothStyles() {
        return Goldens.NAMES.stream()
                .filter(name ->
                        Files.exists(Goldens.directory(name).resolve("config.old-style.json")));
    }

    @ParameterizedTest
    @MethodSource("goldensInBothStyles")
    void bothStylesOfAConfigurationSayTheSame(String name) {
        Path golden = Goldens.directory(name);
        assertThat(config(golden.resolve("config.old-style.json")))
                .usingRecursiveComparison()
                .isEqualTo(config(golden.resolve("config.json")));
    }

    private static DecoderConfig config(Path file) {
        ConfigJson json = ConfigJson.read(file);
        return Families.of(json, Optional.empty()).read(json).config();
    }

    @Test
    void anUnknownArchitectureListsTheSupportedOnes() {
        refused("llama3-rope", c -> c.putArray("architectures").add("BertForMaskedLM"))
                .hasMessageContaining("BertForMaskedLM")
                .hasMessageContaining("GPT2LMHeadModel")
                .hasMessageContaining("each followed by ForCausalLM")
                .hasMessageContaining("Llama, Mistral");
    }

    @Test
    void aConfigurationWithoutArchitecturesIsRefused() {
        refused("llama3-rope", c -> c.remove("architectures"))
                .hasMessageContaining("\"architectures\"")
                .hasMessageContaining("Llama, Mistral");
    }

    @Test
    void anEmptyListOfArchitecturesIsRefused() {
        refused("llama3-rope", c -> c.putArray("architectures"))
                .hasMessageContaining("\"architectures\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3-rope", "gpt2-base", "mistral-window"})
    void aKeyThatNobodyReadStopsTheLoadUnlessIgnored(String golden) {
        refused(golden, c -> c.put("logit_scale", 0.0625))
                .hasMessageContaining("logit_scale = 0.0625")
                .extracting(e -> ((CheckpointException) e).remedy())
                .isEqualTo(new Remedy.IgnoreUnreadKeys());
        LoadedModel loaded = load(directory, "logit_scale");
        assertThat(loaded.ignoredConfigKeys()).isEqualTo(Map.of("logit_scale", "0.0625"));
        assertThatThrownBy(() -> load(directory, "logit_scale", "logit_sclae"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("logit_sclae");
    }

    @Test
    void aKeyInsideAnObjectStopsTheLoadAsWell() {
        refused("llama3-rope", c -> ((ObjectNode) c.get("rope_parameters")).put("mscale", 2))
                .hasMessageContaining("rope_parameters.mscale = 2");
        assertThat(load(directory, "rope_parameters.mscale").ignoredConfigKeys())
                .containsKey("rope_parameters.mscale");
    }

    @Test
    void aQuantisedModelIsRefusedBeforeItsKeysAreRead() {
        refused(
                        "llama-gqa-tied",
                        config ->
                                config.putObject("quantization_config").put("quant_method", "hqq"))
                .hasMessageContaining("quantised with HQQ (quantization_config.quant_method");
    }

    @Test
    void twoStylesAtOnceAreRefused() {
        refused("llama3-rope", c -> c.put("rope_theta", 10_000.0))
                .hasMessageContaining("rope_theta");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proportional", "axial", "mrope", ""})
    void anotherRopeScalingIsNamed(String type) throws IOException {
        refused("llama3-rope", c -> ((ObjectNode) c.get("rope_parameters")).put("rope_type", type))
                .hasMessageContaining("\"" + type + "\"")
                .hasMessageContaining("llama3");
        // and in the older style, under its older name
        Files.delete(directory.resolve("model.safetensors"));
        refused(
                        "llama3-rope",
                        c -> {
                            c.remove("rope_parameters");
                            c.put("rope_theta", 500.0);
                            c.putObject("rope_scaling").put("type", type).put("factor", 2.0);
                        })
                .hasMessageContaining("\"" + type + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gelu_10", "mish", ""})
    void anotherActivationIsNamed(String name) throws IOException {
        refused("llama3-rope", c -> c.put("hidden_act", name))
                .hasMessageContaining("hidden_act is \"" + name + "\"")
                .hasMessageContaining("silu");
        Files.delete(directory.resolve("model.safetensors"));
        refused("gpt2-base", c -> c.put("activation_function", name))
                .hasMessageContaining("activation_function is \"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"add_cross_attention", "is_encoder_decoder"})
    void whatIsNotImplementedIsRefused(String key) throws IOException {
        for (String golden : new String[] {"gpt2-base", "llama3-rope"}) {
            refused(golden, c -> c.put(key, true))
                    .hasMessageContaining(key + " is true")
                    .hasMessageContaining("cross-attention is not implemented");
            Files.delete(directory.resolve("model.safetensors"));
        }
    }

    /// CodeQwen says its base and its context a second time, under names that transformers does not
    /// look at.
    @Test
    void otherNamesInCodeQwenChangeNothing() {
        Path golden = Goldens.directory("qwen2-tied");
        DecoderConfig plain = config(golden.resolve("config.json"));
        Path twice = variant("qwen2-tied", c -> c.put("rotary_emb_base", 5).put("seq_length", 6));
        assertThat(load(twice).model().config()).usingRecursiveComparison().isEqualTo(plain);
    }

    @Test
    void prunedHeadsAreRefused() {
        refused("gpt2-base", c -> c.putObject("pruned_heads").putArray("1").add(0))
                .hasMessageContaining("pruned_heads.1 = [0]");
    }

    @Test
    void aMissingKeyIsNamed() {
        refused("llama3-rope", c -> c.remove("hidden_size")).hasMessageContaining("hidden_size");
    }

    record Wrong(String golden, String key, int value, String named) {}

    static Stream<Wrong> wrongSizes() {
        return Stream.of(
                new Wrong("gpt2-base", "n_head", 0, "n_head"),
                new Wrong("gpt2-base", "n_head", -3, "n_head"),
                new Wrong("gpt2-base", "n_head", 4, "n_head"),
                new Wrong("gpt2-base", "n_layer", 0, "number of blocks"),
                new Wrong("gpt2-base", "n_inner", 0, "d_mlp"),
                new Wrong("llama3-rope", "num_attention_heads", 0, "number of heads"),
                new Wrong("llama3-rope", "num_key_value_heads", 0, "key-value heads"),
                new Wrong("llama3-rope", "num_key_value_heads", 3, "3 key-value heads"),
                new Wrong("llama3-rope", "head_dim", 7, "7 elements of a head"),
                new Wrong("llama3-rope", "hidden_size", -28, "d_model"),
                new Wrong("mistral-window", "sliding_window", 0, "sliding window"),
                new Wrong("mistral-window", "sliding_window", -1, "sliding window"));
    }

    @ParameterizedTest
    @MethodSource("wrongSizes")
    void sizesThatCannotBeAreNamed(Wrong wrong) {
        refused(wrong.golden(), c -> c.put(wrong.key(), wrong.value()))
                .hasMessageContaining(wrong.named());
    }

    @Test
    void headsMustShareTheStreamEvenlyUnlessTheirWidthIsGiven() throws IOException {
        for (int heads : new int[] {0, -4, 3}) {
            refused(
                            "llama3-rope",
                            c -> {
                                c.remove("head_dim");
                                c.put("num_attention_heads", heads);
                            })
                    .hasMessageContaining("hidden_size = 28")
                    .hasMessageContaining("num_attention_heads = " + heads);
            Files.delete(directory.resolve("model.safetensors"));
        }
    }

    @Test
    void sizesThatContradictTheWeightsNameTheTensor() throws IOException {
        for (Wrong wrong :
                new Wrong[] {
                    new Wrong("llama3-rope", "vocab_size", 90, "model.embed_tokens.weight"),
                    new Wrong("llama3-rope", "hidden_size", 32, "model.embed_tokens.weight"),
                    new Wrong("llama3-rope", "head_dim", 12, "self_attn.q_proj.weight"),
                    new Wrong("llama3-rope", "num_key_value_heads", 4, "self_attn.k_proj.weight"),
                    new Wrong("llama3-rope", "intermediate_size", 36, "mlp.gate_proj.weight"),
                    new Wrong("gpt2-base", "n_positions", 33, "wpe.weight"),
                    new Wrong("gpt2-base", "n_inner", 100, "h.0.mlp.c_fc.weight"),
                }) {
            refused(wrong.golden(), c -> c.put(wrong.key(), wrong.value()))
                    .hasMessageContaining("model.safetensors")
                    .hasMessageContaining(wrong.named())
                    .hasMessageContaining("has the shape");
            Files.delete(directory.resolve("model.safetensors"));
        }
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        refused("llama3-rope", c -> c.put("num_hidden_layers", 3))
                .hasMessageContaining("no tensor 'model.layers.2.input_layernorm.weight'");
        Files.delete(directory.resolve("model.safetensors"));
        refused("llama3-rope", c -> c.put("tie_word_embeddings", false))
                .hasMessageContaining("no tensor 'lm_head.weight'");
        Files.delete(directory.resolve("model.safetensors"));
        refused("llama3-rope", c -> c.put("attention_bias", true))
                .hasMessageContaining("no tensor 'model.layers.0.self_attn.q_proj.bias'");
    }

    @Test
    void aTensorThatIsLeftOverIsNamed() throws IOException {
        refused("llama3-rope", c -> c.put("num_hidden_layers", 1))
                .hasMessageContaining("'model.layers.1.input_layernorm.weight'");
        Files.delete(directory.resolve("model.safetensors"));
        refused("llama-biased-untied", c -> c.put("attention_bias", false))
                .hasMessageContaining("'model.layers.0.self_attn.k_proj.bias'");
        Files.delete(directory.resolve("model.safetensors"));
        refused("llama-biased-untied", c -> c.put("mlp_bias", false))
                .hasMessageContaining("'model.layers.0.mlp.down_proj.bias'");
    }

    @Test
    void aTensorUnderAnotherNameIsMissing() throws IOException {
        Path variant = variant("llama3-rope", c -> {});
        Path weights = variant.resolve("model.safetensors");
        String bytes = Files.readString(weights, StandardCharsets.ISO_8859_1);
        Files.writeString(
                weights,
                bytes.replace("model.norm.weight", "model.mron.weight"),
                StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> load(variant))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no tensor 'model.norm.weight'")
                .hasMessageContaining("model.mron.weight");
    }

    @Test
    void aTiedModelMayBringItsUnembeddingAlong() {
        Path variant = variant("mistral-window", c -> c.put("tie_word_embeddings", true));
        var weights = load(variant).model().weights();
        assertThat(weights.readout().unembed()).isSameAs(weights.embedding().tokens());
    }

    @Test
    void stopTokensComeFromTheGenerationConfigurationFirst() throws IOException {
        Path variant = variant("llama3-rope", c -> c.putArray("eos_token_id").add(3).add(7));
        assertThat(load(variant).stopIds()).containsExactly(3, 7);
        assertThat(load(variant).beginIds()).containsExactly(0);
        Path generation = variant.resolve("generation_config.json");
        Files.writeString(generation, "{\"eos_token_id\": [5, 4], \"temperature\": 0.6}");
        assertThat(load(variant).stopIds()).containsExactly(4, 5);
        Files.writeString(generation, "{\"temperature\": 0.6}");
        assertThat(load(variant).stopIds()).containsExactly(3, 7);
    }
}
