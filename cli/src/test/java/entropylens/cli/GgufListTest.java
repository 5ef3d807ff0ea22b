package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `models` lists what other programs keep on this machine, by names that `--model` takes.
class GgufListTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String HASH = "sha256-" + "a".repeat(64);
    private static final String MODEL = "blocks-q4_0";
    private static final String REGISTRY = ".ollama/models/manifests/registry.ollama.ai/library/";

    @TempDir Path home;
    private FakeZoo zoo;

    @BeforeEach
    void open() {
        zoo = FakeZoo.of(home);
    }

    @AfterEach
    void close() {
        zoo.close();
    }

    private Cli run(String... args) {
        return Cli.run(Map.of("HOME", home.toString()), args);
    }

    private Path model(String path) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.copy(TestGguf.golden(MODEL), file);
    }

    private void text(String path, String text) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void manifest(String path, String digest) throws IOException {
        text(
                REGISTRY + path,
                "{\"layers\": [{\"mediaType\": \"application/vnd.ollama.image.model\", \"digest\": \"%s\"}]}"
                        .formatted(digest));
    }

    private void fill() throws IOException {
        model(".ollama/models/blobs/" + HASH);
        manifest("tiny/1b", HASH);
        model(".lmstudio/models/pub/repo/tiny-Q4_0.gguf");
        String cached = ".cache/huggingface/hub/models--org--tiny/";
        text(cached + "refs/main", COMMIT);
        model(cached + "snapshots/" + COMMIT + "/tiny-Q4_0.gguf");
    }

    @Test
    void withoutAnyTheTableEndsWithTheZoo() {
        assertThat(run("models").succeeded().out())
                .contains("tinytown-llama-8")
                .doesNotContain("GGUF");
        assertThat(run("models", "--format", "json").succeeded().json().get("gguf")).isEmpty();
    }

    @Test
    void everyNameIsOneThatModelTakes() throws IOException {
        fill();
        String size = Bytes.shown(Files.size(TestGguf.golden(MODEL)));
        assertThat(run("models").succeeded().out().lines())
                .contains("Models in GGUF on this machine, for --model:")
                .anyMatch(line -> line.matches("ollama:tiny:1b +" + size + "  Q4_0  llama"));
        JsonNode gguf = run("models", "--format", "json").succeeded().json().get("gguf");
        assertThat(gguf.findValuesAsString("name"))
                .containsExactly(
                        "lmstudio:pub/repo/tiny-Q4_0.gguf", "ollama:tiny:1b", "org/tiny:Q4_0");
        for (JsonNode model : gguf) {
            assertThat(model.propertyNames())
                    .containsExactly(
                            "name", "path", "architecture", "quantisation", "bytes", "problem");
            assertThat(model.get("quantisation").asString()).isEqualTo("Q4_0");
            assertThat(model.get("problem").isNull()).isTrue();
            String name = model.get("name").asString();
            assertThat(
                            run("profile", "--model", name, "--token-ids", "1,2", "--tokens", "1")
                                    .code())
                    .as(name)
                    .isZero();
        }
    }

    @Test
    void whatIsDamagedOrForeignStopsNothing() throws IOException {
        fill();
        text(REGISTRY + "broken/latest", "{");
        text(REGISTRY + "huge/latest", "x".repeat(3_000_000));
        manifest("gone/latest", "sha256:" + "b".repeat(64));
        manifest("hostile/latest", "sha256:../../../etc/passwd");
        text(".ollama/models/manifests/.DS_Store", "x");
        text(".lmstudio/models/pub/repo/cut-Q8_0.gguf", "GGUF");
        text(".lmstudio/models/pub/repo/mmproj-F16.gguf", "GGUF");
        text(".lmstudio/models/pub/repo/half-Q2_K-00001-of-00002.gguf", "GGUF");
        text(".cache/huggingface/hub/models--../x", "");
        text(".cache/huggingface/hub/models--org--odd/refs/main", "../../..");
        text(".cache/huggingface/hub/datasets--org--data/a.gguf", "GGUF");
        String other =
                Files.readString(TestGguf.golden("llama"), StandardCharsets.ISO_8859_1)
                        .replace("llama", "lhama");
        Files.writeString(
                home.resolve(".lmstudio/models/pub/repo/other.gguf"),
                other,
                StandardCharsets.ISO_8859_1);
        String out = run("models").succeeded().out();
        assertThat(out.lines())
                .anyMatch(line -> line.matches("ollama:broken:latest +-.* cannot be read"))
                .anyMatch(line -> line.matches("ollama:huge:latest +-.* cannot be read"))
                .anyMatch(line -> line.matches("ollama:gone:latest +-.* cannot be read"))
                .anyMatch(line -> line.matches("ollama:hostile:latest +-.* cannot be read"))
                .anyMatch(line -> line.matches("lmstudio:.*/cut-Q8_0.gguf +-.* cannot be read"))
                .anyMatch(
                        line -> line.matches("lmstudio:.*/other.gguf .* lhama, which is not read"))
                .anyMatch(line -> line.startsWith("ollama:tiny:1b "));
        assertThat(out).doesNotContain("mmproj", "datasets", "org/odd", "DS_Store");
        JsonNode json = run("models", "--format", "json").succeeded().json();
        for (JsonNode model : json.get("gguf")) {
            if (model.get("name").asString().equals("ollama:gone:latest")) {
                assertThat(model.get("path").isNull()).isTrue();
                assertThat(model.get("problem").asString()).contains("which is not there");
            }
        }
    }
}
