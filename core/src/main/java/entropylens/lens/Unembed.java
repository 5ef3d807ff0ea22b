package entropylens.lens;

import entropylens.kernels.MatMul;
import entropylens.kernels.Matrix;
import entropylens.model.Model;
import entropylens.model.NormWeights;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// The model's own readout: `softcap(W_U · ln_final(x) + b_U)`. The statistics of the final norm
/// are those of the row itself, at whatever layer it was taken.
public final class Unembed {
    private final NormWeights lnFinal;
    private final Matrix matrix;
    private final float @Nullable [] bias;
    private final OptionalDouble softcap;
    private final MatMul matMul;

    /// @param matrix W_U, `d_vocab` outputs of `d_model` inputs, stored [Matrix.Layout#OUT_IN]
    /// @param bias b_U, `[d_vocab]`, or null
    /// @param softcap `c` of `c · tanh(z / c)`, if there is one
    public Unembed(
            NormWeights lnFinal,
            Matrix matrix,
            float @Nullable [] bias,
            OptionalDouble softcap,
            MatMul matMul) {
        if (matrix.layout() != Matrix.Layout.OUT_IN) {
            throw new IllegalArgumentException("W_U must be stored with one row per token");
        }
        this.lnFinal = lnFinal;
        this.matrix = matrix;
        this.bias = bias;
        this.softcap = softcap;
        this.matMul = matMul;
    }

    /// The readout of a model.
    public static Unembed of(Model model) {
        return new Unembed(
                model.weights().lnFinal(),
                model.weights().unembed(),
                model.weights().unembedBias(),
                model.config().logitSoftcap(),
                model.matMul());
    }

    public int dModel() {
        return matrix.inputs();
    }

    public int dVocab() {
        return matrix.outputs();
    }

    NormWeights lnFinal() {
        return lnFinal;
    }

    Matrix matrix() {
        return matrix;
    }

    float @Nullable [] bias() {
        return bias;
    }

    OptionalDouble softcap() {
        return softcap;
    }

    MatMul matMul() {
        return matMul;
    }

    /// Logits of a few rows, whole: for sampling. To measure, use [LogitLens], which never holds
    /// them.
    ///
    /// @param resid `rows × d_model`, not normed
    /// @return `rows × d_vocab`
    public float[] logits(float[] resid, int rows) {
        float[] normed = new float[rows * dModel()];
        lnFinal.apply(resid, 0, rows, normed);
        float[] logits = new float[Math.multiplyExact(rows, dVocab())];
        matMul.multiply(normed, rows, matrix, bias, logits);
        if (softcap.isPresent()) {
            matMul.kernels().softcap(logits, logits.length, (float) softcap.getAsDouble());
        }
        return logits;
    }
}
