package entropylens.cuda;

import entropylens.cuda.driver.CudaException;
import entropylens.cuda.driver.DataType;
import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Gpu;
import entropylens.cuda.driver.Operand;
import entropylens.kernels.CodedMatrix;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import entropylens.kernels.Precision;
import entropylens.kernels.WeightType;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The weights that are on a device, each matrix copied once. In float32 and TF32 they stay in the
/// type of their file; in bfloat16 and float16 others are rounded to it as they are copied.
/// Quantised ones are decoded on the processor, to float32, and then rounded likewise.
///
/// Safe to use from several threads.
public final class DeviceWeights {
    /// Bytes that are copied or decoded at a time.
    private static final long PIECE = 32L << 20;

    /// Left free for activations, KV caches and scratch: the least that a run can do with.
    private static final long RESERVE = 256L << 20;

    private final Gpu gpu;
    private final Precision precision;
    private final Kernels kernels;
    private final Map<Matrix, Operand> operands = new HashMap<>();
    private final Map<Long, DeviceMemory> memories = new HashMap<>();

    DeviceWeights(Gpu gpu, Precision precision, Kernels kernels) {
        this.gpu = gpu;
        this.precision = precision;
        this.kernels = kernels;
    }

    /// Copies matrices to the device.
    ///
    /// @throws CudaException of the kind OUT_OF_MEMORY, before anything is copied, when they do not
    ///   fit
    public synchronized void load(Collection<Matrix> matrices) {
        long needed = bytesToCome(matrices);
        long free = gpu.freeBytes();
        if (needed + Math.min(RESERVE, gpu.totalBytes() / 16) > free) {
            throw new CudaException(
                    CudaException.Kind.OUT_OF_MEMORY,
                    String.format(
                            Locale.ROOT,
                            "the model's weights need %.2f GiB of GPU memory in %s, beside room for activations, but %s has %.2f GiB free; bfloat16 halves weights that are stored as float32, other programs on the GPU take memory too ('nvidia-smi' lists them), and the processor runs any model that fits the machine",
                            gib(needed),
                            precision.word(),
                            gpu.name(),
                            gib(free)));
        }
        for (Matrix matrix : matrices) {
            operand(matrix);
        }
    }

    /// Bytes of those that are not on the device yet.
    synchronized long bytesToCome(Collection<Matrix> matrices) {
        long needed = 0;
        for (Matrix matrix : matrices) {
            needed += operands.containsKey(matrix) ? 0 : bytes(matrix);
        }
        return needed;
    }

    private static double gib(long bytes) {
        return bytes / (double) (1L << 30);
    }

    /// Bytes that a matrix takes on the device.
    public long bytes(Matrix matrix) {
        return (long) matrix.outputs() * matrix.inputs() * type(matrix).bytes();
    }

    /// How its weights are kept on the device.
    private DataType type(Matrix matrix) {
        return switch (precision) {
            case BFLOAT16, FLOAT16 -> DataType.of(precision);
            case FLOAT32, TF32 -> storedType(matrix);
        };
    }

    private static DataType storedType(Matrix matrix) {
        return switch (matrix) {
            case CodedMatrix coded -> DataType.FLOAT32;
            case DenseMatrix dense -> typeOf(dense.type());
        };
    }

    private static DataType typeOf(WeightType type) {
        return switch (type) {
            case F32 -> DataType.FLOAT32;
            case F16 -> DataType.FLOAT16;
            case BF16 -> DataType.BFLOAT16;
        };
    }

    /// A matrix on the device; copied there when it is asked for first.
    public synchronized Operand operand(Matrix matrix) {
        Operand there = operands.get(matrix);
        if (there == null) {
            there = copied(matrix);
            operands.put(matrix, there);
        }
        return there;
    }

    /// Takes memory that holds a matrix already, without gaps and in the type that it is kept in;
    /// it is given back with the others.
    synchronized Operand place(Matrix matrix, DeviceMemory memory) {
        Operand placed =
                Operand.dense(
                        memory,
                        type(matrix),
                        matrix.outputs(),
                        matrix.inputs(),
                        matrix.layout() == Matrix.Layout.OUT_IN);
        operands.put(matrix, placed);
        memories.put(memory.address(), memory);
        return placed;
    }

    private Operand copied(Matrix matrix) {
        DataType type = type(matrix);
        DeviceMemory memory = gpu.allocate(bytes(matrix), "a weight matrix");
        boolean outIn = matrix.layout() == Matrix.Layout.OUT_IN;
        Operand to = Operand.dense(memory, type, matrix.outputs(), matrix.inputs(), outIn);
        try {
            fill(matrix, memory, to);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
        memories.put(memory.address(), memory);
        return to;
    }

    private void fill(Matrix matrix, DeviceMemory memory, Operand to) {
        int lines = to.outIn() ? to.outputs() : to.inputs();
        int width = to.outIn() ? to.inputs() : to.outputs();
        DataType from = storedType(matrix);
        int perPiece = (int) Math.clamp(PIECE / ((long) width * from.bytes()), 1, lines);
        for (int line = 0; line < lines; line += perPiece) {
            int count = Math.min(perPiece, lines - line);
            MemorySegment piece = piece(matrix, line, count, width);
            long at = (long) line * width * to.type().bytes();
            if (from == to.type()) {
                memory.copyFrom(piece, at);
            } else {
                round(piece, from, memory.address() + at, to.type(), count, width);
            }
        }
    }

    /// Lines of a matrix, one after the other, as they are stored; of a quantised one, decoded.
    private MemorySegment piece(Matrix matrix, int line, int count, int width) {
        if (matrix instanceof DenseMatrix dense) {
            return lines(dense, line, count, width);
        }
        float[] decoded = new float[Math.multiplyExact(count, width)];
        kernels.read(matrix, line, 0, count, width, decoded, 0);
        return MemorySegment.ofArray(decoded);
    }

    private static MemorySegment lines(DenseMatrix dense, int line, int count, int width) {
        long bytes = dense.type().bytes();
        long first = (long) line * dense.stride() * bytes;
        if (dense.stride() == width) {
            return dense.data().asSlice(first, count * width * bytes);
        }
        MemorySegment gathered =
                MemorySegment.ofArray(new byte[Math.toIntExact(count * width * bytes)]);
        for (int i = 0; i < count; i++) {
            MemorySegment.copy(
                    dense.data(),
                    first + i * dense.stride() * bytes,
                    gathered,
                    i * width * bytes,
                    width * bytes);
        }
        return gathered;
    }

    private void round(
            MemorySegment piece, DataType from, long to, DataType type, int count, int width) {
        try (DeviceMemory scratch = gpu.pool().take(piece.byteSize(), "weights to be rounded")) {
            scratch.copyFrom(piece, 0);
            gpu.products()
                    .conversions()
                    .convert(
                            gpu.stream(),
                            scratch.address(),
                            from,
                            to,
                            type,
                            count,
                            width,
                            width,
                            width);
        }
    }

    /// Gives all of it back.
    synchronized void close() {
        memories.values().forEach(DeviceMemory::close);
        memories.clear();
        operands.clear();
    }
}
