package entropylens.cuda;

import entropylens.cuda.driver.DataType;
import entropylens.cuda.driver.Operand;
import entropylens.cuda.driver.Products;
import entropylens.kernels.Adapted;
import entropylens.kernels.Linear;
import entropylens.kernels.LowRank;
import entropylens.kernels.Precision;
import entropylens.kernels.Projection;
import entropylens.kernels.Scaled;
import entropylens.model.Norm;
import entropylens.model.NormWeights;
import org.jspecify.annotations.Nullable;

/// Operators and norms on rows that are on the device.
final class CudaProjections {
    /// Widest vector that a warp norms, in place of a block.
    private static final int HEAD = 1024;

    /// Warps of a block.
    private static final int WARPS = 8;

    private final DeviceWork work;
    private final DeviceWeights weights;
    private final Precision precision;

    /// Whose rows are rounded now.
    private @Nullable Inputs lastRounded;

    CudaProjections(DeviceWork work, DeviceWeights weights, Precision precision) {
        this.work = work;
        this.weights = weights;
        this.precision = precision;
    }

    /// Rows that several operators read, rounded once for all of them.
    static final class Inputs {
        private final long x;
        private final int rows;

        /// @param x address of `rows × inputs`
        Inputs(long x, int rows) {
            this.x = x;
            this.rows = rows;
        }

        int rows() {
            return rows;
        }
    }

    /// `out[r] = W x[r] + bias`, without gaps.
    void apply(Projection projection, long x, int rows, long out) {
        apply(projection, new Inputs(x, rows), out);
    }

    /// The same, of rows that are not changed between the operators that read them.
    void apply(Projection projection, Inputs in, long out) {
        switch (projection) {
            case Linear linear -> linear(linear, in, out);
            case Scaled scaled -> scaled(scaled, in, out);
            case Adapted adapted -> {
                linear(adapted.base(), in, out);
                for (LowRank update : adapted.updates()) {
                    add(update, adapted.base().bias(), in, out);
                }
            }
        }
    }

    private void linear(Linear linear, Inputs in, long out) {
        int outputs = linear.outputs();
        product(weights.operand(linear.matrix()), in, out);
        float[] bias = linear.bias();
        if (bias != null) {
            work.flat(
                    "rows",
                    "add_bias",
                    (long) in.rows * outputs,
                    out,
                    work.vector(bias),
                    in.rows,
                    outputs);
        }
    }

    /// `out[r] = W x[r]`, without gaps.
    void product(Operand matrix, long x, int rows, long out) {
        product(matrix, new Inputs(x, rows), out);
    }

    private void product(Operand matrix, Inputs in, long out) {
        Products products = work.gpu().products();
        DataType type = DataType.of(precision);
        int outputs = matrix.outputs();
        if (type != DataType.FLOAT32 && matrix.type() == type) {
            long rounded = rounded(in, matrix.inputs(), type);
            products.multiply(work.stream(), matrix, rounded, in.rows, out, outputs, false, false);
        } else {
            products.multiply(work.stream(), precision, matrix, in.x, in.rows, out, outputs, false);
        }
    }

    /// Where rows are rounded; they stay there until others are rounded.
    private long rounded(Inputs in, int width, DataType type) {
        long bytes = (long) in.rows * width * type.bytes();
        long to = work.scratch("rounded rows", bytes).address();
        if (in != lastRounded) {
            work.gpu()
                    .products()
                    .conversions()
                    .convert(
                            work.stream(),
                            in.x,
                            DataType.FLOAT32,
                            to,
                            type,
                            in.rows,
                            width,
                            width,
                            width);
            lastRounded = in;
        }
        return to;
    }

    private void scaled(Scaled scaled, Inputs in, long out) {
        Inputs taken = in;
        int rows = in.rows;
        long count = (long) rows * scaled.inputs();
        if (scaled.before() != 1) {
            long to = work.floats("scaled inputs", count);
            work.flat("rows", "fill", count, to, 0f, count);
            int width = scaled.inputs();
            work.flat("rows", "add_rows", count, to, in.x, 0L, scaled.before(), rows, width);
            taken = new Inputs(to, rows);
        }
        apply(scaled.inner(), taken, out);
        int outputs = scaled.outputs();
        long n = (long) rows * outputs;
        float[] after = scaled.after();
        if (!isConstant(after)) {
            long factors = work.vector(after);
            work.flat("rows", "gain_rows", n, out, 0L, factors, rows, outputs);
        } else if (after[0] != 1) {
            work.flat("rows", "scale", n, out, after[0], n);
        }
    }

    private static boolean isConstant(float[] values) {
        for (float value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }

    /// See [Adapted].
    private void add(LowRank update, float @Nullable [] bias, Inputs in, long out) {
        int rows = in.rows;
        int rank = update.down().outputs();
        int outputs = update.up().outputs();
        long n = (long) rows * outputs;
        long inner = work.floats("an adapter's inner rows", (long) rows * rank);
        long added = work.floats("what an adapter adds", n);
        product(weights.operand(update.down()), in, inner);
        product(weights.operand(update.up()), new Inputs(inner, rows), added);
        float[] gain = update.gain();
        long gains = gain == null ? 0 : work.vector(gain);
        if (gain != null) {
            long biases = bias == null ? 0 : work.vector(bias);
            work.flat("rows", "gain_rows", n, out, biases, gains, rows, outputs);
        }
        work.flat("rows", "add_gained", n, out, added, gains, update.scale(), rows, outputs);
    }

    /// `out = norm(x)`.
    ///
    /// @param width of a row, which may be several vectors
    /// @param factors of rows; where one is 0, the row is left as it is; 0 for none
    void norm(NormWeights norm, long x, int rows, int width, long out, long factors) {
        int perRow = width / norm.width();
        long vectors = (long) rows * perRow;
        boolean heads = norm.width() <= HEAD && perRow > 1;
        int blocks = (int) (heads ? Math.ceilDiv(vectors, (long) WARPS) : vectors);
        float[] bias = norm.bias();
        work.byRow(
                "rows",
                heads ? "norm_heads" : "norm_rows",
                blocks,
                out,
                x,
                work.vector(norm.weight()),
                bias == null ? 0L : work.vector(bias),
                factors,
                vectors,
                norm.width(),
                norm.weight().length / norm.width(),
                perRow,
                norm.norm().eps(),
                norm.norm() instanceof Norm.Rms ? 0 : 1);
    }
}
