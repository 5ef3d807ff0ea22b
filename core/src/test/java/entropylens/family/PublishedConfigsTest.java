package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.SafetensorsWriter;
import entropylens.model.DecoderConfig;
import entropylens.quantised.Quantisation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The configurations of published models are read as the load reads them. What they say is in
/// published-configs.jsonl, a model on each line: `id` on the hub (where the source does not name
/// it, its sizes tell it), the public file that it was found in, `copy` where that is not the
/// published file as it stands, `inert` for the keys that transformers does not read either, and
/// `refused` for what must stop the load.
class PublishedConfigsTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path directory;

    record Published(String id, String refused, Set<String> inert, JsonNode config) {
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
                                inert(model),
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

    private static Set<String> inert(JsonNode model) {
        return model.path("inert").values().stream()
                .map(JsonNode::asString)
                .collect(Collectors.toUnmodifiableSet());
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

    /// Weights are stood in for by one tensor.
    private ConfigJson.Unread load(ConfigJson json, Family family) {
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"),
                new SafetensorsWriter().f32("weight", new long[] {1}, 1).bytes());
        try (Arena arena = Arena.ofShared()) {
            Quantisation.of(json, Checkpoint.open(directory, arena));
        }
        family.read(json);
        return json.refuseUnread(Set.of(), key -> ConfigKeys.matters(family, json, key));
    }

    @ParameterizedTest
    @MethodSource("read")
    void everyKeyIsUnderstood(Published model) {
        ConfigJson json = json(model);
        Family family = Families.of(json, Optional.empty());
        assertThat(load(json, family).inert().keySet()).isEqualTo(model.inert());
        DecoderConfig config = family.read(json).config();
        System.out.printf(
                "%-48s %-13s %3d blocks, d_model %5d, %s, context %6d%n",
                model.id(),
                family.name(),
                config.nLayers(),
                config.dModel(),
                config.attentions().stream()
                        .reduce((_, last) -> last)
                        .map(one -> "%3d heads of %3d".formatted(one.nHeads(), one.dHead()))
                        .orElse("no attention"),
                config.nCtx());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNotReadIsRefusedByName(Published model) {
        ConfigJson json = json(model);
        Family family = Families.of(json, Optional.empty());
        assertThatThrownBy(() -> load(json, family))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(model.refused());
    }

    /// Of these architectures no configuration that is whole was found. No published model is known
    /// under `Gemma4ForCausalLM` and `PhimoeForCausalLM`, which are names of transformers' own.
    @Test
    void nearlyEveryArchitectureIsThere() {
        Set<String> architectures =
                new TreeSet<>(
                        Set.of(
                                "Gemma4ForCausalLM",
                                "PhimoeForCausalLM",
                                "Cohere2ForCausalLM",
                                "ArceeForCausalLM",
                                "Qwen3_5ForCausalLM",
                                "Qwen3_5MoeForCausalLM",
                                "Qwen3_5MoeForConditionalGeneration",
                                "Llama4ForCausalLM",
                                "GlmForCausalLM",
                                "Glm4ForCausalLM",
                                "Ernie4_5ForCausalLM",
                                "Ernie4_5_ForCausalLM",
                                "GraniteMoeForCausalLM",
                                "FlexOlmoForCausalLM",
                                "Mamba2ForCausalLM",
                                "FalconH1ForCausalLM",
                                "BambaForCausalLM",
                                "GraniteMoeHybridForCausalLM",
                                "HunYuanMoEV1ForCausalLM",
                                "VaultGemmaForCausalLM",
                                "CwmForCausalLM",
                                "MinistralForCausalLM",
                                "Ministral3ForCausalLM",
                                "HyperCLOVAXForCausalLM",
                                "Jais2ForCausalLM",
                                "PersimmonForCausalLM",
                                "MptForCausalLM",
                                "CodeGenForCausalLM"));
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
