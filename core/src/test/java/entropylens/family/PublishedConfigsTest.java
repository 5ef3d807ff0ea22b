package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.DecoderConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The configurations of published models are read whole. What they say is in
/// published-configs.jsonl, a model on each line: `id` on the hub (where the source does not name
/// it, its sizes tell it), the public file that it was found in, `copy` where that is not the
/// published file as it stands, and `refused` for the key that must stop the load.
class PublishedConfigsTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path directory;

    record Published(String id, String refused, JsonNode config) {
        @Override
        public String toString() {
            return id;
        }
    }

    private static List<Published> all() {
        List<Published> all = new ArrayList<>();
        try {
            for (String line :
                    Files.readAllLines(Path.of("src/test/resources/published-configs.jsonl"))) {
                JsonNode model = JSON.readTree(line);
                assertThat(model.path("source").asString()).isNotBlank();
                all.add(
                        new Published(
                                model.path("id").asString(),
                                model.path("refused").asString(""),
                                model.path("config")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    static Stream<Published> read() {
        return all().stream().filter(model -> model.refused().isEmpty());
    }

    static Stream<Published> refused() {
        return all().stream().filter(model -> !model.refused().isEmpty());
    }

    private ConfigJson json(Published model) {
        Path file = directory.resolve("config.json");
        try {
            Files.writeString(file, model.config().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ConfigJson.read(file);
    }

    @ParameterizedTest
    @MethodSource("read")
    void everyKeyIsUnderstood(Published model) {
        ConfigJson json = json(model);
        Family family = Families.of(json, Optional.empty());
        DecoderConfig config = family.read(json).config();
        json.refuseUnread(Set.of());
        System.out.printf(
                "%-48s %-11s %3d blocks, d_model %5d, %s, context %6d%n",
                model.id(),
                family.name(),
                config.nLayers(),
                config.dModel(),
                config.attentions().stream()
                        .findFirst()
                        .map(one -> "%3d heads of %3d".formatted(one.nHeads(), one.dHead()))
                        .orElse("no attention"),
                config.nCtx());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void weightsInAnotherFormAreRefused(Published model) {
        ConfigJson json = json(model);
        Families.of(json, Optional.empty()).read(json);
        assertThatThrownBy(() -> json.refuseUnread(Set.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("may change the model: " + model.refused());
    }

    /// Of these architectures no configuration that is whole was found, or looked for: OLMo's, OLMo
    /// 3's, Falcon's by its older name, those with routed experts, and those added on 2026-11-27.
    @Test
    void nearlyEveryArchitectureIsThere() {
        Set<String> architectures =
                new TreeSet<>(
                        Set.of(
                                "Gemma4ForCausalLM",
                                "Gemma4ForConditionalGeneration",
                                "SmolLM3ForCausalLM",
                                "CohereForCausalLM",
                                "Cohere2ForCausalLM",
                                "Starcoder2ForCausalLM",
                                "ArceeForCausalLM",
                                "SeedOssForCausalLM",
                                "HeliumForCausalLM",
                                "NemotronForCausalLM",
                                "OlmoForCausalLM",
                                "Olmo3ForCausalLM",
                                "RWForCausalLM",
                                "Qwen2MoeForCausalLM",
                                "Qwen3MoeForCausalLM",
                                "Qwen3NextForCausalLM",
                                "GlmForCausalLM",
                                "Glm4ForCausalLM",
                                "Exaone4ForCausalLM",
                                "Ernie4_5ForCausalLM",
                                "Ernie4_5_ForCausalLM",
                                "OlmoeForCausalLM",
                                "MixtralForCausalLM",
                                "GraniteMoeForCausalLM",
                                "PhimoeForCausalLM",
                                "PhiMoEForCausalLM",
                                "Glm4MoeLiteForCausalLM",
                                "Dots1ForCausalLM",
                                "FlexOlmoForCausalLM",
                                "Ernie4_5_MoeForCausalLM",
                                "MiniMaxM2ForCausalLM",
                                "Mamba2ForCausalLM",
                                "FalconH1ForCausalLM",
                                "BambaForCausalLM",
                                "GraniteMoeHybridForCausalLM"));
        read().forEach(model -> architectures.addAll(json(model).strings("architectures")));
        assertThat(Families.all())
                .allSatisfy(
                        family -> assertThat(architectures).containsAll(family.architectures()));
    }

    @Test
    void theDocumentationListsTheKeysWithoutEffect() throws IOException {
        assertThat(Files.readString(Path.of("../docs/method.md")))
                .contains(CommonKeys.WITHOUT_EFFECT.stream().map(key -> "`" + key + "`").toList());
    }
}
