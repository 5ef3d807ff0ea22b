package entropylens.lens;

import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import entropylens.kernels.Noise;
import entropylens.kernels.WeightType;
import entropylens.kernels.WorkerPool;
import entropylens.model.Norm;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// A readout that gives chosen float32 logits exactly: row r is the r-th unit vector, which the
/// norm turns into itself, and W_U holds the logits of row r in its r-th column.
final class ExactLogits {
    /// A power of 4: the norm of a unit vector is then exact.
    static final int ROWS = 16;

    final float[][] logits;
    final float[] rows = new float[ROWS * ROWS];

    /// @param logits `[16][d_vocab]`, finite
    ExactLogits(float[][] logits) {
        this.logits = logits;
        for (int r = 0; r < ROWS; r++) {
            rows[r * ROWS + r] = 1;
        }
    }

    Unembed unembed(Kernels kernels) {
        return unembed(kernels, 1, null, OptionalDouble.empty());
    }

    Unembed unembed(Kernels kernels, int threads, float @Nullable [] bias, OptionalDouble softcap) {
        int dVocab = logits[0].length;
        float[] columns = new float[dVocab * ROWS];
        for (int r = 0; r < ROWS; r++) {
            for (int v = 0; v < dVocab; v++) {
                columns[v * ROWS + r] = logits[r][v];
            }
        }
        float[] weight = new float[ROWS];
        java.util.Arrays.fill(weight, (float) (1 / Math.sqrt(ROWS)));
        return new Unembed(
                new Weights.Readout(
                        new NormWeights(new Norm.Rms(0), weight, null),
                        null,
                        Noise.matrix(WeightType.F32, dVocab, ROWS, Matrix.Layout.OUT_IN, columns),
                        bias),
                softcap,
                new CpuBackend(kernels, new WorkerPool(threads)));
    }

    /// Every shape of distribution that a readout meets, and some it should not.
    static ExactLogits ofEveryShape(int dVocab) {
        float[][] z = new float[ROWS][];
        for (int r = 0; r < 4; r++) {
            z[r] = Noise.floats(dVocab, r, 3);
        }
        z[4] = Noise.floats(dVocab, 4, 10);
        z[5] = shifted(Noise.floats(dVocab, 5, 3), 150);
        z[6] = shifted(Noise.floats(dVocab, 6, 3), -1000);
        z[7] = Noise.uniform(dVocab, 7, 200);
        z[8] = Noise.uniform(dVocab, 8, 200);
        z[9] = shifted(new float[dVocab], 3.25f);
        z[10] = shifted(Noise.floats(dVocab, 10, 1e-3), 3.25f);
        z[11] = Noise.floats(dVocab, 11, 1);
        z[11][dVocab / 3] = 200;
        // every other token so small that 1 + p is 1 in float32, and many of them
        z[12] = shifted(new float[dVocab], -16.64f);
        z[12][0] = 0;
        // half of the probability on one token, the other half spread over all others
        z[13] = Noise.floats(dVocab, 13, 1);
        z[13][dVocab / 2] = (float) (Math.log(dVocab) + 0.5);
        // a new maximum in every panel, and never one again after the first
        z[14] = ramp(dVocab, -60, 60);
        z[15] = ramp(dVocab, 60, -60);
        return new ExactLogits(z);
    }

    private static float[] shifted(float[] z, float by) {
        for (int i = 0; i < z.length; i++) {
            z[i] += by;
        }
        return z;
    }

    private static float[] ramp(int n, double from, double to) {
        float[] z = new float[n];
        for (int i = 0; i < n; i++) {
            z[i] = (float) (from + (to - from) * i / (n - 1));
        }
        return z;
    }
}
