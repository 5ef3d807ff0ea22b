package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `models --check` of models in GGUF.
class GgufCheckTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma3", "falcon", "mixtral", "blocks-q4_0", "blocks-q5_1"})
    void everyArchitecturePassesAndFitsAHundredColumns(String name) {
        Cli run = ModelsCheckTest.check(TestGguf.golden(name)).succeeded();
        assertThat(run.out().lines().skip(1)).allMatch(line -> Columns.width(line) <= 100);
        assertThat(run.out())
                .contains("GGUF of ", " · supported\n", "passed in ", "on 32 tokens of noise")
                .doesNotContain("null", "Optional");
    }

    @Test
    void theTableSaysWhatIsInTheFile() {
        assertThat(ModelsCheckTest.check(TestGguf.golden("blocks-q4_0")).succeeded().out())
                .contains("GGUF of llama · LlamaForCausalLM · family llama · supported")
                .contains("quantised: Q4_0")
                .contains("types       Q4_0 92.1 % · F32 7.9 %")
                .contains("weights, mapped                       7.88 KiB")
                .contains("the file opens at once")
                .contains("tied unembedding")
                .contains("tokenizer   none that is read")
                .contains("there is no tokenizer.ggml.tokens")
                .contains("not read    general.*: describes the file")
                .contains("llama.vocab_size: the embedding has this size");
    }

    @Test
    void jsonKeysAreStable() throws IOException {
        Path file = TestGguf.golden("blocks-q4_0");
        JsonNode json = ModelsCheckTest.json(file);
        assertThat(json.get("gguf").toString())
                .isEqualTo(
                        "{\"architecture\":\"llama\",\"type_bytes\":{\"Q4_0\":7434,\"F32\":640},"
                                + "\"unread_metadata\":{\"general.*\":\"describes the file\","
                                + "\"llama.vocab_size\":\"the embedding has this size\"}}");
        assertThat(json.get("files").toString())
                .isEqualTo("{\"blocks-q4_0.gguf\":%d}".formatted(Files.size(file)));
        assertThat(json.get("weights").get("bytes").asLong()).isEqualTo(7434 + 640);
        assertThat(json.get("tokenizer_size").isNull()).isTrue();
        assertThat(ModelsCheckTest.json(TestModel.PLAIN).get("gguf").isNull()).isTrue();
    }

    @Test
    void aVocabularyIsRead() {
        JsonNode json = ModelsCheckTest.json(TestGguf.withVocabulary().write(file()));
        assertThat(json.get("tokenizer_size").asInt()).isEqualTo(29);
        assertThat(json.get("notes")).isEmpty();
        assertThat(json.get("self_check").get("input").asString()).isEqualTo("text");
    }

    private Path file() {
        return folder.resolve("some.gguf");
    }

    @Test
    void aKeyThatNobodyKnowsIsAProblem() {
        Path file = TestGguf.withVocabulary().text("llama.secret", "x").write(file());
        Cli run = ModelsCheckTest.check(file);
        assertThat(run.code()).isEqualTo(ModelsCheckTest.FAILED);
        assertThat(run.out()).contains("cannot be used", "llama.secret");
    }

    @Test
    void anArchitectureThatIsNotReadIsDescribedAllTheSame() throws IOException {
        Path file = TestGguf.golden("llama");
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file(), bytes.replace("llama", "lhama"), StandardCharsets.ISO_8859_1);
        Cli run = ModelsCheckTest.check(file());
        assertThat(run.code()).isEqualTo(ModelsCheckTest.FAILED);
        assertThat(run.out())
                .contains("GGUF of lhama · not supported")
                .contains("2 blocks · d_model 16 · 4 heads")
                .contains("types       F32 100.0 %")
                .contains("is of llama.cpp's architecture 'lhama'", "supported in GGUF are llama");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GGUF", "GGUF\u0003\u0000\u0000\u0000\u00ff"})
    void aDamagedFileIsAProblemAndNoCrash(String text) {
        TestModel.write(file(), text);
        Cli run = ModelsCheckTest.check(file());
        assertThat(run.code()).isEqualTo(ModelsCheckTest.FAILED);
        assertThat(run.out()).contains("some.gguf", "not supported");
        assertThat(run.err()).contains("some.gguf: cannot be used").doesNotContain("Exception");
    }

    @Test
    void aNameIsCheckedAsAFile() throws IOException {
        Path model = folder.resolve(".lmstudio/models/pub/repo/tiny-Q4_0.gguf");
        Files.createDirectories(model.getParent());
        Files.copy(TestGguf.golden("blocks-q4_0"), model);
        Cli run =
                Cli.run(
                        Map.of("HOME", folder.toString()),
                        "models",
                        "--check",
                        "lmstudio:pub/repo");
        assertThat(run.succeeded().out()).contains("tiny-Q4_0.gguf", " · supported");
    }
}
