package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.CodedMatrix;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import entropylens.kernels.RowDecoder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A matrix whose rows are those of two matrices of the file, in another order. They stay where
/// they are, and are found as they are read.
final class JoinedRows implements MappedTensor {
    /// Any would do: reading is exact.
    private static final Kernels KERNELS = Kernels.best();

    private final String name;
    private final GgufTensor first;
    private final GgufTensor second;
    private final Path file;

    /// Which row each row is; those of the second matrix are counted after those of the first.
    private final int[] order;

    private JoinedRows(String name, GgufTensor first, GgufTensor second, Path file, int[] order) {
        this.name = name;
        this.first = first;
        this.second = second;
        this.file = file;
        this.order = order;
    }

    /// Of a delta net: in the file stand queries, keys and values, and in another matrix what gates
    /// them, each for all heads; there stands, for each head of keys, its share of all four.
    ///
    /// @param heads of keys
    /// @param key elements of a query, or of a key
    /// @param values elements of all values
    static JoinedRows ofDeltaNet(
            String name,
            GgufTensor mixed,
            GgufTensor gate,
            Path file,
            int heads,
            int key,
            int values) {
        long keys = (long) heads * key;
        requireRows(mixed, 2 * keys + values, file);
        requireRows(gate, values, file);
        if (mixed.rowWeights() != gate.rowWeights()) {
            throw new CheckpointException(
                    "%s: tensors '%s' of shape %s and '%s' of shape %s do not read the same; the file is damaged, download it again"
                            .formatted(
                                    file, mixed.name(), mixed.shape(), gate.name(), gate.shape()));
        }
        int value = values / heads;
        int[] widths = {key, key, value, value};
        int[] order = new int[Math.toIntExact(2 * (keys + values))];
        int row = 0;
        for (int head = 0; head < heads; head++) {
            int from = 0;
            for (int width : widths) {
                for (int i = 0; i < width; i++) {
                    order[row++] = from + head * width + i;
                }
                from += heads * width;
            }
        }
        return new JoinedRows(name, mixed, gate, file, order);
    }

    private static void requireRows(GgufTensor tensor, long rows, Path file) {
        if (tensor.shape().size() != 2 || tensor.shape().getFirst() != rows) {
            throw new CheckpointException(
                    "%s: tensor '%s' has the shape %s, but %,d rows were expected of its heads; the file is damaged, download it again"
                            .formatted(file, tensor.name(), tensor.shape(), rows));
        }
        Place.named(tensor.name()).rearranged(tensor, file); // or says that it is not read
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public List<Long> shape() {
        return List.of((long) order.length, first.rowWeights());
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public long storedBytes() {
        return first.bytes() + second.bytes();
    }

    @Override
    public String storedAs() {
        return first.type().name();
    }

    @Override
    public Optional<Matrix> matrix(int outputs, int inputs) {
        double bytes = (double) storedBytes() / order.length;
        return Optional.of(new CodedMatrix(storedAs(), rows(), 0, outputs, inputs, bytes));
    }

    private RowDecoder rows() {
        Matrix one = stored(first);
        Matrix other = stored(second);
        int inputs = one.inputs();
        return (output, to, at) -> {
            int row = order[output];
            if (row < one.outputs()) {
                KERNELS.read(one, row, 0, 1, inputs, to, at);
            } else {
                KERNELS.read(other, row - one.outputs(), 0, 1, inputs, to, at);
            }
        };
    }

    private Matrix stored(GgufTensor tensor) {
        return Place.named(name)
                .rearranged(tensor, file)
                .matrix(Math.toIntExact(tensor.rows()), Math.toIntExact(tensor.rowWeights()))
                .orElseThrow();
    }

    @Override
    public Tensor copied(Arena arena) {
        int inputs = Math.toIntExact(first.rowWeights());
        MemorySegment to = arena.allocate(elements() * Float.BYTES, Long.BYTES);
        RowDecoder rows = rows();
        float[] row = new float[inputs];
        for (int output = 0; output < order.length; output++) {
            rows.decode(output, row, 0);
            MemorySegment.copy(
                    row,
                    0,
                    to,
                    ValueLayout.JAVA_FLOAT,
                    (long) output * inputs * Float.BYTES,
                    inputs);
        }
        return new Tensor(name, DType.F32, shape(), to.asReadOnly(), file);
    }
}
