package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `batch --lens`, with models that ship.
class BatchLensTest {
    private static final String GPT2 = "tinytown-gpt2-4";
    private static final String LLAMA = "tinytown-llama-4";

    @TempDir Path folder;
    private Path prompts = Path.of("");

    @BeforeEach
    void writePrompts() throws IOException {
        prompts = folder.resolve("prompts.txt");
        Files.writeString(
                prompts,
                "Mia has a red boat.\n\nTom went to the park.\n\nThe cat sat in the sun.\n");
    }

    private Path lens(String model, String name) {
        Path file = folder.resolve(name);
        Cli.run(
                        ("lens fit --kind mean --model %s --prompts %s -o %s"
                                        .formatted(model, prompts, file))
                                .split(" "))
                .succeeded();
        return file;
    }

    private Cli batch(String name, List<Path> lenses, String more) {
        StringBuilder command =
                new StringBuilder(
                        "batch --positions prompt --prompts %s -o %s %s"
                                .formatted(prompts, folder.resolve(name), more));
        lenses.forEach(lens -> command.append(" --lens ").append(lens));
        return Cli.run(command.toString().split(" +"));
    }

    private String query(String name, String sql) {
        return Cli.run("query", "--run", folder.resolve(name).toString(), "--format", "csv", sql)
                .succeeded()
                .out();
    }

    @Test
    void eachModelIsLookedAtThroughItsOwnLens() throws IOException {
        List<Path> lenses = List.of(lens(LLAMA, "l.safetensors"), lens(GPT2, "g.safetensors"));
        batch("both", lenses, "--model %s --model %s".formatted(GPT2, LLAMA)).succeeded();
        batch("one", lenses.subList(0, 1), "--model %s --model %s".formatted(GPT2, LLAMA))
                .succeeded();
        assertThat(query("both", "SELECT DISTINCT model, lens FROM profiles ORDER BY model"))
                .contains(GPT2 + ",mean", LLAMA + ",mean");
        assertThat(query("one", "SELECT DISTINCT model, lens FROM profiles ORDER BY model"))
                .contains(GPT2 + ",logit", LLAMA + ",mean");
        String entropies =
                "SELECT round(sum(entropy), 3) FROM profiles WHERE model = '%s'".formatted(LLAMA);
        assertThat(query("both", entropies)).isEqualTo(query("one", entropies));
        assertThat(Files.readString(folder.resolve("both/manifest.json")))
                .contains("\"lens\" : \"mean, sha256 ");
    }

    @Test
    void aRunGoesOnThroughItsOwnLensAlone() {
        Path lens = lens(LLAMA, "l.safetensors");
        batch("run", List.of(lens), "--model " + LLAMA).succeeded();
        assertThat(batch("run", List.of(lens), "--resume --model " + LLAMA).succeeded().out())
                .contains("everything was measured before");
        assertThat(batch("run", List.of(), "--resume --model " + LLAMA).failed(1).err())
                .contains("the run is another one");
    }

    @Test
    void lensesOfOtherModelsAndTwoForOneAreRefused() {
        Path lens = lens(LLAMA, "l.safetensors");
        assertThat(batch("a", List.of(lens), "--model " + GPT2).failed(1).err())
                .contains("was made for a W_U with the SHA-256", "it names " + LLAMA);
        Path second = lens(LLAMA, "m.safetensors");
        assertThat(batch("b", List.of(lens, second), "--model " + LLAMA).failed(1).err())
                .contains("are all for " + LLAMA, "run it once for each");
        assertThat(batch("c", List.of(lens), "--at mlp_out --model " + LLAMA).failed(1).err())
                .contains("--lens: the mean lens", "says nothing of mlp_out");
        assertThat(batch("d", List.of(Path.of("x.txt")), "--model " + LLAMA).failed(2).err())
                .contains("'x.txt' is no lens");
    }
}
