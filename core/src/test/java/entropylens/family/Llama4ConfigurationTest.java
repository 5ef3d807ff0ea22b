package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.WeightsOnDisk.Piece;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.model.DecoderConfig;
import entropylens.model.Positions.Rotary;
import entropylens.model.Rope;
import entropylens.model.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What configurations of Llama 4 say is read or refused by name, where no golden shows it.
class Llama4ConfigurationTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CHUNKS = "llama4-chunks";

    @TempDir Path directory;

    private ConfigJson changed(String golden, Consumer<ObjectNode> change) {
        Path source = Goldens.directory(golden).resolve("config.json");
        try {
            ObjectNode config = (ObjectNode) JSON.readTree(source.toFile());
            change.accept(config);
            return ConfigJson.read(
                    Files.writeString(directory.resolve("config.json"), config.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DecoderConfig read(Consumer<ObjectNode> change) {
        ConfigJson json = changed(CHUNKS, change);
        return Families.blueprint(Families.of(json, Optional.empty()), json).config();
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(Consumer<ObjectNode> change) {
        return assertThatThrownBy(() -> read(change)).isInstanceOf(CheckpointException.class);
    }

    private static List<Boolean> turned(DecoderConfig config) {
        return ((Rotary) config.positions())
                .ropes().stream().map(rope -> !(rope instanceof Rope.None)).toList();
    }

    @Test
    void aTokenSeesItsOwnChunkFromItsFirstPositionOn() {
        DecoderConfig config = read(c -> {});
        assertThat(IntStream.of(0, 3, 4, 7, 8, 21).map(config.attention(0)::firstVisible))
                .containsExactly(0, 0, 4, 4, 8, 20);
        assertThat(IntStream.of(0, 3, 4, 21).map(config.attention(2)::firstVisible))
                .containsOnly(0);
    }

    @Test
    void scoresGrowWhereNothingIsTurned() {
        DecoderConfig config = read(c -> {});
        float usual = (float) (1 / Math.sqrt(6));
        assertThat(config.attention(0).scoreScaleAt(20)).isEqualTo(usual);
        assertThat(config.attention(2).scoreScaleAt(2)).isEqualTo(usual);
        assertThat(config.attention(2).scoreScaleAt(3))
                .isEqualTo((float) ((1 + 0.6 * Math.log(2)) / Math.sqrt(6)));
    }

    /// Published files say 4.
    @Test
    void anyNumberBut0LetsScoresGrow() {
        String key = "attn_temperature_tuning";
        assertThat(read(c -> c.put(key, 4)).mixers()).isEqualTo(read(c -> c.remove(key)).mixers());
        assertThat(read(c -> c.put(key, 0)).mixers())
                .isEqualTo(read(c -> c.put(key, false)).mixers())
                .isNotEqualTo(read(c -> c.put(key, 4)).mixers());
        refused(c -> c.put(key, "4")).hasMessageContaining(key);
    }

    @Test
    void everyFourthBlockTurnsNothingWhereTheFileDoesNotSayIt() {
        DecoderConfig config =
                read(c -> {
                    c.putArray("no_rope_layers");
                    c.remove(List.of("no_rope_layer_interval", "layer_types"));
                });
        assertThat(turned(config)).containsExactly(true, true, true, false);
        assertThat(config.attentions().stream().map(one -> one.chunk().isPresent()))
                .containsExactly(true, true, true, false);
    }

    @Test
    void chunksAreAsInTransformersWhereTheFileDoesNotSayIt() {
        String key = "attention_chunk_size";
        assertThat(read(c -> c.remove(key)).attention(0).chunk()).hasValue(8192);
        refused(c -> c.putNull(key)).hasMessageContaining("attention_chunk_size is null");
        refused(c -> c.putArray("layer_types").add("a").add("a").add("a").add("sliding_attention"))
                .hasMessageContaining("implemented are full_attention and chunked_attention");
    }

    @Test
    void headsMayBeSharesOfTheStream() {
        Consumer<ObjectNode> two = c -> c.putNull("head_dim").put("num_attention_heads", 2);
        assertThat(read(two).attention(0).dHead()).isEqualTo(10);
        assertThat(read(c -> c.putNull("num_key_value_heads")).attention(0).nKvHeads())
                .isEqualTo(4);
    }

    @Test
    void expertsAreWhereTheFileSaysIt() {
        refused(
                        c -> {
                            c.remove("moe_layers");
                            c.put("interleave_moe_layer_step", 0);
                        })
                .hasMessageContaining("interleave_moe_layer_step is 0");
        refused(c -> c.put("num_experts_per_tok", 6)).hasMessageContaining("num_experts_per_tok");
        assertThatThrownBy(() -> load(c -> c.putArray("moe_layers").add(3)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(
                        "moe_layers are [3], but the weights have experts in block 1");
    }

    /// Every second block has them, as the golden's `moe_layers` says.
    @Test
    void expertsMayBeInEverySoManyBlocks() {
        Weights weights = load(c -> c.remove("moe_layers")).model().weights();
        assertThat(weights.blocks().stream().map(block -> block.mlp() instanceof Weights.Experts))
                .containsExactly(false, true, false, true);
    }

    private LoadedModel load(Consumer<ObjectNode> change) {
        changed(CHUNKS, change);
        Path weights = directory.resolve("model.safetensors");
        try {
            Files.copy(Goldens.directory(CHUNKS).resolve("model.safetensors"), weights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return LoadedModel.load(
                directory, Arena.ofAuto(), new CpuBackend(Kernels.scalar(), new WorkerPool(1)));
    }

    @Test
    void whatSeesPicturesIsSkipped() {
        Family family = new Llama4Family();
        assertThat(family.harmless("vision_model.patch_embedding.linear.weight")).isTrue();
        assertThat(family.harmless("multi_modal_projector.linear_1.weight")).isTrue();
        assertThat(family.harmless("language_model.model.layers.0.feed_forward.other.weight"))
                .isFalse();
    }

    /// As LLM Compressor writes them, whose linears know no stacks.
    @Test
    void expertsMayHaveTensorsOfTheirOwn() {
        WeightsOnDisk whole =
                WeightsOnDisk.read(Goldens.directory(CHUNKS).resolve("model.safetensors"));
        WeightsOnDisk apart = new WeightsOnDisk();
        whole.pieces.forEach((name, piece) -> {
            String prefix = name.replaceFirst("[a-z_]+$", "");
            if (name.endsWith("experts.gate_up_proj")) {
                apart(apart, piece, prefix + "%d.gate_proj.weight", 20, 26, 0);
                apart(apart, piece, prefix + "%d.up_proj.weight", 20, 26, 13);
            } else if (name.endsWith("experts.down_proj")) {
                apart(apart, piece, prefix + "%d.down_proj.weight", 13, 20, 0);
            } else {
                apart.pieces.put(name, piece);
            }
        });
        assertThat(apart.pieces).hasSize(whole.pieces.size() - 4 + 2 * 5 * 3);
        Path there = apart.write(Goldens.directory(CHUNKS), directory.resolve("apart"));
        assertThat(profile(there)).isEqualTo(profile(Goldens.directory(CHUNKS)));
    }

    /// Turns the matrices `[inputs, outputs]` of a stack, or as many of their outputs as a gate or
    /// an MLP's result has.
    private static void apart(
            WeightsOnDisk to, Piece stack, String name, int inputs, int all, int first) {
        int outputs = all == 26 ? 13 : all;
        for (int expert = 0; expert < 5; expert++) {
            byte[] turned = new byte[inputs * outputs * Float.BYTES];
            for (int i = 0; i < turned.length; i++) {
                int weight = i / Float.BYTES;
                int input = expert * inputs + weight % inputs;
                int from = input * all + first + weight / inputs;
                turned[i] = stack.bytes()[from * Float.BYTES + i % Float.BYTES];
            }
            to.pieces.put(
                    name.formatted(expert),
                    new Piece(
                            stack.dtype(), JSON.valueToTree(new int[] {outputs, inputs}), turned));
        }
    }

    private static double[] profile(Path model) {
        LoadedModel loaded =
                LoadedModel.load(
                        model, Arena.ofAuto(), new CpuBackend(Kernels.scalar(), new WorkerPool(1)));
        return new Profiler(loaded.model())
                .profile(
                        new int[] {1, 2, 3, 4, 5, 6},
                        new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY))
                .meanByLayer();
    }
}
