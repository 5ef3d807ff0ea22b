package entropylens.gguf;

import entropylens.checkpoint.DType;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.BlockFormat;
import entropylens.kernels.CodedMatrix;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Matrix;
import entropylens.kernels.Matrix.Layout;
import entropylens.kernels.RowDecoder;
import entropylens.kernels.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A tensor whose order or whose kind of weights is not that of Hugging Face. As a [#matrix] it
/// stays as the file has it, and rows are decoded, or found in their order, as they are read.
/// Written out, quantised weights become float32, others keep their type.
///
/// A row is what is contiguous in the file: the inputs of one output, or one number of a vector.
public final class RearrangedTensor implements MappedTensor {
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

    @Override
    public Optional<Matrix> matrix(int outputs, int inputs) {
        if (source.shape().size() != 2 || place.added() != 0 || rows() != outputs) {
            return Optional.empty();
        }
        int[] order = place.rows();
        BlockFormat format = source.type().format().orElse(null);
        if (format != null) {
            MappedBlocks rows = new MappedBlocks(format, source.data(), inputs, order);
            return Optional.of(coded(columns(rows), outputs, inputs));
        }
        int stored = Math.toIntExact(storedRows());
        DenseMatrix dense =
                Matrix.dense(source.data(), weightType(), stored, inputs, Layout.OUT_IN);
        if (order == null && place.columns() == null) {
            return Optional.of(dense);
        }
        int[] all = order == null ? IntStream.range(0, stored).toArray() : order;
        return Optional.of(coded(columns(new OrderedRows(dense, all)), outputs, inputs));
    }

    private RowDecoder columns(RowDecoder rows) {
        int[] columns = place.columns();
        return columns == null ? rows : new OrderedColumns(rows, columns);
    }

    private CodedMatrix coded(RowDecoder rows, int outputs, int inputs) {
        return new CodedMatrix(storedAs(), rows, 0, outputs, inputs, rowBytes());
    }

    private WeightType weightType() {
        return switch (dtype()) {
            case F32 -> WeightType.F32;
            case F16 -> WeightType.F16;
            case BF16 -> WeightType.BF16;
            default -> throw new IllegalStateException("a place let through " + dtype());
        };
    }

    /// Rows of this tensor.
    private int rows() {
        int[] order = place.rows();
        return order == null ? Math.toIntExact(storedRows()) : order.length;
    }

    private int row(int row) {
        int[] order = place.rows();
        return order == null ? row : order[row];
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
                write(reader.row(), to, row * width, width);
            }
        }
        return new Tensor(name, dtype(), shape(), to.asReadOnly(), file);
    }

    private void write(MemorySegment row, MemorySegment to, long at, long width) {
        int[] columns = place.columns();
        if (columns == null) {
            MemorySegment.copy(row, 0, to, at, width);
            return;
        }
        int size = dtype().bytes();
        for (int i = 0; i < columns.length; i++) {
            MemorySegment.copy(row, (long) columns[i] * size, to, at + (long) i * size, size);
        }
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
