package entropylens.cuda.driver;

import static entropylens.cuda.driver.NativeLibrary.LONG;

import entropylens.kernels.Precision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// Matrix products on one GPU, by cuBLASLt: float32 sums in every [Precision]. Work is only queued.
///
/// cuBLASLt multiplies numbers of one type. Where weights or activations have another, they are
/// converted on the device first: activations whole, weights some outputs at a time, in scratch
/// memory that belongs to the stream. How many rows are multiplied together decides cuBLASLt's
/// algorithm, and so the order of the sums.
public final class Products {
    /// What NVIDIA recommends for Hopper; older GPUs need less.
    private static final long WORKSPACE_BYTES = 32L << 20;

    /// Of weights that are converted for a product: large enough that a product of a tile is as
    /// fast as a whole one.
    private static final long CONVERTED_BYTES = 64L << 20;

    private final Gpu gpu;
    private final Driver driver;
    private final ProductFunctions functions;
    private final long library;
    private final Conversions conversions;
    private final Map<ProductPlan.Shape, ProductPlan> plans = new HashMap<>();
    private final Map<Stream, ScratchMemory> scratches = new HashMap<>();

    Products(Gpu gpu, ProductFunctions functions) {
        this.gpu = gpu;
        this.driver = gpu.driver();
        this.functions = functions;
        this.conversions = new Conversions(gpu);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(LONG);
            check(functions.create, functions.create.call(out.address()), "the first call");
            library = out.get(LONG, 0);
        }
    }

    /// Conversions between types.
    public Conversions conversions() {
        return conversions;
    }

    /// `y[r] = W x[r]` for all rows, or `y[r] += W x[r]`, in a precision.
    ///
    /// @param weights of any type
    /// @param x float32, `rows × inputs`, without gaps
    /// @param y float32, `rows × outputs`
    /// @param yStride floats from one row of y to the next
    public synchronized void multiply(
            Stream stream,
            Precision precision,
            Operand weights,
            long x,
            int rows,
            long y,
            long yStride,
            boolean accumulate) {
        boolean tf32 = precision == Precision.TF32;
        long inputs = rounded(stream, precision, x, rows, weights.inputs());
        for (int from = 0, to; from < weights.outputs(); from = to) {
            to = from + perTile(weights, precision, from);
            Operand tile = converted(stream, precision, weights.outputs(from, to));
            long at = y + (long) from * Float.BYTES;
            multiply(stream, tile, inputs, rows, at, yStride, accumulate, tf32);
        }
    }

    /// `y[o][r] = (W x[r])[o]`: as [#multiply], with the products of one output together.
    ///
    /// @param weights whose inputs lie together
    /// @param x float32, `rows × inputs`, without gaps
    /// @param y float32, `outputs × rows`
    /// @param yStride floats from one output of y to the next
    public synchronized void columns(
            Stream stream,
            Precision precision,
            Operand weights,
            long x,
            int rows,
            long y,
            long yStride) {
        DataType type = DataType.of(precision);
        boolean tf32 = precision == Precision.TF32;
        int d = weights.inputs();
        Operand inputs =
                new Operand(rounded(stream, precision, x, rows, d), type, rows, d, true, d);
        for (int from = 0, to; from < weights.outputs(); from = to) {
            to = from + perTile(weights, precision, from);
            Operand tile = converted(stream, precision, weights.outputs(from, to));
            if (!tile.outIn() || tile.stride() != d) {
                throw new IllegalArgumentException("columns of a matrix whose inputs lie together");
            }
            long at = y + from * yStride * Float.BYTES;
            multiply(stream, inputs, tile.address(), to - from, at, yStride, false, tf32);
        }
    }

    /// Activations in the type of a precision.
    private long rounded(Stream stream, Precision precision, long x, int rows, int inputs) {
        DataType type = DataType.of(precision);
        if (type == DataType.FLOAT32) {
            return x;
        }
        long to = scratch(stream, "rounded activations", (long) rows * inputs * type.bytes());
        conversions.convert(stream, x, DataType.FLOAT32, to, type, rows, inputs, inputs, inputs);
        return to;
    }

    /// As the other, of activations that have the type of the weights already.
    ///
    /// @param x of the weights' type, `rows × inputs`, without gaps
    /// @param tf32 whether float32 is rounded to TF32 when it is multiplied
    public synchronized void multiply(
            Stream stream,
            Operand weights,
            long x,
            int rows,
            long y,
            long yStride,
            boolean accumulate,
            boolean tf32) {
        driver.bind();
        long workspace = scratch(stream, "the workspace of products", WORKSPACE_BYTES);
        long bits = weights.address() | x | y | 256;
        ProductPlan.Shape shape =
                new ProductPlan.Shape(
                        weights.type(),
                        weights.outputs(),
                        weights.inputs(),
                        weights.outIn(),
                        weights.stride(),
                        rows,
                        weights.inputs(),
                        yStride,
                        tf32,
                        (int) Long.lowestOneBit(bits));
        ProductPlan plan =
                plans.computeIfAbsent(
                        shape, s -> new ProductPlan(functions, library, s, WORKSPACE_BYTES));
        int status =
                plan.run(
                        weights.address(),
                        x,
                        y,
                        accumulate,
                        workspace,
                        WORKSPACE_BYTES,
                        stream.handle());
        check(functions.matmul, status, shape.toString());
    }

    /// Outputs that are multiplied at a time: all, unless they must be converted.
    private static int perTile(Operand weights, Precision precision, int from) {
        DataType type = DataType.of(precision);
        int left = weights.outputs() - from;
        if (weights.type() == type) {
            return left;
        }
        long perOutput = (long) weights.inputs() * type.bytes();
        long outputs = Math.max(8, CONVERTED_BYTES / perOutput) / 8 * 8;
        return (int) Math.min(left, outputs);
    }

    /// Weights in the type of a precision.
    private Operand converted(Stream stream, Precision precision, Operand from) {
        DataType type = DataType.of(precision);
        if (from.type() == type) {
            return from;
        }
        int together = from.outIn() ? from.inputs() : from.outputs();
        int others = from.outIn() ? from.outputs() : from.inputs();
        long bytes = (long) from.inputs() * from.outputs() * type.bytes();
        long to = scratch(stream, "converted weights", bytes);
        conversions.convert(
                stream,
                from.address(),
                from.type(),
                to,
                type,
                others,
                together,
                from.stride(),
                together);
        return new Operand(to, type, from.outputs(), from.inputs(), from.outIn(), together);
    }

    /// The address of memory that belongs to the work of one stream.
    private long scratch(Stream stream, String what, long bytes) {
        return scratches
                .computeIfAbsent(stream, s -> new ScratchMemory(gpu))
                .piece(what, bytes)
                .address();
    }

    private void check(NativeFunction function, int status, String what) {
        if (status != 0) {
            // an error of the device shows here first, as a status that says little
            gpu.synchronize();
            throw new CudaException(
                    status == ProductFunctions.ALLOC_FAILED
                            ? CudaException.Kind.OUT_OF_MEMORY
                            : CudaException.Kind.FAILED,
                    "%s gives %s, of %s"
                            .formatted(function.name(), ProductFunctions.describe(status), what));
        }
    }

    synchronized void close() {
        scratches.values().forEach(ScratchMemory::close);
        scratches.clear();
        if (driver.isAlive()) {
            driver.bind();
            plans.values().forEach(ProductPlan::close);
            int ignored = functions.destroy.call(library);
        }
        plans.clear();
    }
}
