package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `--as`: a checkpoint under a name that nobody knows, or under another family's.
class ProfileFamilyTest {
    static final String IDS = "--token-ids 5,6,7 --tokens 2 ";

    @TempDir Path folder;

    private Path named(String golden, String was, String architecture) {
        Path model = TestModel.copy(folder, golden);
        TestModel.edit(model.resolve("config.json"), was, architecture);
        return model;
    }

    @Test
    void aTunedModelIsReadAsItsFamily() {
        Path model = named("llama-gqa-tied", "LlamaForCausalLM", "TunedForCausalLM");
        JsonNode json = Cli.json(model, IDS + "--as llama");
        assertThat(json.get("model").get("read_as").asString()).isEqualTo("llama");
        assertThat(json.get("model").get("architectures").get(0).asString())
                .isEqualTo("TunedForCausalLM");
        assertThat(json.get("entropy")).isEqualTo(Cli.json(TestModel.PLAIN, IDS).get("entropy"));
        assertThat(Cli.profile(model, IDS + "--as llama").succeeded().out())
                .contains("read as llama on request; config.json names TunedForCausalLM\n");
    }

    @Test
    void nothingIsRecordedWhereNothingWasAsked() {
        JsonNode model = Cli.json(TestModel.PLAIN, IDS).get("model");
        assertThat(model.get("read_as").isNull()).isTrue();
        assertThat(Cli.json(TestModel.PLAIN, IDS + "--as llama").get("model").get("read_as"))
                .hasToString("\"llama\"");
    }

    @Test
    void readingAKnownArchitectureAsAnotherFamilyIsSaid() {
        Path model = named("mistral-window", "MistralForCausalLM", "LlamaForCausalLM");
        Cli run = Cli.profile(model, IDS + "--as mistral --format csv");
        assertThat(run.code()).isZero();
        assertThat(run.err())
                .isEqualTo(
                        "entropy-lens: config.json names LlamaForCausalLM, which is of the family llama; it is read as mistral on request\n");
    }

    @Test
    void anUnknownFamilyIsAWrongCommandLine() {
        Cli run = Cli.profile(TestModel.PLAIN, IDS + "--as lama");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--as: there is no family 'lama'; there are ", "llama, ");
    }
}
