package entropylens.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What an adapter touches is applied, or refused by name. Variants of the goldens' adapters.
class AdapterRefusalTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LLAMA = "llama-gqa-tied";

    @TempDir Path directory;

    private static LoadedModel load(String base, Path... adapters) {
        Backend backend = new CpuBackend(Kernels.best(), new WorkerPool(1));
        List<AdapterSource> sources =
                List.of(adapters).stream().map(path -> new AdapterSource(path)).toList();
        return LoadedModel.load(
                Goldens.directory(base),
                Arena.ofAuto(),
                backend,
                LoadOptions.NONE.adapted(sources));
    }

    private static Path golden(String adapter) {
        return AdapterGoldens.ROOT.resolve(adapter);
    }

    /// A copy of an adapter with another configuration.
    private Path variant(String adapter, Consumer<ObjectNode> change) {
        try {
            Path to = Files.createTempDirectory(directory, adapter);
            Files.copy(
                    golden(adapter).resolve("adapter_model.safetensors"),
                    to.resolve("adapter_model.safetensors"));
            ObjectNode config =
                    (ObjectNode)
                            JSON.readTree(golden(adapter).resolve("adapter_config.json").toFile());
            change.accept(config);
            Files.writeString(to.resolve("adapter_config.json"), config.toString());
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(
            String adapter, Consumer<ObjectNode> change) {
        Path variant = variant(adapter, change);
        return assertThatThrownBy(() -> load(LLAMA, variant))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(variant.toString());
    }

    @Test
    void whatAnAdapterTouchesIsTold() {
        LoadedModel loaded = load(LLAMA, golden("llama-patterns"), golden("llama-saved-head"));
        AppliedAdapter patterns = loaded.adapters().getFirst();
        assertThat(patterns.kind()).isEqualTo("LoRA");
        assertThat(patterns.modules()).isEqualTo(5);
        assertThat(patterns.ranks()).containsExactly(2, 3, 5);
        assertThat(patterns.replaced()).isZero();
        assertThat(patterns.baseModel()).contains(LLAMA);
        assertThat(loaded.adapters().getLast().replaced()).isEqualTo(8);
        assertThat(patterns.sha256()).isNotEqualTo(loaded.adapters().getLast().sha256());
        assertThat(load("gemma2-softcaps", golden("gemma2-all-linear")).adapters())
                .extracting(AppliedAdapter::kind)
                .containsExactly("rsLoRA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"use_qalora", "lora_bias", "ensure_weight_tying"})
    void anotherComputationIsRefused(String key) {
        refused("llama-lora", c -> c.put(key, true))
                .hasMessageContaining(key + " is true")
                .hasMessageContaining("changes what the adapter computes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alora_invocation_tokens",
                "trainable_token_indices",
                "layer_replication",
                "target_parameters"
            })
    void whatTakesMoreThanLowRankIsRefused(String key) {
        refused("llama-lora", c -> c.putArray(key).add(1)).hasMessageContaining(key + " is [1]");
        load(LLAMA, variant("llama-lora", c -> c.putArray(key)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pissa", "olora", "corda", "loftq", "lora_ga", "pissa_niter_4", "new"})
    void aBeginningThatChangesTheBaseIsRefused(String beginning) {
        refused("llama-lora", c -> c.put("init_lora_weights", beginning))
                .hasMessageContaining("init_lora_weights is '" + beginning + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gaussian", "eva", "orthogonal"})
    void aBeginningThatLeavesTheBaseIsNot(String beginning) {
        Path variant = variant("llama-lora", c -> c.put("init_lora_weights", beginning));
        assertThat(load(LLAMA, variant).adapters().getFirst().modules()).isEqualTo(21);
    }

    @Test
    void aKeyThatNobodyKnowsIsRefused() {
        refused("llama-lora", c -> c.put("lora_gate", 0.5)).hasMessageContaining("lora_gate = 0.5");
    }

    @Test
    void anotherKindOfAdapterIsNamed() {
        refused("llama-lora", c -> c.put("peft_type", "IA3"))
                .hasMessageContaining("peft_type is 'IA3'");
    }

    @Test
    void aTargetWithoutTensorsIsNamed() {
        refused("llama-patterns", c -> c.putArray("target_modules").add("q_proj").add("k_proj"))
                .hasMessageContaining("holds no tensors for 'model.layers.0.self_attn.k_proj'");
    }

    @Test
    void tensorsThatAreNoTargetAreNamed() {
        refused("llama-lora", c -> c.putArray("target_modules").add("q_proj"))
                .hasMessageContaining("which the target_modules of");
    }

    @ParameterizedTest
    @CsvSource({
        "r, 5, lora_A.weight",
        "r, 0, r is 0",
        "r, 9000, from 1 to 8",
    })
    void aRankThatDoesNotFitIsNamed(String key, int value, String message) {
        refused("llama-lora", c -> c.put(key, value)).hasMessageContaining(message);
    }

    @Test
    void anAdapterOfAnotherModelIsRefusedWithBothFiles() {
        assertThatThrownBy(() -> load("llama-biased-untied", golden("llama-lora")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("adapter_model.safetensors: the tensor ")
                .hasMessageContaining("has the shape [")
                .hasMessageContaining(Goldens.directory("llama-biased-untied").toString());
        assertThatThrownBy(() -> load("gpt2-base", golden("llama-lora")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("belong to no module of " + Goldens.directory("gpt2-base"))
                .hasMessageContaining("lora_A.weight");
    }

    @Test
    void magnitudeAndConfigurationMustAgree() {
        refused("llama-dora", c -> c.put("use_dora", false))
                .hasMessageContaining("a magnitude, but use_dora is false");
        refused("llama-lora", c -> c.put("use_dora", true))
                .hasMessageContaining("no magnitude, but use_dora is true");
    }

    @Test
    void aWholeTensorThatNothingDeclaresIsNamed() {
        refused("llama-saved-head", c -> c.putArray("modules_to_save").add("lm_head"))
                .hasMessageContaining("norm.weight' is neither of a low-rank matrix");
        refused("llama-biases", c -> c.put("bias", "none")).hasMessageContaining("bias is 'none'");
    }

    @Test
    void adaptersThatDoNotAddUpAreRefused() {
        assertThatThrownBy(() ->
                        load(
                                LLAMA,
                                golden("llama-saved-head"),
                                variant("llama-saved-head", c -> c.put("lora_alpha", 3))))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("which PEFT does not add up");
        assertThatThrownBy(() -> load("gpt2-base", golden("gpt2-biases"), golden("gpt2-lora")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("apply one at a time");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+b|((((a*)*)*)*)*c",
                "(((.*)*)*)*,",
                "(.*.*.*.*.*.*.*.*.*.*)*,",
                "((){999}){999}",
                "a{2147483647}",
                "((((",
                "[[a]]",
                "(?P<a>q)"
            })
    void anExpressionThatCouldRunAwayIsRefused(String expression) {
        refused("llama-rs", c -> c.put("target_modules", expression))
                .satisfiesAnyOf(
                        e -> assertThat(e).hasMessageContaining("the regular expression"),
                        e -> assertThat(e).hasMessageContaining("target_modules"));
    }

    @Test
    void deeplyNestedExpressionsDoNotEndTheProgram() {
        refused("llama-rs", c -> c.put("target_modules", "(".repeat(3900) + ")".repeat(3900)));
        refused("llama-rs", c -> c.put("target_modules", "a".repeat(9000)))
                .hasMessageContaining("longer than 8");
    }

    @Test
    void anIncompleteDownloadIsNamed() throws IOException {
        Path variant = variant("llama-lora", c -> {});
        Files.delete(variant.resolve("adapter_model.safetensors"));
        assertThatThrownBy(() -> load(LLAMA, variant))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("adapter_model.safetensors or adapter_model.bin");
    }

    @Test
    void untrainedWeightsHaveNoAdapter() {
        LoadOptions adapted =
                LoadOptions.NONE.adapted(List.of(new AdapterSource(golden("llama-lora"))));
        assertThat(adapted.untrained(1).adapters()).isEmpty();
    }
}
