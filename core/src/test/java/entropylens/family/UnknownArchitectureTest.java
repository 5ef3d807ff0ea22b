package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.Remedy;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Checkpoints under a name that nobody knows, and reading them as a family that is known.
class UnknownArchitectureTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path directory;

    private LoadedModel load(LoadOptions options) {
        Backend backend = new CpuBackend(Kernels.scalar(), new WorkerPool(1));
        return LoadedModel.load(directory, Arena.ofAuto(), backend, options);
    }

    private static LoadOptions as(String family, String... ignored) {
        return new LoadOptions(Optional.of(family), Set.of(ignored));
    }

    /// A golden's checkpoint, fine-tuned by somebody who gave it a name of their own.
    private void tuned(String golden, Consumer<ObjectNode> change) {
        Path source = Goldens.directory(golden);
        try {
            Files.copy(
                    source.resolve("model.safetensors"),
                    directory.resolve("model.safetensors"),
                    StandardCopyOption.REPLACE_EXISTING);
            ObjectNode config = (ObjectNode) JSON.readTree(source.resolve("config.json").toFile());
            config.putArray("architectures").add("TunedForCausalLM");
            change.accept(config);
            Files.writeString(directory.resolve("config.json"), config.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(LoadOptions options) {
        return assertThatThrownBy(() -> load(options)).isInstanceOf(CheckpointException.class);
    }

    @Test
    void theClosestFamilyIsNamedWithWhatItDoesNotUnderstand() {
        tuned("llama-gqa-tied", config -> config.put("logit_scale", 0.0625));
        refused(LoadOptions.NONE)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("the architecture TunedForCausalLM is not supported")
                .hasMessageContaining(
                        "closest is llama, which does not understand logit_scale = 0.0625; supported are")
                .extracting(e -> ((CheckpointException) e).remedy())
                .isEqualTo(new Remedy.ReadAs("llama", true));
    }

    @Test
    void whyAModelWithSeveralStreamsIsNotReadIsSaid() {
        tuned(
                "llama-gqa-tied",
                config -> config.putArray("architectures").add("Gemma3nForCausalLM"));
        refused(LoadOptions.NONE)
                .hasMessageContaining(
                        "the architecture Gemma3nForCausalLM is not supported: it has several residual streams");
        tuned(
                "llama-gqa-tied",
                config -> config.putArray("architectures").add("NemotronHForCausalLM"));
        refused(LoadOptions.NONE)
                .hasMessageContaining("some of its blocks are an MLP or experts alone");
    }

    @Test
    void theModelTypeDecidesAmongFamiliesThatUnderstandEverything() {
        tuned("llama-gqa-tied", config -> {});
        refused(LoadOptions.NONE)
                .hasMessageContaining(
                        "closest is llama, which understands every key of it; supported are")
                .extracting(e -> ((CheckpointException) e).remedy())
                .isEqualTo(new Remedy.ReadAs("llama", false));
        tuned("mistral-window", config -> {});
        refused(LoadOptions.NONE).hasMessageContaining("closest is mistral, which understands");
        tuned("gpt2-base", config -> config.put("model_type", "tuned"));
        refused(LoadOptions.NONE).hasMessageContaining("closest is gpt2, which understands");
    }

    @Test
    void noFamilyIsCloseWhereItWouldLiveOnDefaults() throws IOException {
        Files.writeString(
                directory.resolve("config.json"),
                """
                {"architectures": ["MambaLMHeadModel"], "model_type": "mamba", "d_model": 2560,
                 "n_layer": 64, "vocab_size": 50277, "state_size": 16, "conv_kernel": 4}
                """);
        refused(LoadOptions.NONE)
                .hasMessageContaining("MambaLMHeadModel is not supported")
                .hasMessageContaining("no family can read this configuration");
    }

    @Test
    void manyUnknownKeysAreCounted() {
        tuned(
                "gpt2-base",
                config -> {
                    for (int i = 0; i < 9; i++) {
                        config.put("trick_" + i, i);
                    }
                });
        refused(LoadOptions.NONE)
                .hasMessageContaining("trick_4 = 4, trick_5 = 5 and 3 more keys; supported are");
    }

    @Test
    void whatIsSupportedIsListedInFewWords() {
        assertThat(Families.supported())
                .contains("GPT2LMHeadModel", " and, each followed by ForCausalLM, ")
                .contains("Gemma, Gemma2, Gemma3, ", "Mistral, Mixtral, ")
                .hasSizeLessThan(13 * Families.names().size());
        assertThat(Families.names()).contains("gpt2", "llama", "qwen2").isSorted();
    }

    @Test
    void aTunedLlamaIsReadAsOne() {
        tuned("llama-gqa-tied", config -> config.put("logit_scale", 0.0625));
        refused(as("llama")).hasMessageContaining("logit_scale = 0.0625");
        LoadedModel loaded = load(as("llama", "logit_scale"));
        assertThat(loaded.model().config().family()).isEqualTo("llama");
        assertThat(loaded.readAs()).contains("llama");
        assertThat(loaded.architectures()).containsExactly("TunedForCausalLM");
        assertThat(loaded.ignoredConfigKeys()).containsKey("logit_scale");
        assertThat(Families.nameOf(loaded.architectures())).isEmpty();
    }

    @Test
    void aKnownArchitectureMayBeReadAsAnotherFamily() {
        tuned("mistral-window", config -> config.putArray("architectures").add("LlamaForCausalLM"));
        LoadedModel loaded = load(as("mistral"));
        assertThat(loaded.model().config().family()).isEqualTo("mistral");
        assertThat(Families.nameOf(loaded.architectures())).contains("llama");
        assertThat(load(as("mistral")).model().config().attention(0).window()).isPresent();
    }

    @Test
    void anotherFamilysTensorsAreMissing() {
        tuned("llama-gqa-tied", config -> {});
        refused(as("qwen2", "attention_bias", "mlp_bias"))
                .hasMessageContaining("no tensor 'model.layers.0.self_attn.q_proj.bias'");
    }

    @Test
    void anUnknownFamilyListsTheNames() {
        tuned("llama-gqa-tied", config -> {});
        refused(as("lama"))
                .hasMessageContaining("no family 'lama'; there are")
                .hasMessageContaining("mistral, mixtral, ");
    }

    @Test
    void parametersAreCountedOnceFromTheTensors() {
        tuned("llama-gqa-tied", config -> {});
        LoadedModel tied = load(as("llama"));
        assertThat(4 * tied.parameters()).isEqualTo(tied.weightBytes());
    }
}
