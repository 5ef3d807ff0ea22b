package entropylens.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Keys and values of latent attention, made one tensor.
class KeysAndValuesTest {
    private static final Path FILE = Path.of("model.gguf");

    @Test
    void keysAreTransposedHeadByHeadAndValuesFollow() {
        // 2 heads, 3 inputs, 2 elements of a key, 1 of a value
        GgufTensor keys =
                floats("k", List.of(2L, 3L, 2L), 1, 4, 2, 5, 3, 6, 10, 40, 20, 50, 30, 60);
        GgufTensor values = floats("v", List.of(2L, 1L, 3L), 7, 8, 9, 70, 80, 90);
        KeysAndValues both = new KeysAndValues("kv", keys, values, FILE);
        assertThat(both.shape()).containsExactly(6L, 3L);
        assertThat(written(both))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90);
    }

    @Test
    void oneHalfInFewerBitsIsWidened() {
        GgufTensor keys = floats("k", List.of(1L, 2L, 1L), 0.5f, -3);
        short[] halves = {Float.floatToFloat16(0.25f), Float.floatToFloat16(6)};
        MemorySegment data = MemorySegment.ofArray(halves);
        GgufTensor values = new GgufTensor("v", GgmlType.F16, List.of(1L, 1L, 2L), 0, 4, data);
        assertThat(written(new KeysAndValues("kv", keys, values, FILE)))
                .containsExactly(0.5f, -3, 0.25f, 6);
    }

    @Test
    void halvesOfOtherHeadsAreRefused() {
        GgufTensor keys = floats("k", List.of(2L, 1L, 2L), 1, 2, 3, 4);
        GgufTensor values = floats("v", List.of(1L, 2L, 1L), 5, 6);
        assertThatThrownBy(() -> new KeysAndValues("kv", keys, values, FILE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'k' of shape [2, 1, 2] and 'v' of shape [1, 2, 1]");
    }

    private static GgufTensor floats(String name, List<Long> shape, float... floats) {
        return new GgufTensor(
                name, GgmlType.F32, shape, 0, 4L * floats.length, MemorySegment.ofArray(floats));
    }

    private static float[] written(KeysAndValues both) {
        try (Arena arena = Arena.ofConfined()) {
            Tensor tensor = both.copied(arena);
            return tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
    }
}
