package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.DerivedTensor;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import entropylens.kernels.Matrix.Layout;
import entropylens.kernels.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/// What keys and values of latent attention are made by, `[heads · (key + value), inputs]`. In the
/// file they lie apart, as `[heads, inputs, key]` and `[heads, value, inputs]`. Written out, head
/// by head; as float32, unless both are of one type that can be computed with.
final class KeysAndValues implements DerivedTensor {
    /// Any would do: reading is exact.
    private static final Kernels KERNELS = Kernels.best();

    private final String name;
    private final GgufTensor keys;
    private final GgufTensor values;
    private final Path file;

    /// @throws CheckpointException when the two do not go together, or are not read
    KeysAndValues(String name, GgufTensor keys, GgufTensor values, Path file) {
        this.name = name;
        this.keys = keys;
        this.values = values;
        this.file = file;
        boolean fit =
                keys.shape().size() == 3
                        && values.shape().size() == 3
                        && keys.shape().getFirst().equals(values.shape().getFirst())
                        && keys.shape().get(1).equals(values.shape().getLast());
        if (!fit) {
            throw new CheckpointException(
                    "%s: tensors '%s' of shape %s and '%s' of shape %s are not keys and values of the same heads; the file is damaged, download it again"
                            .formatted(
                                    file,
                                    keys.name(),
                                    keys.shape(),
                                    values.name(),
                                    values.shape()));
        }
        keyRows(0);
        valueRows(0);
    }

    private RearrangedTensor keyRows(int head) {
        return Place.named(name).asTransposed().rearranged(keys.slice(head), file);
    }

    private RearrangedTensor valueRows(int head) {
        return Place.named(name).rearranged(values.slice(head), file);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public DType dtype() {
        return keys.type() == values.type() ? keys.type().dtype().orElse(DType.F32) : DType.F32;
    }

    @Override
    public List<Long> shape() {
        long rows = Math.addExact(keys.shape().getLast(), values.shape().get(1));
        return List.of(Math.multiplyExact(keys.shape().getFirst(), rows), keys.shape().get(1));
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public long storedBytes() {
        return keys.bytes() + values.bytes();
    }

    @Override
    public String storedAs() {
        return keys.type().name();
    }

    @Override
    public Tensor copied(Arena arena) {
        MemorySegment to = arena.allocate(elements() * dtype().bytes(), Long.BYTES);
        long at = 0;
        for (int head = 0; head < keys.shape().getFirst(); head++) {
            try (Arena ofHead = Arena.ofConfined()) {
                at += copy(keyRows(head).copied(ofHead), to, at);
                at += copy(valueRows(head).copied(ofHead), to, at);
            }
        }
        return new Tensor(name, dtype(), shape(), to.asReadOnly(), file);
    }

    private long copy(Tensor rows, MemorySegment to, long at) {
        MemorySegment from = rows.dtype() == dtype() ? rows.data() : widened(rows);
        MemorySegment.copy(from, 0, to, at, from.byteSize());
        return from.byteSize();
    }

    private static MemorySegment widened(Tensor rows) {
        float[] floats = new float[Math.toIntExact(rows.elements())];
        WeightType type = rows.dtype() == DType.BF16 ? WeightType.BF16 : WeightType.F16;
        Matrix stored = Matrix.dense(rows.data(), type, 1, floats.length, Layout.OUT_IN);
        KERNELS.read(stored, 0, 0, 1, floats.length, floats, 0);
        return MemorySegment.ofArray(floats);
    }
}
