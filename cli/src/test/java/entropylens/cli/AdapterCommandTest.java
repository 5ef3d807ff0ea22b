package entropylens.cli;

import static entropylens.cli.TestModel.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `--adapter`: a profile before and after fine-tuning is two commands, and every result says which
/// one it is.
class AdapterCommandTest {
    private static final String IDS = "--token-ids 5,6,7 --tokens 4 --ignore-eos ";
    private static final Path ADAPTERS = Path.of("../core/src/test/resources/adapters");
    private static final String LORA = "--adapter " + ADAPTERS.resolve("llama-lora") + " ";
    private static final String HEAD = "--adapter " + ADAPTERS.resolve("llama-saved-head") + " ";

    @TempDir Path folder;

    @Test
    void theTableSaysWhichAdapters() {
        assertThat(Cli.profile(PLAIN, IDS + LORA).succeeded().out())
                .startsWith("llama-gqa-tied + llama-lora · llama · 3 blocks");
        String two = LORA + HEAD + "--adapter-scale 0.5 --adapter-scale 1";
        assertThat(Cli.profile(PLAIN, IDS + two).succeeded().out())
                .startsWith("llama-gqa-tied + llama-lora × 0.5 + llama-saved-head · llama");
    }

    @Test
    void jsonSaysWhichAdapters() {
        JsonNode model = Cli.json(PLAIN, IDS + LORA + "--adapter-scale 0.5").required("model");
        JsonNode adapter = model.required("adapters").get(0);
        assertThat(adapter.propertyNames())
                .containsExactly(
                        "name",
                        "path",
                        "scale",
                        "kind",
                        "modules",
                        "ranks",
                        "replaced_tensors",
                        "base_model",
                        "config_sha256",
                        "sha256");
        assertThat(adapter.required("name").asString()).isEqualTo("llama-lora");
        assertThat(adapter.required("scale").asDouble()).isEqualTo(0.5);
        assertThat(adapter.required("sha256").asString()).hasSize(64);
        assertThat(model.required("name").asString()).isEqualTo("llama-gqa-tied");
        assertThat(Cli.json(PLAIN, IDS).at("/model/adapters").isEmpty()).isTrue();
    }

    @Test
    void anAdapterChangesTheProfileAndAScaleOfZeroDoesNot() {
        JsonNode base = Cli.json(PLAIN, IDS).required("entropy");
        assertThat(Cli.json(PLAIN, IDS + LORA).required("entropy")).isNotEqualTo(base);
        assertThat(Cli.json(PLAIN, IDS + LORA + "--adapter-scale 0").required("entropy"))
                .isEqualTo(base);
    }

    @Test
    void theCheckTellsWhatAnAdapterTouches() {
        List<String> args = new ArrayList<>(List.of("models", "--check", PLAIN.toString()));
        args.addAll(List.of((LORA + HEAD).strip().split(" ")));
        assertThat(Cli.run(args.toArray(String[]::new)).succeeded().out())
                .contains("llama-lora: LoRA of rank 4 on 21 modules, scale 1.0\n")
                .contains("llama-saved-head: LoRA of rank 2 on 3 modules; 8 tensors replaced,")
                .contains("· supported\n");
        args.addAll(List.of("--format", "json"));
        JsonNode json = Cli.run(args.toArray(String[]::new)).succeeded().json();
        assertThat(json.at("/adapters/1/replaced_tensors").asInt()).isEqualTo(8);
    }

    @Test
    void anAdapterOfAModelWithAnotherNameIsANote() {
        Path copy = TestModel.copy(folder, "llama-gqa-tied");
        Cli run = Cli.profile(copy, IDS + LORA);
        assertThat(run.code()).isZero();
        assertThat(run.err())
                .isEqualTo(
                        "entropy-lens: the adapter llama-lora was trained on llama-gqa-tied; it is applied to %s%n"
                                .formatted(copy.getFileName()));
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() {
        Cli run = Cli.profile(TestModel.golden("gpt2-base"), IDS + LORA);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("adapter_model.safetensors", "gpt2-base");
    }

    @Test
    void anAdapterIsFoundInTheCache() throws IOException {
        Path repository = folder.resolve("models--org--tuned");
        Path snapshot = repository.resolve("snapshots/" + GoldenHub.COMMIT);
        Files.createDirectories(snapshot);
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), GoldenHub.COMMIT);
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(ADAPTERS.resolve("llama-lora").resolve(file), snapshot.resolve(file));
        }
        Map<String, String> environment = Map.of("HF_HUB_CACHE", folder.toString());
        String command = "profile --model " + PLAIN + " " + IDS + "--format json --adapter ";
        JsonNode found =
                Cli.run(environment, (command + "org/tuned").split(" ")).succeeded().json();
        assertThat(found.at("/model/adapters/0/name").asString()).isEqualTo("org/tuned");
        Cli missing = Cli.run(environment, (command + "org/other").split(" "));
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("does not hold an adapter of this name");
    }

    @Test
    void whatDoesNotGoTogetherIsAWrongCommandLine() {
        Cli untrained = Cli.profile(PLAIN, IDS + LORA + "--untrained 1");
        assertThat(untrained.code()).isEqualTo(2);
        assertThat(untrained.err()).contains("--adapter and --untrained do not go together");
        Cli scales = Cli.profile(PLAIN, IDS + LORA + HEAD + "--adapter-scale 1");
        assertThat(scales.code()).isEqualTo(2);
        assertThat(scales.err()).contains("is given 1 times, but --adapter 2 times");
        assertThat(Cli.profile(PLAIN, IDS + LORA + "--adapter-scale NaN").code()).isEqualTo(2);
        Cli list = Cli.run("models", "--adapter", "x");
        assertThat(list.err()).contains("--adapter has no effect without --check");
    }

    @Test
    void aStudyKnowsItsAdapterAndDoesNotGoOnWithAnother() throws IOException {
        Path model = TestModel.withTokenizer(folder);
        Path run = folder.resolve("run");
        assertThat(study(model, run, LORA).code()).isZero();
        JsonNode manifest =
                JsonMapper.shared().readTree(Files.readString(run.resolve("manifest.json")));
        String name = model.getFileName().toString();
        assertThat(manifest.at("/identity/models/" + name + "/adapter_1").asString())
                .startsWith("llama-lora, scale 1.0, config_sha256 ");
        assertThat(Files.readString(run.resolve("report.json"))).contains(name + " + llama-lora");
        assertThat(study(model, run, LORA + "--resume").code()).isZero();
        Cli other = study(model, run, LORA + "--adapter-scale 0.5 --resume");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("adapter_1 is \"llama-lora, scale 1.0");
        assertThat(study(model, run, "--resume").err()).contains("adapter_1");
        Cli two = study(model, folder.resolve("two"), LORA + "--model " + PLAIN);
        assertThat(two.code()).isEqualTo(2);
        assertThat(two.err()).contains("--adapter goes with one --model");
    }

    private static Cli study(Path model, Path run, String more) {
        String command =
                "study strategies --preset quick --tokens 4 --samples 3 --model %s -o %s %s"
                        .formatted(model, run, more);
        return Cli.run(command.strip().split(" "));
    }
}
