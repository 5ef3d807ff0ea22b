package entropylens.gguf;

import entropylens.checkpoint.DType;
import entropylens.checkpoint.DerivedTensor;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.BlockFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A tensor whose order or whose kind of weights is not that of Hugging Face. Written out, it is:
/// quantised weights become float32, others keep their type.
///
/// A row is what is contiguous in the file: the inputs of one output, or one number of a vector.
/// Rows are reordered as a whole, so whoever computes with blocks as they are can do it with
/// [#format], [#data] and [#row].
public final class RearrangedTensor implements DerivedTensor {
    /// Rows of a transposed matrix that are written at a time.
    private static final int TILE = 32;

    private final String name;
    private final GgufTensor source;
    private final Place place;
    private final Path file;

    RearrangedTensor(Place place, GgufTensor source, Path file) {
        this.name = place.name();
        this.source = source;
        this.place = place;
        this.file = file;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public DType dtype() {
        return source.type().dtype().orElse(DType.F32);
    }

    @Override
    public List<Long> shape() {
        return place.shape(source);
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public long storedBytes() {
        return rows() * rowBytes();
    }

    @Override
    public String storedAs() {
        return source.type().name();
    }

    /// How blocks of its weights are decoded; empty where each weight stands alone.
    public Optional<BlockFormat> format() {
        return source.type().format();
    }

    /// All rows of the tensor of the file, as they lie there.
    public MemorySegment data() {
        return source.data();
    }

    /// Rows of this tensor.
    public int rows() {
        int[] order = place.rows();
        return order == null ? Math.toIntExact(storedRows()) : order.length;
    }

    /// Which row of the file's tensor is row `row` of this one.
    public int row(int row) {
        int[] order = place.rows();
        return order == null ? row : order[row];
    }

    /// Whether rows of the file are columns here.
    public boolean isTransposed() {
        return place.transposed();
    }

    private boolean isVector() {
        return source.shape().size() == 1 && source.type().blockWeights() == 1;
    }

    private long storedRows() {
        return isVector() ? source.rowWeights() : source.rows();
    }

    private int rowWeights() {
        return isVector() ? 1 : Math.toIntExact(source.rowWeights());
    }

    private long rowBytes() {
        return isVector() ? source.type().blockBytes() : source.rowBytes();
    }

    @Override
    public Tensor copied(Arena arena) {
        long bytes = (long) rows() * rowWeights() * dtype().bytes();
        MemorySegment to = arena.allocate(bytes, Long.BYTES);
        RowReader reader = new RowReader(source, rowWeights(), rowBytes(), place.added());
        if (place.transposed()) {
            transpose(reader, to);
        } else {
            long width = (long) rowWeights() * dtype().bytes();
            for (int row = 0; row < rows(); row++) {
                reader.read(row(row));
                MemorySegment.copy(reader.row(), 0, to, row * width, width);
            }
        }
        return new Tensor(name, dtype(), shape(), to.asReadOnly(), file);
    }

    private void transpose(RowReader reader, MemorySegment to) {
        int size = dtype().bytes();
        int rows = rows();
        int columns = rowWeights();
        byte[] tile = new byte[TILE * columns * size];
        MemorySegment tiled = MemorySegment.ofArray(tile);
        for (int first = 0; first < rows; first += TILE) {
            int count = Math.min(TILE, rows - first);
            for (int i = 0; i < count; i++) {
                reader.read(row(first + i));
                scatter(reader.row(), tiled, i, count, columns, size);
            }
            for (int column = 0; column < columns; column++) {
                MemorySegment.copy(
                        tiled,
                        (long) column * count * size,
                        to,
                        ((long) column * rows + first) * size,
                        (long) count * size);
            }
        }
    }

    /// Puts a row into column `at` of a tile of `count` columns.
    private static void scatter(
            MemorySegment row, MemorySegment tile, int at, int count, int columns, int size) {
        for (int column = 0; column < columns; column++) {
            long to = ((long) column * count + at) * size;
            if (size == Float.BYTES) {
                int bits = row.get(ValueLayout.JAVA_INT_UNALIGNED, (long) column * size);
                tile.set(ValueLayout.JAVA_INT_UNALIGNED, to, bits);
            } else {
                short bits = row.get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) column * size);
                tile.set(ValueLayout.JAVA_SHORT_UNALIGNED, to, bits);
            }
        }
    }

    /// Rows of the file's tensor, one at a time, decoded where they must be.
    private static final class RowReader {
        private final GgufTensor source;
        private final long rowBytes;
        private final float added;
        private final @Nullable BlockFormat format;
        private final float[] decoded;
        private MemorySegment row;

        RowReader(GgufTensor source, int rowWeights, long rowBytes, float added) {
            this.source = source;
            this.rowBytes = rowBytes;
            this.added = added;
            this.format = source.type().format().orElse(null);
            this.decoded = new float[format == null && added == 0 ? 0 : rowWeights];
            this.row = MemorySegment.ofArray(decoded);
        }

        void read(int index) {
            long at = index * rowBytes;
            if (format != null) {
                format.decode(source.data(), at, decoded.length / format.weights(), decoded, 0);
            } else if (added == 0) {
                row = source.data().asSlice(at, rowBytes);
                return;
            } else {
                MemorySegment.copy(
                        source.data(),
                        ValueLayout.JAVA_FLOAT_UNALIGNED,
                        at,
                        decoded,
                        0,
                        decoded.length);
            }
            if (added != 0) {
                for (int i = 0; i < decoded.length; i++) {
                    decoded[i] += added;
                }
            }
        }

        MemorySegment row() {
            return row;
        }
    }
}
