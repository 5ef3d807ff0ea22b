package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.DecoderConfig;
import entropylens.model.MixerShape;
import entropylens.model.Positions;
import entropylens.model.Rope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Models whose blocks differ from each other, as published files say it where transformers writes
/// it in another way, so that no golden shows it.
class BlockConfigurationTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path directory;

    private DecoderConfig read(String golden, Consumer<ObjectNode> change) throws IOException {
        Path source = Goldens.directory(golden).resolve("config.json");
        ObjectNode config = (ObjectNode) JSON.readTree(source.toFile());
        change.accept(config);
        Path file = Files.writeString(directory.resolve("config.json"), config.toString());
        ConfigJson json = ConfigJson.read(file);
        return Families.blueprint(Families.of(json, Optional.empty()), json).config();
    }

    private static List<Boolean> turned(DecoderConfig config) {
        return ((Positions.Rotary) config.positions())
                .ropes().stream().map(rope -> !(rope instanceof Rope.None)).toList();
    }

    @Test
    void gemma4MayGiveWiderHeadsByTheirKind() throws IOException {
        assertThat(
                        read(
                                        "gemma4-sharing",
                                        c -> {
                                            c.remove("per_layer_config");
                                            c.put("global_head_dim", 8);
                                        })
                                .mixers())
                .isEqualTo(read("gemma4-sharing", c -> {}).mixers());
    }

    @Test
    void gemma4TurnsAsTransformersDoesWhereTheFileDoesNotSayIt() throws IOException {
        Consumer<ObjectNode> said =
                c -> {
                    ObjectNode turns = c.putObject("rope_parameters");
                    turns.putObject("sliding_attention")
                            .put("rope_type", "default")
                            .put("rope_theta", 10_000.0);
                    turns.putObject("full_attention")
                            .put("rope_type", "proportional")
                            .put("partial_rotary_factor", 0.25)
                            .put("rope_theta", 1_000_000.0);
                };
        assertThat(read("gemma4-sharing", c -> c.remove("rope_parameters")).positions())
                .usingRecursiveComparison()
                .isEqualTo(read("gemma4-sharing", said).positions())
                .isNotEqualTo(read("gemma4-sharing", c -> {}).positions());
    }

    @Test
    void gemma4MayGiveKeyValueHeadsByTheirKind() throws IOException {
        List<MixerShape> expected = read("gemma4-experts", c -> {}).mixers();
        Consumer<ObjectNode> published =
                c -> {
                    c.remove("per_layer_config");
                    c.put("global_head_dim", 10).put("num_global_key_value_heads", 1);
                };
        assertThat(read("gemma4-experts", published).mixers()).isEqualTo(expected);
        // they count only where keys serve as values
        assertThat(
                        read(
                                        "gemma4-experts",
                                        published.andThen(c -> c.put("attention_k_eq_v", false)))
                                .attention(1)
                                .nKvHeads())
                .isEqualTo(2);
    }

    @Test
    void exaone4WithoutWindowsTurnsAllBlocks() throws IOException {
        assertThat(turned(read("exaone4-types", c -> {}))).containsExactly(false, true, true);
        DecoderConfig whole =
                read(
                        "exaone4-types",
                        c -> {
                            c.putNull("sliding_window");
                            c.putArray("layer_types")
                                    .add("full_attention")
                                    .add("full_attention")
                                    .add("full_attention");
                        });
        assertThat(turned(whole)).containsExactly(true, true, true);
        assertThat(whole.attentions()).allSatisfy(one -> assertThat(one.window()).isEmpty());
    }

    @Test
    void theFirstFilesOfLfm2SayTheSameInOtherWords() throws IOException {
        DecoderConfig expected = read("lfm2-biased", c -> {});
        assertThat(expected.dMlp()).as("⌊1.3 · ⌊2/3 · 35⌋⌋ = 29, of 8s").isEqualTo(32);
        DecoderConfig found =
                read(
                        "lfm2-biased",
                        c -> {
                            c.set("block_ff_dim", c.remove("intermediate_size"));
                            c.set("tie_embedding", c.remove("tie_word_embeddings"));
                            c.remove("layer_types");
                            c.putArray("full_attn_idxs").add(1).add(3);
                        });
        assertThat(found.dMlp()).isEqualTo(expected.dMlp());
        assertThat(found.tiedUnembed()).isFalse();
        assertThat(found.mixers()).isEqualTo(expected.mixers());
    }

    @Test
    void anMlpOfLfm2WithoutAFactorIsNotRoundedUp() throws IOException {
        assertThat(read("lfm2-biased", c -> c.putNull("block_ffn_dim_multiplier")).dMlp())
                .isEqualTo(23);
        assertThat(read("lfm2-biased", c -> c.remove("block_ffn_dim_multiplier")).dMlp())
                .isEqualTo(24);
    }

    @Test
    void blocksOfJambaBeyondTheirPeriodAreRefused() {
        assertThatThrownBy(() -> read("jamba-experts", c -> c.put("attn_layer_offset", 4)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(
                        "attn_layer_offset is 4, but must be less than attn_layer_period");
        assertThatThrownBy(() -> read("jamba-experts", c -> c.put("mamba_dt_rank", "wide")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("mamba_dt_rank is \"wide\"");
    }

    @Test
    void lfm2WithoutTypesOfBlocksAttendsInAll() throws IOException {
        assertThat(read("lfm2-biased", c -> c.remove("layer_types")).attentions()).hasSize(4);
        assertThatThrownBy(() -> read("lfm2-moe-tied", c -> c.remove("layer_types")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("layer_types names 0 blocks, but the model has 3");
    }

    @Test
    void marksForTooFewBlocksAreRefused() {
        String golden =
                Goldens.NAMES.stream()
                        .filter(name -> name.startsWith("smollm3"))
                        .findFirst()
                        .orElseThrow();
        assertThatThrownBy(() -> read(golden, c -> c.putArray("no_rope_layers").add(1)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no_rope_layers marks 1 blocks");
    }

    @Test
    void aPatternOfNoBlocksIsRefused() {
        assertThatThrownBy(() ->
                        read(
                                "cohere2-pattern",
                                c -> {
                                    c.remove("layer_types");
                                    c.put("sliding_window_pattern", 0);
                                }))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("sliding_window_pattern is 0");
    }

    @Test
    void tensorsOfMultiTokenPredictionAreSkipped() {
        Family family = new Qwen3NextFamily();
        assertThat(family.harmless("mtp.layers.0.mlp.gate.weight")).isTrue();
        assertThat(family.harmless("model.layers.0.mlp.other.weight")).isFalse();
    }

    @Test
    void ofQwen35WhatSeesPicturesIsSkipped() {
        for (Family family : List.of(new Qwen35Family(), new Qwen35MoeFamily())) {
            assertThat(family.harmless("model.visual.blocks.0.attn.qkv.weight")).isTrue();
            assertThat(family.harmless("mtp.layers.0.mlp.gate.weight")).isTrue();
            assertThat(family.harmless("model.language_model.layers.0.mlp.other.weight")).isFalse();
        }
    }

    @Test
    void aGateThatTransformersDoesNotHaveIsRefused() {
        assertThatThrownBy(() ->
                        read("qwen35-types", config -> config.put("output_gate_type", "sigmoid")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("output_gate_type");
        assertThatThrownBy(
                        () -> read("qwen35-types", config -> config.put("attn_output_gate", false)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("attn_output_gate");
    }
}
