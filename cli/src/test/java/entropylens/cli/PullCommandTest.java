package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model is pulled by its id, and profiled by its id.
class PullCommandTest {
    private static final String TOKEN = "hf_doNotShowThis";

    @TempDir Path folder;

    private Cli run(GoldenHub hub, String... args) {
        Cli run = Cli.run(hub.environment(folder.resolve("hub"), TOKEN), args);
        assertThat(run.out() + run.err()).doesNotContain(TOKEN, "Signature");
        return run;
    }

    @Test
    void aPulledModelIsFoundByItsId() {
        try (GoldenHub hub = new GoldenHub(TestModel.golden("llama-sharded-bf16"))) {
            Cli pull = run(hub, "pull", "org/golden");
            Path snapshot =
                    folder.resolve("hub/models--org--golden/snapshots").resolve(GoldenHub.COMMIT);
            assertThat(pull.code()).isZero();
            assertThat(pull.out()).isEqualTo(snapshot + System.lineSeparator());
            assertThat(pull.err())
                    .contains("org/golden: ", "\nconfig.json: ", "\nmodel-00001-of-")
                    .doesNotContain("\u001b");

            Cli again = run(hub, "pull", "org/golden", "--revision", "main");
            assertThat(again.out()).isEqualTo(pull.out());
            assertThat(again.err()).contains("all of it in the cache", "config.json: in the cache");

            String[] profile = {
                "profile", "--model", "org/golden", "--token-ids", "5,6,7", "--tokens", "2"
            };
            assertThat(run(hub, profile).succeeded().out()).startsWith("org/golden · llama · ");

            assertThat(hub.tokensAtHub).isNotEmpty().containsOnly("Bearer " + TOKEN);
            assertThat(hub.tokensAtStorage).isNotEmpty().containsOnly("null");
        }
    }

    @Test
    void aModelInGgufIsPulledByItsQuantisation() throws IOException {
        Path models = Files.createDirectory(folder.resolve("models"));
        for (String name : List.of("blocks-q4_0", "blocks-q8_0")) {
            Files.copy(TestGguf.golden(name), models.resolve(name + ".gguf"));
        }
        try (GoldenHub hub = new GoldenHub(models)) {
            Cli pull = run(hub, "pull", "org/golden:Q4_0");
            assertThat(pull.code()).isZero();
            assertThat(pull.out()).endsWith("/blocks-q4_0.gguf" + System.lineSeparator());
            assertThat(pull.err()).contains("org/golden:Q4_0: 1 file, ");
            assertThat(run(hub, "models", "--check", "org/golden:q4_0").succeeded().out())
                    .contains("types       Q4_0");

            Cli which = run(hub, "pull", "org/golden");
            assertThat(which.code()).isEqualTo(1);
            assertThat(which.err()).contains("say which: org/golden:q4_0, org/golden:q8_0");
            Cli other = run(hub, "models", "--check", "org/golden:q8_0");
            assertThat(other.err())
                    .contains("name one of them: org/golden:q4_0")
                    .contains("run: entropy-lens pull org/golden:q8_0");
        }
    }

    @Test
    void aFailureIsOneLine() {
        try (GoldenHub hub = new GoldenHub(TestModel.PLAIN)) {
            Cli run = run(hub, "pull", "org/other");
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err())
                    .startsWith(
                            "entropy-lens: org/other: there is no such model at http://127.0.0.1:");
            assertThat(run(hub, "--stacktrace", "pull", "org/other").err())
                    .contains("\tat entropylens.pull.");
        }
    }

    @Test
    void aWrongIdIsAWrongCommandLine() {
        refused("a/b/c", "'a/b/c' is no model id");
        refused("../x", "'../x' is no model id");
        refused("gpt2@..", "'..' is no revision of gpt2");
        Cli twice = Cli.run("pull", "gpt2@x", "--revision", "y");
        assertThat(twice.code()).isEqualTo(2);
        assertThat(twice.err()).contains("the revision is given twice");
        assertThat(Cli.run("pull").code()).isEqualTo(2);
        assertThat(Cli.run("pull", "a", "b").err())
                .contains("Unmatched argument")
                .doesNotContain("quotes");
    }

    private static void refused(String id, String message) {
        Cli run = Cli.run("pull", id);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(message, "Try 'entropy-lens pull --help'.");
    }

    @Test
    void aModelThatIsNowhereCanBePulled() {
        Map<String, String> environment = Map.of("HF_HUB_CACHE", folder.toString());
        Cli run = Cli.run(environment, "profile", "--model", "org/tiny", "hello");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("the Hugging Face cache, " + folder, "run: entropy-lens pull org/tiny");
    }

    @Test
    void theCacheIsInTheHomeOfTheUser() {
        Cli run = Cli.run(Map.of("HOME", folder.toString()), "profile", "--model", "gpt2", "x");
        assertThat(run.err()).contains(folder + "/.cache/huggingface/hub");
        assertThat(Files.exists(folder.resolve(".cache"))).isFalse();
    }

    @Test
    void offlineItSaysWhy() {
        Cli run = Cli.run(Map.of("HF_HUB_OFFLINE", "1"), "pull", "gpt2");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("HF_HUB_OFFLINE");
    }
}
