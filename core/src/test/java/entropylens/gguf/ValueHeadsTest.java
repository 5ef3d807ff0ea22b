package entropylens.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Heads of values of delta nets that stand in another order in the file: 2 heads of keys, 3 heads
/// of values to each, of 2 elements; keys have 1.
class ValueHeadsTest {
    private static final Path FILE = Path.of("model.gguf");
    private static final ValueHeads HEADS = new ValueHeads(2, 3, 1, 2);

    /// The heads of the file stand there as a0 b0 a1 b1 a2 b2, of keys a and b.
    private static final int[] IN_ORDER = {0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11};

    @Test
    void rowsOfValuesStandSideBySideForEachHeadOfKeys() {
        GgufTensor gate = numbers(List.of(12L, 1L));
        assertThat(written("in_proj_z.weight", gate)).containsExactly(floats(0, IN_ORDER));
    }

    @Test
    void queriesAndKeysBeforeThemStayWhereTheyAre() {
        GgufTensor mixed = numbers(List.of(16L, 1L));
        float[] expected = new float[16];
        System.arraycopy(new float[] {0, 1, 2, 3}, 0, expected, 0, 4);
        System.arraycopy(floats(4, IN_ORDER), 0, expected, 4, 12);
        assertThat(written("in_proj_qkv.weight", mixed)).containsExactly(expected);
        GgufTensor taps = numbers(List.of(16L, 1L, 1L));
        assertThat(rearranged("conv1d.weight", taps).shape()).containsExactly(16L, 1L, 1L);
        assertThat(written("conv1d.weight", taps)).containsExactly(expected);
    }

    @Test
    void oneNumberAHeadIsReorderedToo() {
        GgufTensor steps = numbers(List.of(6L));
        assertThat(written("dt_bias", steps)).containsExactly(0, 2, 4, 1, 3, 5);
    }

    @Test
    void columnsOfTheOutputAreReadInOrderWhetherMappedOrWritten() {
        GgufTensor output = numbers(List.of(2L, 12L));
        float[] both = new float[24];
        System.arraycopy(floats(0, IN_ORDER), 0, both, 0, 12);
        System.arraycopy(floats(12, IN_ORDER), 0, both, 12, 12);
        assertThat(written("out_proj.weight", output)).containsExactly(both);
        Matrix mapped = rearranged("out_proj.weight", output).matrix(2, 12).orElseThrow();
        float[] read = new float[24];
        Kernels.scalar().read(mapped, 0, 0, 1, 12, read, 0);
        Kernels.scalar().read(mapped, 1, 0, 1, 12, read, 12);
        assertThat(read).containsExactly(both);
    }

    /// Q8_0: a scale, 2 here, and 32 codes.
    @Test
    void columnsOfBlocksAreReordered() {
        byte[] block = new byte[34];
        block[1] = 0x40;
        IntStream.range(0, 32).forEach(i -> block[2 + i] = (byte) i);
        ValueHeads heads = new ValueHeads(2, 4, 1, 4);
        GgufTensor output =
                new GgufTensor(
                        "o", GgmlType.Q8_0, List.of(1L, 32L), 0, 34, MemorySegment.ofArray(block));
        RearrangedTensor ordered =
                heads.ordered(Place.named("x.linear_attn.out_proj.weight"), output, FILE)
                        .rearranged(output, FILE);
        float[] read = new float[32];
        Kernels.scalar().read(ordered.matrix(1, 32).orElseThrow(), 0, 0, 1, 32, read, 0);
        for (int i = 0; i < 32; i++) {
            int head = i / 4;
            assertThat(read[i]).isEqualTo(2f * (4 * (head % 4 * 2 + head / 4) + i % 4));
        }
    }

    @Test
    void otherSizesAreRefused() {
        GgufTensor gate = numbers(List.of(11L, 1L));
        assertThatThrownBy(() -> rearranged("in_proj_z.weight", gate))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'t' has the shape [11, 1], but 12 were expected");
    }

    @Test
    void aHeadOfValuesToEachOfKeysIsInOrderAlready() {
        Place place = Place.named("x.linear_attn.in_proj_z.weight");
        GgufTensor gate = numbers(List.of(4L, 1L));
        assertThat(new ValueHeads(2, 1, 1, 2).ordered(place, gate, FILE)).isSameAs(place);
    }

    private static RearrangedTensor rearranged(String name, GgufTensor tensor) {
        return HEADS.ordered(Place.named("x.linear_attn." + name), tensor, FILE)
                .rearranged(tensor, FILE);
    }

    private static float[] written(String name, GgufTensor tensor) {
        try (Arena arena = Arena.ofConfined()) {
            Tensor written = rearranged(name, tensor).copied(arena);
            return written.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
    }

    private static float[] floats(int from, int... order) {
        float[] floats = new float[order.length];
        for (int i = 0; i < order.length; i++) {
            floats[i] = from + order[i];
        }
        return floats;
    }

    /// 0, 1, 2 and so on.
    private static GgufTensor numbers(List<Long> shape) {
        int count = (int) (long) shape.stream().reduce(1L, (a, b) -> a * b);
        float[] floats = floats(0, IntStream.range(0, count).toArray());
        return new GgufTensor(
                "t", GgmlType.F32, shape, 0, 4L * count, MemorySegment.ofArray(floats));
    }
}
