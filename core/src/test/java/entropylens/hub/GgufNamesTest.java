package entropylens.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.Remedy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of models in GGUF: in the cache of the hub, of Ollama, of LM Studio.
class GgufNamesTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String HASH = "a".repeat(64);

    @TempDir Path home;

    private Path find(String name) {
        return Models.find(name, settings());
    }

    private HubSettings settings() {
        return HubSettings.of(Map.of("OLLAMA_MODELS", home.resolve("ollama").toString()), home);
    }

    private void refused(String name, String why) {
        assertThatThrownBy(() -> find(name))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(why);
    }

    private Path file(String path, String text) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Path cached(String file) throws IOException {
        String folder = ".cache/huggingface/hub/models--org--tiny/";
        file(folder + "refs/main", COMMIT);
        return file(folder + "snapshots/" + COMMIT + "/" + file, "");
    }

    @Test
    void aQuantisationChoosesAFileOfTheCacheWhateverItsCase() throws IOException {
        Path small = cached("Tiny-Q4_K_M.gguf");
        cached("Tiny-Q4_K_S.gguf");
        cached("mmproj-Q4_K_M.gguf");
        Path first = cached("BF16/tiny-bf16-00001-of-00002.gguf");
        refused("org/tiny:bf16", "is one of 2 parts, of which 1 are there");
        cached("BF16/tiny-bf16-00002-of-00002.gguf");
        assertThat(find("org/tiny:q4_k_m")).isEqualTo(small);
        assertThat(find("org/tiny@main:BF16")).isEqualTo(first);
        refused(
                "org/tiny:Q4_K",
                "holds no GGUF models of quantisation Q4_K; name one of them: org/tiny:bf16, org/tiny:Q4_K_M, org/tiny:Q4_K_S");
        refused(
                "org/tiny",
                "holds 3 GGUF models; name one of them: org/tiny:bf16, org/tiny:Q4_K_M");
        refused("org/other:Q4_K_M", "does not hold a model of this name");
    }

    @Test
    void whatIsNotInTheCacheCanBePulled() throws IOException {
        cached("Tiny-Q4_K_M.gguf");
        for (String name : List.of("org/tiny:Q8_0", "org/other:Q8_0")) {
            assertThatThrownBy(() -> find(name))
                    .isInstanceOfSatisfying(
                            HubException.class,
                            e -> assertThat(e.remedy()).isEqualTo(new Remedy.Download(name)));
        }
    }

    @Test
    void namesThatOnlyOneModelHasAreShown() {
        assertThat(
                        GgufChoice.called(
                                ModelId.parse("org/tiny@v2"),
                                List.of(
                                        "Tiny-Q4_K_M.gguf",
                                        "Tiny-UD-Q4_K_M.gguf",
                                        "tiny.Q8_0.gguf",
                                        "big/tiny-F16-00001-of-00002.gguf",
                                        "big/tiny-F16-00002-of-00002.gguf",
                                        "README.md")))
                .containsOnly(
                        Map.entry("org/tiny@v2:Tiny-Q4_K_M", List.of("Tiny-Q4_K_M.gguf")),
                        Map.entry("org/tiny@v2:UD-Q4_K_M", List.of("Tiny-UD-Q4_K_M.gguf")),
                        Map.entry("org/tiny@v2:Q8_0", List.of("tiny.Q8_0.gguf")),
                        Map.entry(
                                "org/tiny@v2:F16",
                                List.of(
                                        "big/tiny-F16-00001-of-00002.gguf",
                                        "big/tiny-F16-00002-of-00002.gguf")));
    }

    @Test
    void aFileThatIsNotThereIsNoNameOfTheHub() {
        refused("models/tiny-Q8_0.gguf", "models/tiny-Q8_0.gguf: there is no such file");
    }

    @Test
    void aRepositoryOfOneModelNeedsNoQuantisation() throws IOException {
        Path only = cached("tiny.Q8_0.gguf");
        assertThat(find("org/tiny")).isEqualTo(only);
        assertThat(Models.nameOf(only)).isEqualTo("tiny.Q8_0");
    }

    private Path manifest(String path, String digest) throws IOException {
        return file(
                "ollama/manifests/registry.ollama.ai/" + path,
                """
                {"layers": [{"mediaType": "application/vnd.ollama.image.license", "digest": "x"},
                            {"mediaType": "application/vnd.ollama.image.model", "digest": "%s"}]}\
                """
                        .formatted(digest));
    }

    @Test
    void modelsOfOllamaAreFoundByTheirManifests() throws IOException {
        Path blob = file("ollama/blobs/sha256-" + HASH, "");
        manifest("library/llama3.2/1b", "sha256:" + HASH);
        manifest("someone/tuned/latest", "sha256:" + HASH);
        assertThat(find("ollama:llama3.2:1b")).isEqualTo(blob);
        assertThat(find("ollama:someone/tuned")).isEqualTo(blob);
        assertThat(LocalApps.all(settings()).keySet())
                .contains("ollama:llama3.2:1b", "ollama:someone/tuned:latest");
        assertThat(Models.nameOf(blob)).isEqualTo("llama3.2:1b");
        refused("ollama:llama3.2", "there are ollama:llama3.2:1b, ollama:someone/tuned:latest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256:../../secret",
                "../../../etc/passwd",
                "",
                "sha256:AAAA",
                "sha256:aa/../../x"
            })
    void aManifestThatLeadsElsewhereIsRefused(String digest) throws IOException {
        Path manifest = manifest("library/bad/latest", digest);
        refused("ollama:bad", manifest + ": must name one layer");
    }

    @Test
    void aBlobThatNoManifestNamesHasItsOwnName() throws IOException {
        Path blob = file("ollama/blobs/sha256-" + HASH, "");
        manifest("library/other/latest", "sha256:" + "b".repeat(64));
        file("ollama/manifests/registry.ollama.ai/library/bad/latest", "{");
        assertThat(Models.nameOf(blob)).isEqualTo("sha256-" + HASH);
        Path elsewhere = file("files/sha256-" + HASH, "");
        assertThat(Models.nameOf(elsewhere)).isEqualTo("sha256-" + HASH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"layers\": 3}", "{\"layers\": [1, {}]}"})
    void aDamagedManifestIsRefusedByName(String text) throws IOException {
        Path manifest = file("ollama/manifests/registry.ollama.ai/library/bad/latest", text);
        refused("ollama:bad", manifest.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ollama:../../x",
                "ollama:a/../b",
                "ollama:x:../../y",
                "ollama:",
                "ollama:/etc/passwd",
                "lmstudio:../..",
                "lmstudio:a/b/../../c",
                "lmstudio:a/../c",
                "lmstudio:a"
            })
    void aNameThatLeadsElsewhereIsNone(String name) {
        refused(name, "is no name of a model");
    }

    @Test
    void modelsOfLmStudioAreFoundByRepositoryOrFile() throws IOException {
        Path one = file(".lmstudio/models/pub/repo/a-Q4_0.gguf", "");
        assertThat(find("lmstudio:pub/repo")).isEqualTo(one);
        Path other = file(".lmstudio/models/pub/repo/a-Q8_0.gguf", "");
        assertThat(find("lmstudio:pub/repo/a-Q8_0.gguf")).isEqualTo(other);
        refused(
                "lmstudio:pub/repo",
                "holds 2 GGUF models; name one of them: lmstudio:pub/repo/a-Q4_0.gguf, lmstudio:pub/repo/a-Q8_0.gguf");
        refused("lmstudio:pub/none", "there are lmstudio:pub/repo/a-Q4_0.gguf");
    }
}
