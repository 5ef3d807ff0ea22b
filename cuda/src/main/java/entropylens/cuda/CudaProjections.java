package entropylens.cuda;

import entropylens.cuda.driver.Operand;
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

    CudaProjections(DeviceWork work, DeviceWeights weights, Precision precision) {
        this.work = work;
        this.weights = weights;
        this.precision = precision;
    }

    /// `out[r] = W x[r] + bias`, without gaps.
    void apply(Projection projection, long x, int rows, long out) {
        switch (projection) {
            case Linear linear -> linear(linear, x, rows, out);
            case Scaled scaled -> scaled(scaled, x, rows, out);
            case Adapted adapted -> {
                linear(adapted.base(), x, rows, out);
                for (LowRank update : adapted.updates()) {
                    add(update, adapted.base().bias(), x, rows, out);
                }
            }
        }
    }

    private void linear(Linear linear, long x, int rows, long out) {
        int outputs = linear.outputs();
        product(weights.operand(linear.matrix()), x, rows, out);
        float[] bias = linear.bias();
        if (bias != null) {
            work.flat(
                    "rows",
                    "add_bias",
                    (long) rows * outputs,
                    out,
                    work.vector(bias),
                    rows,
                    outputs);
        }
    }

    /// `out[r] = W x[r]`, without gaps.
    void product(Operand matrix, long x, int rows, long out) {
        work.gpu()
                .products()
                .multiply(work.stream(), precision, matrix, x, rows, out, matrix.outputs(), false);
    }

    private void scaled(Scaled scaled, long x, int rows, long out) {
        long taken = x;
        long count = (long) rows * scaled.inputs();
        if (scaled.before() != 1) {
            taken = work.floats("scaled inputs", count);
            work.flat("rows", "fill", count, taken, 0f, count);
            work.flat(
                    "rows",
                    "add_rows",
                    count,
                    taken,
                    x,
                    0L,
                    scaled.before(),
                    rows,
                    scaled.inputs());
        }
        apply(scaled.inner(), taken, rows, out);
        int outputs = scaled.outputs();
        float[] after = scaled.after();
        if (isConstant(after)) {
            if (after[0] != 1) {
                long n = (long) rows * outputs;
                work.flat("rows", "scale", n, out, after[0], n);
            }
        } else {
            work.flat(
                    "rows",
                    "gain_rows",
                    (long) rows * outputs,
                    out,
                    0L,
                    work.vector(after),
                    rows,
                    outputs);
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
    private void add(LowRank update, float @Nullable [] bias, long x, int rows, long out) {
        int rank = update.down().outputs();
        int outputs = update.up().outputs();
        long n = (long) rows * outputs;
        long inner = work.floats("an adapter's inner rows", (long) rows * rank);
        long added = work.floats("what an adapter adds", n);
        linear(new Linear(update.down(), null), x, rows, inner);
        linear(new Linear(update.up(), null), inner, rows, added);
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
