package entropylens.cuda.driver;

import static entropylens.cuda.driver.NativeLibrary.INT;
import static entropylens.cuda.driver.NativeLibrary.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// How cuBLASLt computes products of one shape: descriptors, and the algorithm that its heuristic
/// names first. cuBLAS stores columns together, so it is told of `Yᵀ = W Xᵀ`: D is `outputs ×
/// rows`.
final class ProductPlan {
    /// @param weights type, sizes and layout; its address counts for its alignment only
    /// @param alignment bytes that all addresses are multiples of
    record Shape(
            DataType type,
            int outputs,
            int inputs,
            boolean outIn,
            long stride,
            int rows,
            long xStride,
            long yStride,
            boolean tf32,
            int alignment) {}

    private static final int COMPUTE_32F = 68;
    private static final int COMPUTE_32F_FAST_TF32 = 77;
    private static final int TRANSA = 3;
    private static final int MAX_WORKSPACE = 1;
    private static final int MIN_ALIGNMENT_A = 5;
    private static final int ALIGNMENTS = 4;

    /// `cublasLtMatmulHeuristicResult_t`: 64 bytes of algorithm, size_t of workspace, status.
    private static final int RESULT_BYTES = 96;

    private static final int STATE_AT = 72;

    private final ProductFunctions functions;
    private final long library;
    private final Shape shape;
    private final Arena arena = Arena.ofAuto();
    private final long desc;
    private final long w;
    private final long x;
    private final long y;
    private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1f);
    private final MemorySegment zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0f);
    private final MemorySegment algorithm;

    ProductPlan(ProductFunctions functions, long library, Shape shape, long workspaceBytes) {
        this.functions = functions;
        this.library = library;
        this.shape = shape;
        desc =
                created(
                        functions.descCreate,
                        shape.tf32 ? COMPUTE_32F_FAST_TF32 : COMPUTE_32F,
                        DataType.FLOAT32.code());
        set(functions.descSetAttribute, desc, TRANSA, shape.outIn ? 1 : 0);
        int type = shape.type.code();
        w =
                shape.outIn
                        ? layout(type, shape.inputs, shape.outputs, shape.stride)
                        : layout(type, shape.outputs, shape.inputs, shape.stride);
        x = layout(type, shape.inputs, shape.rows, shape.xStride);
        y = layout(DataType.FLOAT32.code(), shape.outputs, shape.rows, shape.yStride);
        algorithm = algorithm(workspaceBytes);
    }

    private MemorySegment algorithm(long workspaceBytes) {
        long preference = created(functions.preferenceCreate);
        try {
            MemorySegment bytes = arena.allocateFrom(LONG, workspaceBytes);
            check(
                    functions.preferenceSetAttribute,
                    functions.preferenceSetAttribute.call(
                            preference, MAX_WORKSPACE, bytes.address(), (long) Long.BYTES));
            for (int side = 0; side < ALIGNMENTS; side++) {
                set(
                        functions.preferenceSetAttribute,
                        preference,
                        MIN_ALIGNMENT_A + side,
                        shape.alignment);
            }
            MemorySegment result = arena.allocate(RESULT_BYTES, Long.BYTES);
            MemorySegment found = arena.allocate(INT);
            int status =
                    functions.getHeuristic.call(
                            library,
                            desc,
                            w,
                            x,
                            y,
                            y,
                            preference,
                            1,
                            result.address(),
                            found.address());
            if (status != 0 || found.get(INT, 0) < 1 || result.get(INT, STATE_AT) != 0) {
                throw new CudaException(
                        CudaException.Kind.FAILED,
                        "cuBLASLt knows no way to multiply %s (%s)"
                                .formatted(shape, ProductFunctions.describe(status)));
            }
            return result;
        } finally {
            int ignored = functions.preferenceDestroy.call(preference);
        }
    }

    /// Queues the product.
    ///
    /// @return status
    int run(
            long weights,
            long from,
            long to,
            boolean accumulate,
            long workspace,
            long workspaceBytes,
            long stream) {
        try {
            return (int)
                    functions
                            .matmul
                            .handle()
                            .invokeExact(
                                    library,
                                    desc,
                                    one.address(),
                                    weights,
                                    w,
                                    from,
                                    x,
                                    accumulate ? one.address() : zero.address(),
                                    to,
                                    y,
                                    to,
                                    y,
                                    algorithm.address(),
                                    workspace,
                                    workspaceBytes,
                                    stream);
        } catch (Throwable e) {
            throw functions.matmul.unexpected(e);
        }
    }

    /// Gives the descriptors back.
    void close() {
        for (long layout : new long[] {w, x, y}) {
            int ignored = functions.layoutDestroy.call(layout);
        }
        int ignored = functions.descDestroy.call(desc);
    }

    private long layout(int type, long rows, long columns, long leading) {
        return created(functions.layoutCreate, type, rows, columns, leading);
    }

    private void set(NativeFunction function, long object, int attribute, int value) {
        MemorySegment bytes = arena.allocateFrom(INT, value);
        check(function, function.call(object, attribute, bytes.address(), (long) Integer.BYTES));
    }

    private long created(NativeFunction function, Object... rest) {
        MemorySegment out = arena.allocate(LONG);
        Object[] all = new Object[rest.length + 1];
        all[0] = out.address();
        System.arraycopy(rest, 0, all, 1, rest.length);
        check(function, function.call(all));
        return out.get(LONG, 0);
    }

    private void check(NativeFunction function, int status) {
        if (status != 0) {
            throw new CudaException(
                    CudaException.Kind.FAILED,
                    "%s gives %s".formatted(function.name(), ProductFunctions.describe(status)));
        }
    }
}
