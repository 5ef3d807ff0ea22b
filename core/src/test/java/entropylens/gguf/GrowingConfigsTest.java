package entropylens.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.Positions;
import entropylens.model.Rope;
import entropylens.model.ScoreGrowth;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What short texts do not show: the steps of growth and the chunks are longer than these.
class GrowingConfigsTest {
    @TempDir Path folder;

    private static DecoderConfig config(String model) {
        return LoadedModel.load(
                        Path.of("src/test/resources/gguf/" + model + ".gguf"),
                        Arena.ofAuto(),
                        new CpuBackend(Kernels.scalar(), new WorkerPool(1)))
                .model()
                .config();
    }

    @Test
    void threeBlocksOfFourSeeAChunkAndTheScoresOfTheOtherGrow() {
        DecoderConfig config = config("llama4");
        for (int layer = 0; layer < 4; layer++) {
            AttentionShape attention = config.attention(layer);
            if (layer < 3) {
                assertThat(attention.chunk()).hasValue(8192);
                assertThat(attention.growth()).isEmpty();
            } else {
                assertThat(attention.chunk()).isEmpty();
                assertThat(attention.growth()).contains(new ScoreGrowth(0.1, 8192, 1));
            }
        }
    }

    @Test
    void aWindowOf0MeansThatEveryBlockTurnsAndSeesAll() {
        DecoderConfig config = config("llama4-dense");
        for (int layer = 0; layer < 2; layer++) {
            assertThat(config.attention(layer).chunk()).isEmpty();
            assertThat(config.attention(layer).growth()).isEmpty();
            assertThat(((Positions.Rotary) config.positions()).ropes().get(layer))
                    .isInstanceOf(Rope.Fixed.class);
        }
    }

    /// llama.cpp knows Maverick by its experts.
    @ParameterizedTest
    @CsvSource({"16, true", "128, false"})
    void onlyMaverickNormsNeitherQueriesNorKeys(int experts, boolean normed) {
        Path file =
                GgufWriter.of("llama4")
                        .integer("llama4.block_count", 1)
                        .integer("llama4.context_length", 64)
                        .integer("llama4.embedding_length", 4)
                        .integer("llama4.feed_forward_length", 4)
                        .integer("llama4.expert_feed_forward_length", 4)
                        .integer("llama4.expert_count", experts)
                        .integer("llama4.interleave_moe_layer_step", 1)
                        .integer("llama4.attention.head_count", 1)
                        .floats("token_embd.weight", new float[4], 4, 1)
                        .write(folder.resolve("some.gguf"));
        try (Arena arena = Arena.ofConfined()) {
            ConfigJson config = GgufModel.open(file, arena).config();
            assertThat(config.boolOr("use_qk_norm", !normed)).isEqualTo(normed);
        }
    }

    @Test
    void scoutsFrequenciesAreKeptOrDividedBy16() {
        Positions.Rotary positions = (Positions.Rotary) config("llama4").positions();
        float[] frequencies = ((Rope.Fixed) positions.ropes().getFirst()).inverseFrequencies();
        for (int i = 0; i < frequencies.length; i++) {
            double plain = Math.pow(5e5, -i / 4.0);
            assertThat(frequencies[i] / plain)
                    .isCloseTo(i < 3 ? 1 : 1.0 / 16, org.assertj.core.api.Assertions.within(1e-6));
        }
    }

    @Test
    void aMistralInTheSameArchitectureDoesNotGrow() {
        assertThat(config("mistral3").attention(0).growth()).contains(new ScoreGrowth(0.7, 4, 0));
        assertThat(config("mistral3-small").attention(0).growth()).isEmpty();
    }

    /// Files of Mistral's own format whose scores do not grow are Llamas, with Mistral 3's keys.
    @Test
    void yarnsMagnitudesCancelInALlamaToo() {
        Path file =
                GgufWriter.of("llama")
                        .integer("llama.block_count", 1)
                        .integer("llama.context_length", 64)
                        .integer("llama.embedding_length", 4)
                        .integer("llama.feed_forward_length", 4)
                        .integer("llama.attention.head_count", 1)
                        .text("llama.rope.scaling.type", "yarn")
                        .number("llama.rope.scaling.factor", 4)
                        .number("llama.rope.scaling.yarn_log_multiplier", 1)
                        .floats("token_embd.weight", new float[4], 4, 1)
                        .write(folder.resolve("some.gguf"));
        try (Arena arena = Arena.ofConfined()) {
            ConfigJson config = GgufModel.open(file, arena).config();
            ConfigJson scaling = config.object("rope_scaling").orElseThrow();
            assertThat(scaling.requireDouble("mscale")).isEqualTo(1);
            assertThat(scaling.requireDouble("mscale_all_dim")).isEqualTo(1);
            assertThat(config.mentions("rope.scaling.yarn_log_multiplier")).isFalse();
        }
    }
}
