package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// `profile` of models in GGUF by all names that they may have.
class GgufProfileTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String HASH = "sha256-" + "a".repeat(64);

    @TempDir Path home;

    @BeforeEach
    void fill() throws IOException {
        copy("plain/tiny.gguf");
        copy(".ollama/models/blobs/" + HASH);
        text(
                ".ollama/models/manifests/registry.ollama.ai/library/tiny/1b",
                "{\"layers\": [{\"mediaType\": \"application/vnd.ollama.image.model\", \"digest\": \"%s\"}]}"
                        .formatted(HASH));
        copy(".lmstudio/models/pub/repo/tiny-F32.gguf");
        String cached = ".cache/huggingface/hub/models--org--tiny/";
        text(cached + "refs/main", COMMIT);
        copy(cached + "snapshots/" + COMMIT + "/tiny-F32.gguf");
        copy(cached + "snapshots/" + COMMIT + "/tiny-Q8_0.gguf");
    }

    private void copy(String path) {
        TestGguf.withVocabulary().write(home.resolve(path));
    }

    private void text(String path, String text) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Cli profile(String model, String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "profile";
        args[1] = "--model";
        args[2] = model.replace("HOME", home.toString());
        System.arraycopy(more, 0, args, 3, more.length);
        return Cli.run(Map.of("HOME", home.toString()), args);
    }

    @ParameterizedTest
    @CsvSource({
        "HOME/plain/tiny.gguf, tiny",
        "HOME/plain, tiny",
        "~/plain/tiny.gguf, tiny",
        "org/tiny:F32, tiny-F32",
        "org/tiny@main:q8_0, tiny-Q8_0",
        "ollama:tiny:1b, tiny:1b",
        "ollama:library/tiny:1b, tiny:1b",
        "lmstudio:pub/repo, tiny-F32",
        "lmstudio:pub/repo/tiny-F32.gguf, tiny-F32"
    })
    void everyNameMeasuresTheTokensOfAText(String model, String name) {
        JsonNode json =
                profile(model, "--tokens", "1", "--format", "json", "the cat.").succeeded().json();
        assertThat(json.get("model").get("name").asString()).isEqualTo(name);
        // th, e, space, c, a, t, full stop
        assertThat(json.findValue("prompt_ids").toString()).isEqualTo("[28,4,26,2,0,19,27]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    HOME/none.gguf              | none.gguf: there is no such file
                    none.gguf                   | none.gguf: there is no such file
                    org/tiny                    | holds 2 GGUF models; name one of them: org/tiny:F32, org/tiny:Q8_0
                    org/tiny:Q2_K               | name one of them: org/tiny:F32, org/tiny:Q8_0; to download it, run: entropy-lens pull org/tiny:Q2_K
                    org/none:Q2_K               | does not hold a model of this name; to download it, run: entropy-lens pull org/none:Q2_K
                    ollama:tiny                 | Ollama has no such model in HOME/.ollama/models
                    ollama:none:1b              | there are ollama:tiny:1b
                    ollama:../x                 | is no name of a model; such a name reads ollama:llama3.2:1b
                    lmstudio:pub                | is no name of a model; such a name reads lmstudio:PUBLISHER/REPOSITORY
                    lmstudio:pub/none           | there are lmstudio:pub/repo/tiny-F32.gguf
                    lmstudio:pub/repo/none.gguf | there are lmstudio:pub/repo/tiny-F32.gguf
                    """)
    void aWrongNameIsAnsweredInOneLine(String model, String message) {
        Cli run = profile(model, "x");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains(message.replace("HOME", home.toString()));
    }

    @Test
    void aFileWithoutVocabularyIsMeasuredByIds() {
        String file = TestGguf.golden("llama").toString();
        Cli text = profile(file, "some text");
        assertThat(text.code()).isEqualTo(1);
        assertThat(text.err()).contains("the vocabulary cannot be used", "give token ids");
        Cli ids = profile(file, "--token-ids", "1,2", "--tokens", "1");
        assertThat(ids.code()).isZero();
        assertThat(ids.err()).contains("tokens are shown by their ids");
    }
}
