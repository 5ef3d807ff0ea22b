package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Operand;
import entropylens.kernels.Projection;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.lang.foreign.MemorySegment;
import java.util.OptionalDouble;

/// The model's own readout on the device: what W_U is multiplied with, and logits of a few rows.
final class CudaUnembed {
    /// Rows whose logits are there at once, while tokens are chosen.
    static final int ROWS = 256;

    private final DeviceWork work;
    private final Weights.Readout weights;
    private final Operand matrix;
    private final OptionalDouble softcap;
    private final CudaProjections projections;
    private final int dModel;

    CudaUnembed(
            DeviceWork work,
            DeviceWeights matrices,
            CudaProjections projections,
            Weights.Readout weights,
            OptionalDouble softcap) {
        this.work = work;
        this.weights = weights;
        this.matrix = matrices.operand(weights.unembed());
        this.softcap = softcap;
        this.projections = projections;
        Projection projection = weights.projection();
        this.dModel = projection == null ? matrix.inputs() : projection.inputs();
    }

    Operand matrix() {
        return matrix;
    }

    int dModel() {
        return dModel;
    }

    /// b_U on the device; 0 where there is none.
    long bias() {
        float[] bias = weights.bias();
        return bias == null ? 0 : work.vector(bias);
    }

    /// The soft-cap of logits; 0 where there is none.
    float softcap() {
        return (float) softcap.orElse(0);
    }

    /// Rows normed, and projected where W_U is narrower than the stream.
    ///
    /// @param resid address of `rows × d_model`; left as it is
    /// @return address of `rows × ` inputs of W_U, which may be the same
    long inputs(long resid, int rows) {
        long from = resid;
        NormWeights lnFinal = weights.lnFinal();
        if (lnFinal != null) {
            long normed = work.floats("rows for W_U", (long) rows * dModel);
            projections.norm(lnFinal, resid, rows, dModel, normed, 0);
            from = normed;
        }
        Projection projection = weights.projection();
        if (projection == null) {
            return from;
        }
        long projected = work.floats("projected rows", (long) rows * projection.outputs());
        projections.apply(projection, from, rows, projected);
        return projected;
    }

    /// Some rows of the stream, brought to the processor in one copy.
    ///
    /// @return `[some × d_model]`
    float[] rows(long stream, int[] some) {
        work.lock().lock();
        try {
            float[] rows = new float[Math.multiplyExact(some.length, dModel)];
            gathered(stream, some).copyTo(MemorySegment.ofArray(rows), 0);
            return rows;
        } finally {
            work.lock().unlock();
        }
    }

    /// Some rows of the stream, one after the other.
    private DeviceMemory gathered(long stream, int[] some) {
        long n = (long) some.length * dModel;
        DeviceMemory gathered = work.scratch("rows to choose after", n * Float.BYTES);
        PassUpload upload = work.choices();
        upload.begin();
        int index = upload.add(some);
        upload.send();
        long to = gathered.address();
        work.flat("rows", "gather_rows", n, to, stream, upload.address(index), some.length, dModel);
        return gathered;
    }

    /// The token with the largest logit after some rows of the stream.
    int[] mostProbable(long stream, int[] some) {
        work.lock().lock();
        try {
            int[] best = new int[some.length];
            for (int first = 0; first < some.length; first += ROWS) {
                int count = Math.min(ROWS, some.length - first);
                int[] piece = java.util.Arrays.copyOfRange(some, first, first + count);
                System.arraycopy(mostProbableOf(stream, piece), 0, best, first, count);
            }
            return best;
        } finally {
            work.lock().unlock();
        }
    }

    private int[] mostProbableOf(long stream, int[] some) {
        int count = some.length;
        int vocabulary = matrix.outputs();
        long inputs = inputs(gathered(stream, some).address(), count);
        long logits = work.floats("logits to choose from", (long) count * vocabulary);
        projections.product(matrix, inputs, count, logits);
        long bias = bias();
        if (bias != 0 || softcap() != 0) {
            work.flat(
                    "readout",
                    "finish_logits",
                    (long) count * vocabulary,
                    logits,
                    (long) vocabulary,
                    count,
                    vocabulary,
                    0,
                    bias,
                    softcap());
        }
        DeviceMemory chosen = work.scratch("tokens that were chosen", (long) count * Integer.BYTES);
        work.byRow(
                "rows",
                "argmax_rows",
                count,
                chosen.address(),
                logits,
                (long) vocabulary,
                count,
                vocabulary);
        int[] best = new int[count];
        chosen.copyTo(MemorySegment.ofArray(best), 0);
        return best;
    }
}
