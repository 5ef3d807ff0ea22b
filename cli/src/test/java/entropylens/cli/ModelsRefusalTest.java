package entropylens.cli;

import static entropylens.cli.ModelsCheckTest.FAILED;
import static entropylens.cli.ModelsCheckTest.check;
import static entropylens.cli.ModelsCheckTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `models --check` of checkpoints that are damaged, unknown, or not all there: why they cannot be
/// used, and what can be known all the same.
class ModelsRefusalTest {
    @TempDir Path folder;

    private static void assertFailed(Cli run, Path model, String what) {
        assertThat(run.code()).isEqualTo(FAILED);
        assertThat(run.err()).isEqualTo("entropy-lens: " + model + ": " + what + "\n");
    }

    /// As one line, however it was wrapped.
    private static String unwrapped(String text) {
        return text.replaceAll("\\s+", " ");
    }

    @Test
    void aModelToWhichEnglishIsNoLanguageDoesNotPass() {
        Path model = TestModel.withTokenizer(folder);
        // one element drowns all others: the model is sure of whatever that one points at
        TestModel.poke(model.resolve("model.safetensors"), "model.norm.weight", 0, 500);
        Cli run = check(model);
        assertFailed(run, model, "did not pass the check");
        assertThat(unwrapped(run.out()))
                .contains("did not pass", "failed in ", "of English", "nats a token; guessing has")
                .contains(
                        "no language to this model. Wrong tokenizer, or wrong reading of the weights");
        JsonNode check = json(model).get("self_check");
        assertThat(check.get("input").asString()).isEqualTo("text");
        assertThat(check.get("loss").asDouble()).isGreaterThan(check.get("ln_vocab").asDouble());
        assertThat(check.get("passed").asBoolean()).isFalse();
    }

    @Test
    void aDamagedWeightIsFoundAndItsBlockNamed() {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.poke(
                model.resolve("model.safetensors"),
                "model.layers.1.mlp.down_proj.weight",
                3,
                Float.NaN);
        Cli run = check(model);
        assertFailed(run, model, "did not pass the check");
        assertThat(unwrapped(run.out()))
                .contains("the stream is not finite at blocks.1.hook_resid_post, token 1 of 32")
                .contains("features RMSNorm");
        JsonNode json = json(model);
        assertThat(json.get("supported").asBoolean()).isTrue();
        assertThat(json.get("passed").asBoolean()).isFalse();
        assertThat(json.get("problems")).hasSize(1);
        assertThat(json.get("self_check").get("decode_difference").isNull()).isTrue();
    }

    @Test
    void whatCanBeKnownOfAnUnknownArchitectureIsShown() {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.edit(model.resolve("config.json"), "LlamaForCausalLM", "TunedForCausalLM");
        Cli run = check(model);
        assertFailed(run, model, "cannot be used");
        assertThat(unwrapped(run.out()))
                .contains("TunedForCausalLM · not supported")
                .contains("3 blocks · d_model 30 · 6 heads · 2 key-value heads")
                .contains("F32 · 112 KiB · 2 files, ")
                .contains("try --as llama")
                .doesNotContain("self-check", "features");
        JsonNode json = json(model);
        assertThat(json.get("supported").asBoolean()).isFalse();
        assertThat(json.get("sizes").get("d_vocab").asInt()).isEqualTo(101);
        assertThat(json.get("family").isNull()).isTrue();
        assertThat(json.get("memory").isNull()).isTrue();
        assertThat(json.get("weights").get("bytes").asLong()).isPositive();
        assertThat(json.get("problems").get(0).asString()).contains("is not supported");
        run = check(TestModel.PLAIN, "--as", "mistral");
        assertFailed(run, TestModel.PLAIN, "cannot be used");
        assertThat(run.out())
                .contains("LlamaForCausalLM · read as mistral on request · cannot be used");
    }

    @Test
    void aKeyThatIsNotUnderstoodLeavesSizesAndMemoryKnown() {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.edit(
                model.resolve("config.json"),
                "\"mlp_bias\"",
                "\"sliding_window\": 2, \"mlp_bias\"");
        Cli run = check(model);
        assertFailed(run, model, "cannot be used");
        assertThat(run.out())
                .contains("family llama · cannot be used", "d_head 10", "KV cache, 1 text of 64")
                .contains("sliding_window = 2");
    }

