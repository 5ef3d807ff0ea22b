package entropylens.onednn;

import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import entropylens.kernels.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/// What one thread computes with: primitives by shape, and memory that is reused. One thread sits
/// at it at a time ([Desks]).
final class Desk implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private record Shape(int outputs, int inputs, int stride, int rows) {}

    private record Rounding(int outputs, int inputs, int stride) {}

    /// A product, and what packs its rows.
    record Product(Primitive multiply, Primitive pack) {}

    private final OneDnn library;
    private final Kernels kernels;
    private final Map<Shape, Product> products = new HashMap<>();
    private final Map<Rounding, Primitive> roundings = new HashMap<>();
    private float[] read = new float[0];
    private MemorySegment floats = MemorySegment.NULL;
    private MemorySegment rounded = MemorySegment.NULL;
    private MemorySegment computed = MemorySegment.NULL;

    Desk(OneDnn library, Kernels kernels) {
        this.library = library;
        this.kernels = kernels;
    }

    /// The product of a shape.
    Product product(int outputs, int inputs, int stride, int rows) {
        return products.computeIfAbsent(
                new Shape(outputs, inputs, stride, rows),
                shape -> {
                    Primitive multiply = Primitive.product(library, outputs, inputs, stride, rows);
                    return new Product(multiply, multiply.packing(rows, inputs));
                });
    }

    /// Whether weights are multiplied where they lie: those in bfloat16. Of an odd number of
    /// inputs, the last pair would reach beyond the matrix.
    private static boolean inPlace(Matrix matrix) {
        return matrix instanceof DenseMatrix dense
                && dense.type() == WeightType.BF16
                && dense.inputs() % 2 == 0;
    }

    /// Distance between two outputs of what [#weights] gives, in weights.
    static int stride(Matrix matrix) {
        return inPlace(matrix) ? ((DenseMatrix) matrix).stride() : matrix.inputs();
    }

    /// The outputs `[from, from + count)` of a matrix stored OUT_IN, in bfloat16 and with a stride
    /// of [#stride]; where they had to be rounded, valid until the next call.
    MemorySegment weights(Matrix matrix, int from, int count) {
        Matrix panel = matrix.outputs(from, from + count);
        if (inPlace(matrix)) {
            return ((DenseMatrix) panel).data();
        }
        int inputs = matrix.inputs();
        rounded = grown(rounded, 2L * count * inputs);
        if (panel instanceof DenseMatrix dense && dense.type() == WeightType.F32) {
            rounding(count, inputs, dense.stride()).run(dense.data(), rounded);
        } else {
            rounding(count, inputs, inputs).run(widened(panel, count, inputs), rounded);
        }
        return rounded;
    }

    /// Weights of another type, as float32.
    private MemorySegment widened(Matrix panel, int count, int inputs) {
        int size = count * inputs;
        if (read.length < size) {
            read = new float[size];
        }
        kernels.read(panel, 0, 0, count, inputs, read, 0);
        MemorySegment copy = floats(size);
        MemorySegment.copy(read, 0, copy, ValueLayout.JAVA_FLOAT, 0, size);
        return copy;
    }

    private Primitive rounding(int outputs, int inputs, int stride) {
        return roundings.computeIfAbsent(
                new Rounding(outputs, inputs, stride),
                shape -> Primitive.rounding(library, outputs, inputs, stride));
    }

    /// Memory for so many floats, with arbitrary contents, until the next call.
    MemorySegment floats(int count) {
        floats = grown(floats, (long) count * Float.BYTES);
        return floats;
    }

    /// Memory for so many products, with arbitrary contents, until the next call.
    MemorySegment computed(int count) {
        computed = grown(computed, (long) count * Float.BYTES);
        return computed;
    }

    /// Memory of at least so many bytes: that which is there, or larger one.
    static MemorySegment grown(MemorySegment memory, long bytes) {
        return memory.byteSize() >= bytes ? memory : Arena.ofAuto().allocate(bytes, ALIGNMENT);
    }

    @Override
    public void close() {
        products.values()
                .forEach(product -> {
                    product.pack.close();
                    product.multiply.close();
                });
        roundings.values().forEach(Primitive::close);
    }
}
