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
                .hasMessageContaining("Mistral, Mixtral");
    }

    @Test
    void aConfigurationWithoutArchitecturesIsRefused() {
        refused("llama3-rope", c -> c.remove("architectures"))
                .hasMessageContaining("\"architectures\"")
                .hasMessageContaining("Mistral, Mixtral");
    }

    @Test
    void anEmptyListOfArchitecturesIsRefused() {
        refused("llama3-rope", c -> c.putArray("architectures"))
                .hasMessageContaining("\"architectures\"");
    }

    record Unhandled(String golden, String key) {}

    static Stream<Unhandled> unhandledKeys() {
        return Stream.of(
                new Unhandled("llama3-rope", "sliding_window"),
                new Unhandled("gpt2-base", "head_dim"),
                new Unhandled("mistral-window", "attention_chunk_size"),
                new Unhandled("gpt2-base", "max_position_embeddings"));
    }

    @ParameterizedTest
    @MethodSource("unhandledKeys")
    void aKeyThatTransformersReadsAndWeDoNotStopsTheLoadUnlessIgnored(Unhandled key) {
        refused(key.golden(), c -> c.put(key.key(), 8))
                .hasMessageContaining("may change the model: " + key.key() + " = 8")
                .extracting(e -> ((CheckpointException) e).remedy())
                .isEqualTo(new Remedy.IgnoreUnreadKeys());
        LoadedModel loaded = load(directory, key.key());
        assertThat(loaded.ignoredConfigKeys()).isEqualTo(Map.of(key.key(), "8"));
        assertThat(loaded.inertConfigKeys()).isEmpty();
        assertThatThrownBy(() -> load(directory, key.key(), "logit_sclae"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("logit_sclae");
    }

    static Stream<String> singleFiles() {
        return Goldens.NAMES.stream()
                .filter(name -> Files.exists(Goldens.directory(name).resolve("model.safetensors")));
    }

    @ParameterizedTest
    @MethodSource("singleFiles")
    void aKeyThatTransformersDoesNotReadIsInertAndRecorded(String golden) {
        LoadedModel loaded =
                load(
                        variant(
                                golden,
                                c -> c.put("logit_multiplier", 0.0625).putObject("of").put("x", 1)));
        assertThat(loaded.inertConfigKeys())
                .isEqualTo(Map.of("logit_multiplier", "0.0625", "of", "{\"x\":1}"));
        assertThat(loaded.ignoredConfigKeys()).isEmpty();
        assertThat(loaded.model().config())
                .usingRecursiveComparison()
                .isEqualTo(load(Goldens.directory(golden)).model().config());
    }

    @ParameterizedTest
    @MethodSource("singleFiles")
    void codeOfTheCheckpointsOwnMayReadAnyKey(String golden) {
        refused(
                        golden,
                        c -> {
                            c.put("logit_multiplier", 0.0625);
                            c.putObject("auto_map").put("AutoModelForCausalLM", "modeling.Mine");
                        })
                .hasMessageContaining(
                        "logit_multiplier = 0.0625; the checkpoint brings code of its own");
        assertThat(load(directory, "logit_multiplier").ignoredConfigKeys()).hasSize(1);
    }

    @Test
    void aFamilyDoesNotKnowTheKeysOfAnotherArchitecture() {
        Path variant =
                variant(
                        "llama3-rope",
                        c ->
                                c.put("logit_multiplier", 2)
                                        .putArray("architectures")
                                        .add("MineForCausalLM"));
        CpuBackend backend = new CpuBackend(Kernels.scalar(), new WorkerPool(1));
        LoadOptions asLlama = new LoadOptions(Optional.of("llama"), Set.of());
        assertThatThrownBy(() -> LoadedModel.load(variant, Arena.ofAuto(), backend, asLlama))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("may change the model: logit_multiplier = 2");
    }

    /// `mscale` is of YaRN, and `attn_factor` of no rope type.
    @Test
    void aKeyInsideTheRopeParametersCountsWhereItsTypeReadsIt() throws IOException {
        for (String key : new String[] {"mscale", "attn_factor"}) {
            Path inert =
                    variant(
                            "llama3-rope",
                            c -> ((ObjectNode) c.get("rope_parameters")).put(key, 2));
            assertThat(load(inert).inertConfigKeys())
                    .isEqualTo(Map.of("rope_parameters." + key, "2"));
            Files.delete(inert.resolve("model.safetensors"));
        }
        refused(
                        "llama3-rope",
                        c -> c.putObject("rope_scaling").put("rope_type", "yarn").put("mscale", 2))
                .hasMessageContaining("may change the model: rope_scaling = ");
    }

    @Test
    void aShareOfAHeadIsNotReadWhereTheModelTurnsWholeHeads() throws IOException {
        assertThat(
                        load(variant("mistral-window", c -> c.put("partial_rotary_factor", 0.5)))
                                .inertConfigKeys())
                .isEqualTo(Map.of("partial_rotary_factor", "0.5"));
        Files.delete(directory.resolve("model.safetensors"));
        refused("llama3-rope", c -> c.put("partial_rotary_factor", 0.5))
                .hasMessageContaining("partial_rotary_factor is 0.5, but must be 1.0 or absent")
                .hasMessageContaining("cannot turn a part of a head");
    }

    /// Inside, or else at the top.
    @Test
    void theBaseIsWhereTransformersFindsIt() throws IOException {
        DecoderConfig plain = config(Goldens.directory("llama3-rope").resolve("config.json"));
        for (boolean both : new boolean[] {true, false}) {
            Path variant =
                    variant(
                            "llama3-rope",
                            c -> {
                                ObjectNode rope = (ObjectNode) c.get("rope_parameters");
                                c.set("rope_theta", rope.get("rope_theta"));
                                if (both) {
                                    c.put("rope_theta", 7.0);
                                } else {
                                    rope.remove("rope_theta");
                                }
                            });
            assertThat(load(variant).model().config()).usingRecursiveComparison().isEqualTo(plain);
            Files.delete(variant.resolve("model.safetensors"));
        }
    }

    @Test
    void aQuantisedModelIsRefusedBeforeItsKeysAreRead() {
        refused(
                        "llama-gqa-tied",
                        config ->
                                config.putObject("quantization_config").put("quant_method", "hqq"))
                .hasMessageContaining("quantised with HQQ (quantization_config.quant_method");
    }

    @ParameterizedTest
    @ValueSource(strings = {"spiral", "axial", "mrope", ""})
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

    /// transformers 5 does not read them; tensors of pruned heads have another shape.
    @Test
    void prunedHeadsAreInert() {
        Path variant = variant("gpt2-base", c -> c.putObject("pruned_heads").putArray("1").add(0));
        assertThat(load(variant).inertConfigKeys()).isEqualTo(Map.of("pruned_heads.1", "[0]"));
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
                new Wrong("gpt2-base", "n_layer", 0, "n_layer is 0, but must be at least 1"),
                new Wrong("gpt2-base", "n_inner", 0, "n_inner is 0"),
                new Wrong("llama3-rope", "num_attention_heads", 0, "num_attention_heads is 0"),
                new Wrong("llama3-rope", "num_key_value_heads", 0, "num_key_value_heads is 0"),
                new Wrong("llama3-rope", "num_key_value_heads", 3, "3 key-value heads"),
                new Wrong("llama3-rope", "head_dim", 7, "7 elements of a head"),
                new Wrong("llama3-rope", "hidden_size", -28, "hidden_size is -28"),
                new Wrong("mistral-window", "sliding_window", 0, "sliding_window is 0"),
                new Wrong("mistral-window", "sliding_window", -1, "sliding_window is -1"));
    }

    @ParameterizedTest
    @MethodSource("wrongSizes")
    void sizesThatCannotBeAreNamed(Wrong wrong) {
        refused(wrong.golden(), c -> c.put(wrong.key(), wrong.value()))
                .hasMessageContaining(wrong.named());
    }

    @Test
    void headsMustShareTheStreamEvenlyUnlessTheirWidthIsGiven() throws IOException {
        for (int heads : new int[] {5, 3}) {
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

    /// The file's own, which is not W_E: so does transformers.
    @Test
    void aTiedModelThatBringsAnotherUnembeddingIsUntied() {
        Path variant = variant("mistral-window", c -> c.put("tie_word_embeddings", true));
        LoadedModel loaded = load(variant);
        assertThat(loaded.untiedByFile()).isTrue();
        assertThat(load(Goldens.directory("mistral-window")).untiedByFile()).isFalse();
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
