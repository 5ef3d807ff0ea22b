package entropylens.lens;

import entropylens.kernels.MatMul;
import entropylens.kernels.Matrix;
import entropylens.kernels.PackedRows;
import entropylens.model.Model;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// The model's own readout: `softcap(W_U · projection · ln_final(x) + b_U)`. It is the logit lens
/// when x is the stream after an earlier block.
public final class Unembed {
    private final Weights.Readout weights;
    private final OptionalDouble softcap;
    private final MatMul matMul;

    /// @param weights norm, projection and bias may be missing; W_U is stored
    ///   [Matrix.Layout#OUT_IN]
    /// @param softcap `c` of `c · tanh(z / c)`, if there is one
    public Unembed(Weights.Readout weights, OptionalDouble softcap, MatMul matMul) {
        if (weights.unembed().layout() != Matrix.Layout.OUT_IN) {
            throw new IllegalArgumentException("W_U must be stored with one row per token");
        }
        this.weights = weights;
        this.softcap = softcap;
        this.matMul = matMul;
    }

    /// The readout of a model.
    public static Unembed of(Model model) {
        return new Unembed(
                model.weights().readout(), model.config().logitSoftcap(), model.matMul());
    }

    /// Width of the stream.
    public int dModel() {
        Weights.Linear projection = weights.projection();
        return projection == null ? matrix().inputs() : projection.matrix().inputs();
    }

    public int dVocab() {
        return matrix().outputs();
    }

    Matrix matrix() {
        return weights.unembed();
    }

    float @Nullable [] bias() {
        return weights.bias();
    }

    OptionalDouble softcap() {
        return softcap;
    }

    MatMul matMul() {
        return matMul;
    }

    /// What W_U is multiplied with: rows normed, and projected where W_U is narrower than the
    /// stream. The same row gives the same bits whatever stands beside it.
    ///
    /// @param resid `rows × d_model`, not normed; left as it is
    /// @return `rows × ` inputs of W_U
    float[] inputs(float[] resid, int rows) {
        float[] normed = resid;
        NormWeights lnFinal = weights.lnFinal();
        if (lnFinal != null) {
            normed = new float[resid.length];
            lnFinal.apply(resid, 0, rows * dModel(), normed, 0);
        }
        Weights.Linear projection = weights.projection();
        if (projection == null) {
            return normed;
        }
        float[] projected = new float[rows * projection.matrix().outputs()];
        PackedRows packed = new PackedRows(matMul.kernels(), matMul.pool(), normed, rows, dModel());
        matMul.multiply(packed, projection.matrix(), projection.bias(), projected);
        return projected;
    }

    /// Logits of a few rows, whole: for sampling. To measure, use [LogitLens], which never holds
    /// them.
    ///
    /// @param resid `rows × d_model`, not normed
    /// @return `rows × d_vocab`
    public float[] logits(float[] resid, int rows) {
        float[] logits = new float[Math.multiplyExact(rows, dVocab())];
        matMul.multiply(inputs(resid, rows), rows, matrix(), bias(), logits);
        if (softcap.isPresent()) {
            matMul.kernels().softcap(logits, logits.length, (float) softcap.getAsDouble());
        }
        return logits;
    }
}