    @Test
    void missingFilesAreSaidAndTheRestIsShown() throws IOException {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        Files.delete(model.resolve("model.safetensors"));
        Files.delete(model.resolve("golden.safetensors"));
        Cli run = check(model);
        assertFailed(run, model, "cannot be used");
        assertThat(run.out()).contains("3 blocks", "no weight file", "holds neither");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        run = check(empty);
        assertFailed(run, empty, "cannot be used");
        assertThat(unwrapped(run.out())).contains("there is no config.json in");
    }

    @Test
    void aModelOfAnotherKindIsDescribedAsFarAsItsConfigurationGoes() throws IOException {
        Path model = Files.createDirectory(folder.resolve("other"));
        Files.writeString(
                model.resolve("config.json"),
                """
                {"architectures": ["SeesForConditionalGeneration"], "hidden_size": "wide", "torch_dtype": "float16",
                 "text_config": {"num_hidden_layers": 7, "vocab_size": 9}}
                """);
        Cli run = check(model);
        assertFailed(run, model, "cannot be used");
        assertThat(run.out()).contains("7 blocks · d_vocab 9", "float16, config.json says");
    }

    @Test
    void aDamagedTokenizerIsAProblem() {
        Path model = TestModel.withTokenizer(folder);
        TestModel.write(model.resolve("tokenizer.json"), "{\"model\": ");
        Cli run = check(model);
        assertFailed(run, model, "did not pass the check");
        assertThat(unwrapped(run.out()))
                .contains("tokenizer.json cannot be used", "is not valid JSON", "gated MLP, SiLU")
                .contains("passed in ", "on 32 tokens of noise");
    }

    @Test
    void aTokenizerOfALargerModelIsAProblem() {
        Path model = TestModel.withTokenizer(folder);
        String[] tokens = TestModel.vocabulary();
        String[] more = Arrays.copyOf(tokens, 102);
        more[101] = "T";
        TestModel.write(model.resolve("tokenizer.json"), TestModel.tokenizer(more));
        Cli run = check(model);
        assertFailed(run, model, "did not pass the check");
        assertThat(unwrapped(run.out()))
                .contains("makes token 101 of a line of English", "vocabulary is 0..100");
    }

    @Test
    void aTrainedModelPassesAndAShuffledVocabularyDoesNot() throws IOException {
        Path stories = stories260K();
        JsonNode whole = json(stories).get("self_check");
        assertThat(whole.get("passed").asBoolean()).isTrue();
        assertThat(whole.get("loss").asDouble()).isBetween(0.5, 3.0);
        Path shuffled = Files.createDirectory(folder.resolve("shuffled"));
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(stories.resolve(file), shuffled.resolve(file));
        }
        // ids 300 to 499 change places with the letters and words below them
        String tokenizer = Files.readString(stories.resolve("tokenizer.json"));
        int at = tokenizer.indexOf("\"vocab\"");
        int end = tokenizer.indexOf("\"merges\"");
        StringBuilder vocabulary = new StringBuilder();
        var entry = Pattern.compile("(\": *)(\\d+)").matcher(tokenizer.substring(at, end));
        while (entry.find()) {
            int id = Integer.parseInt(entry.group(2));
            int other = id < 3 ? id : 3 + (id - 3 + 200) % 509;
            entry.appendReplacement(vocabulary, "$1" + other);
        }
        entry.appendTail(vocabulary);
        Files.writeString(
                shuffled.resolve("tokenizer.json"),
                tokenizer.substring(0, at) + vocabulary + tokenizer.substring(end));
        Cli run = check(shuffled);
        assertFailed(run, shuffled, "did not pass the check");
        assertThat(unwrapped(run.out())).contains("the line is no language to this model");
    }

    private static Path stories260K() {
        String given = System.getenv("ENTROPY_LENS_TEST_MODEL");
        Path directory = Path.of(given != null ? given : "../../shared/models/stories260K");
        Assumptions.assumeTrue(
                Files.isDirectory(directory),
                () ->
                        "stories260K is not in %s; set ENTROPY_LENS_TEST_MODEL to its directory"
                                .formatted(directory.toAbsolutePath().normalize()));
        return directory;
    }
}
