package entropylens.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Numbers of an activation that are in the metadata.
class LearnedSlopesTest {
    private static final String ALPHA = "model.layers.1.mlp.act_fn.alpha_p";

    @TempDir Path folder;

    private static GgufWriter model() {
        return GgufWriter.of("apertus")
                .integer("apertus.block_count", 2)
                .integer("apertus.embedding_length", 4)
                .integer("apertus.attention.head_count", 1)
                .numbers("xielu.alpha_n", 1, 2)
                .numbers("xielu.alpha_p", 3, 4.25f)
                .numbers("xielu.beta", 5, 6)
                .numbers("xielu.eps", 7, 8)
                .floats("token_embd.weight", new float[4], 4, 1);
    }

    private Checkpoint checkpoint(GgufWriter model, Arena arena) {
        Path file = model.write(folder.resolve("some.gguf"));
        return GgufModel.open(file, arena).checkpoint(arena);
    }

    @Test
    void eachIsATensorOfItsBlock() {
        try (Arena arena = Arena.ofConfined()) {
            var tensor = checkpoint(model(), arena).require(ALPHA, 1);
            assertThat(tensor.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo(4.25f);
        }
    }

    @Test
    void aBlockWithoutOneIsRefused() {
        assertRefused(
                model().numbers("xielu.beta", 5),
                "xielu.beta has 1 numbers, but there are 2 blocks");
        assertRefused(model().numbers("xielu.eps", 7, Float.NaN), "xielu.eps holds NaN");
    }

    private void assertRefused(GgufWriter model, String why) {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> checkpoint(model, arena))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(why);
        }
    }

    @Test
    void theyAreNotListedAsUnread() {
        Path file = Path.of("src/test/resources/gguf/apertus.gguf");
        assertThat(GgufSummary.of(file).unread()).doesNotContainKey("xielu.*");
        Path other = GgufWriter.of("llama").numbers("xielu.eps", 1).write(folder.resolve("a.gguf"));
        assertThat(GgufSummary.of(other).unread()).containsKey("xielu.*");
    }
}
