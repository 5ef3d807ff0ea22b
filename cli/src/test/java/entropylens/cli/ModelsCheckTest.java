package entropylens.cli;

import static entropylens.cli.TestModel.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// `models --check`: what it says of checkpoints that are whole.
class ModelsCheckTest {
    static final int FAILED = 1;
    static final int WRONG = 2;

    @TempDir Path folder;

    static Cli check(Path model, String... options) {
        List<String> args = new ArrayList<>(List.of("models", "--check", model.toString()));
        args.addAll(Arrays.asList(options));
        return Cli.run(args.toArray(String[]::new));
    }

    static JsonNode json(Path model, String... options) {
        List<String> all = new ArrayList<>(List.of("--format", "json"));
        all.addAll(Arrays.asList(options));
        return check(model, all.toArray(String[]::new)).json();
    }

    static Stream<Path> goldens() throws IOException {
        return Files.list(TestModel.golden("")).sorted();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void everyGoldenPassesAndFitsAHundredColumns(Path golden) {
        Cli run = check(golden).succeeded();
        assertThat(run.out().lines()).allMatch(line -> Columns.width(line) <= 100);
        assertThat(run.out())
                .contains(" · family ", " · supported\n", "passed in ", "on 32 tokens of noise")
                .doesNotContain("loss", "\u001b", "null", "Optional");
    }

    @Test
    void theTableSaysWhatTheModelIsAndTakes() {
        assertThat(check(PLAIN, "--context", "50", "--batch", "3").succeeded().out().lines())
                .startsWith(PLAIN.toString(), "LlamaForCausalLM · family llama · supported", "")
                .contains(
                        "sizes       3 blocks · d_model 30 · 6 heads · 2 key-value heads · d_head 10 · d_mlp 41 · d_vocab 101",
                        "features    RMSNorm · norms before attention and MLP · attention, then MLP",
                        "            KV cache, 3 texts of 50               70.3 KiB")
                .anyMatch(line -> line.matches(" +heap: these three .* MiB   of .*JVM may use"))
                .anyMatch(line -> line.startsWith("tokenizer   none"));
    }

    @Test
    void jsonKeysAreStable() {
        JsonNode json = json(PLAIN, "--context", "50", "--batch", "3");
        assertThat(json.propertyNames())
                .containsExactly(
                        "path",
                        "supported",
                        "passed",
                        "problems",
                        "architectures",
                        "model_type",
                        "family",
                        "read_as",
                        "untrained_seed",
                        "adapters",
                        "ignored_config_keys",
                        "inert_config_keys",
                        "notes",
                        "sizes",
                        "weights",
                        "gguf",
                        "files",
                        "features",
                        "memory",
                        "tokenizer_size",
                        "self_check",
                        "kernels",
                        "threads",
                        "devices",
                        "program",
                        "jvm");
        assertThat(json.get("sizes").toString())
                .isEqualTo(
                        "{\"n_layers\":3,\"d_model\":30,\"n_heads\":6,\"n_kv_heads\":2,\"d_head\":10,\"d_mlp\":41,\"d_vocab\":101,\"n_ctx\":64}");
        assertThat(json.get("weights").propertyNames())
                .containsExactly(
                        "dtype",
                        "quantisation",
                        "bytes",
                        "parameters",
                        "tied",
                        "config_sha256",
                        "weights_header_sha256");
        assertThat(json.get("memory").propertyNames())
                .containsExactly(
                        "context",
                        "batch",
                        "kv_cache_bytes",
                        "residual_bytes",
                        "scratch_bytes",
                        "heap_bytes",
                        "heap_limit_bytes",
                        "machine_bytes",
                        "fits");
        assertThat(json.get("self_check").propertyNames())
                .containsExactly(
                        "passed",
                        "failures",
                        "tokens",
                        "input",
                        "decode_difference",
                        "batch_difference",
                        "bound",
                        "loss",
                        "shuffled_loss",
                        "ln_vocab",
                        "milliseconds");
    }

    @Test
    void whatIsUnusualAndHarmlessIsNoted() {
        Path cases = Path.of("../core/src/test/resources/cases");
        JsonNode tied = json(cases.resolve("tied-both-differ-llama"));
        assertThat(tied.get("passed").asBoolean()).isTrue();
        assertThat(tied.get("weights").get("tied").asBoolean()).isFalse();
        assertThat(tied.get("notes").toString()).contains("ties the unembedding");
        JsonNode partial = json(cases.resolve("partial-rotary-llama"));
        assertThat(partial.get("inert_config_keys").toString())
                .isEqualTo("{\"partial_rotary_factor\":\"0.5\"}");
        Cli yarn = check(cases.resolve("yarn-attn-factor")).succeeded();
        assertThat(yarn.out()).contains("notes", "rope_scaling.attn_factor = 0.878");
        assertThat(json(PLAIN).get("notes")).isEmpty();
    }

    @Test
    void aTokenizerLargerThanTheVocabularyIsNoted() {
        Path model = TestModel.withTokenizer(folder);
        String[] more = Arrays.copyOf(TestModel.vocabulary(), 102);
        more[101] = "ξ";
        TestModel.write(model.resolve("tokenizer.json"), TestModel.tokenizer(more));
        assertThat(json(model).get("notes").toString())
                .contains(
                        "the tokenizer has ids up to 101, but the model's vocabulary ends at 100");
    }

    @Test
    void memoryIsCountedInBytes() {
        JsonNode memory = json(PLAIN, "--context", "50", "--batch", "3").get("memory");
        // 3 texts × 50 tokens × 3 blocks × keys and values × 2 heads of 10 floats
        assertThat(memory.get("kv_cache_bytes").asLong()).isEqualTo(3 * 50 * 3 * 2 * 20 * 4);
        // the stream before and after every block
        assertThat(memory.get("residual_bytes").asLong()).isEqualTo(3 * 50 * 4 * 30 * 4);
        assertThat(memory.get("heap_bytes").asLong())
                .isEqualTo(
                        memory.get("kv_cache_bytes").asLong()
                                + memory.get("residual_bytes").asLong()
                                + memory.get("scratch_bytes").asLong());
        assertThat(memory.get("heap_limit_bytes").asLong())
                .isEqualTo(Runtime.getRuntime().maxMemory());
        assertThat(memory.get("machine_bytes").asLong()).isPositive();
        assertThat(memory.get("fits").asBoolean()).isTrue();
        assertThat(json(PLAIN).get("memory").get("context").asInt())
                .as("the whole context, where it is short")
                .isEqualTo(64);
    }

    @Test
    void tooMuchMemoryIsSaidAndIsNoFailure() {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.edit(
                model.resolve("config.json"),
                "\"max_position_embeddings\": 64",
                "\"max_position_embeddings\": 200000000");
        assertThat(check(model, "--context", "100000000").succeeded().out())
                .contains("KV cache, 1 text of 100,000,000", "too much for this JVM:", "-Xmx…");
        assertThat(json(model).get("memory").get("context").asInt()).isEqualTo(2048);
    }

    @Test
    void aTunedModelPassesAsItsFamily() {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.edit(model.resolve("config.json"), "LlamaForCausalLM", "TunedForCausalLM");
        TestModel.edit(
                model.resolve("config.json"),
                "\"mlp_bias\"",
                "\"sliding_window\": 2, \"mlp_bias\"");
        String[] options = {"--as", "llama", "--ignore-config-key", "sliding_window"};
        assertThat(check(model, options).succeeded().out())
                .contains("TunedForCausalLM · read as llama on request · supported")
                .contains("ignored keys of config.json, not understood: {sliding_window=2}");
        JsonNode json = json(model, options);
        assertThat(json.get("read_as").asString()).isEqualTo("llama");
        assertThat(json.get("ignored_config_keys").toString())
                .isEqualTo("{\"sliding_window\":\"2\"}");
    }

    @ParameterizedTest
    @CsvSource({"table", "json"})
    void aFileHoldsTheResultAndIsNotOverwritten(String format) throws IOException {
        Path file = folder.resolve("result");
        String[] options = {"--format", format, "-o", file.toString()};
        assertThat(check(PLAIN, options).succeeded().out()).isEmpty();
        assertThat(Files.readString(file)).contains("LlamaForCausalLM");
        Cli again = check(PLAIN, options);
        assertThat(again.code()).isEqualTo(FAILED);
        assertThat(again.err()).contains("exists already; --force overwrites it");
        assertThat(check(PLAIN, "--force", "-o", file.toString()).code()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --context 0        | --context must be at least 1, but is 0
                    --batch 0          | --batch must be 1 to 65536, but is 0
                    --batch 65537      | --batch must be 1 to 65536, but is 65537
                    --threads 0        | --threads must be at least 1, but is 0
                    --format csv       | expected one of [TABLE, JSON]
                    --as lama          | --as: there is no family 'lama'; there are apertus, arcee
                    --tokens           | Unknown option: '--tokens'
                    """)
    void wrongCommandLines(String options, String message) {
        Cli run = check(PLAIN, options.split(" "));
        assertThat(run.err()).contains(message, "Try 'entropy-lens models --help'.");
        assertThat(run.code()).isEqualTo(WRONG);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aModelMustBeThere() {
        Cli none = check(folder.resolve("none"));
        assertThat(none.code()).isEqualTo(FAILED);
        assertThat(none.err()).contains("there is no such directory");
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("some.onnx"), "ONNX");
        Cli run = check(file);
        assertThat(run.code()).isEqualTo(FAILED);
        assertThat(run.err())
                .contains("some.onnx: is a file, but not one in GGUF")
                .contains("give the directory that holds config.json");
    }

    @Test
    void aContextLongerThanTheModelsIsRefused() {
        Cli run = check(PLAIN, "--context", "65");
        assertThat(run.code()).isEqualTo(FAILED);
        assertThat(run.err()).contains("--context is 65, but the model's context is 64");
    }

    @Test
    void helpEndsWithExamples() {
        assertThat(Cli.run("models", "--help").succeeded().out().lines().toList())
                .endsWith(
                        "Examples:",
                        "  entropy-lens models",
                        "  entropy-lens models --check path/to/gpt2",
                        "  entropy-lens models --check path/to/model-Q4_K_M.gguf",
                        "  entropy-lens models --check path/to/my-tuned-llama --as llama --context 8192 --batch 16");
    }
}
