package entropylens.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/// A view in a torch file that is not contiguous: element `(i, j)` lies at `i * strides[0] + j *
/// strides[1]`. GPT-J's published `lm_head.weight` is one: it was saved transposed.
///
/// @param name the tensor's name in the file
/// @param dtype the element type
/// @param shape the sizes, outermost first
/// @param strides how many elements lie between neighbours, per size; never negative
/// @param data the storage from the first element to the last, within the mapping
/// @param file where it lies, for messages
record StridedTensor(
        String name,
        DType dtype,
        List<Long> shape,
        List<Long> strides,
        MemorySegment data,
        Path file)
        implements DerivedTensor {

    /// A tile of both matrices stays in the cache.
    private static final int TILE = 32;

    /// The matrix written out row by row, in memory of `arena`: the one place where weights are
    /// copied, since nothing computes on strided rows.
    ///
    /// @throws CheckpointException when it is no matrix, or of a type that is not computed with
    @Override
    public Tensor copied(Arena arena) {
        if (shape.size() != 2 || repeats()) {
            throw new CheckpointException(
                    "%s: tensor '%s' of shape %s is a view with strides %s, and only matrices whose elements are stored once each are read that way; %s"
                            .formatted(file, name, shape, strides, TorchFile.advice(file)));
        }
        long rows = shape.getFirst();
        long columns = shape.getLast();
        MemorySegment copy = arena.allocate(rows * columns * dtype.bytes(), Long.BYTES);
        for (long row = 0; row < rows; row += TILE) {
            for (long column = 0; column < columns; column += TILE) {
                copyTile(copy, row, column);
            }
        }
        return new Tensor(name, dtype, shape, copy.asReadOnly(), file);
    }

    @Override
    public long storedBytes() {
        return data.byteSize();
    }

    @Override
    public boolean repeats() {
        return elements() > data.byteSize() / dtype.bytes();
    }

    private void copyTile(MemorySegment copy, long row, long column) {
        long rowEnd = Math.min(row + TILE, shape.getFirst());
        long columns = shape.getLast();
        long columnEnd = Math.min(column + TILE, columns);
        for (long i = row; i < rowEnd; i++) {
            for (long j = column; j < columnEnd; j++) {
                copyElement(copy, i * columns + j, i * strides.getFirst() + j * strides.getLast());
            }
        }
    }

    private void copyElement(MemorySegment copy, long to, long from) {
        if (dtype.bytes() == Float.BYTES) {
            int bits = data.get(ValueLayout.JAVA_INT_UNALIGNED, from * Float.BYTES);
            copy.set(ValueLayout.JAVA_INT_UNALIGNED, to * Float.BYTES, bits);
        } else {
            short bits = data.get(ValueLayout.JAVA_SHORT_UNALIGNED, from * Short.BYTES);
            copy.set(ValueLayout.JAVA_SHORT_UNALIGNED, to * Short.BYTES, bits);
        }
    }
}
