package entropylens.lens;

import entropylens.kernels.Backend;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.PanelProducts;
import entropylens.kernels.Phase;
import entropylens.kernels.Projection;
import entropylens.kernels.RowTiles;
import entropylens.kernels.Transposed;
import entropylens.model.Model;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// The model's own readout: `softcap(W_U · projection · ln_final(x) + b_U)`. It is the logit lens
/// when x is the stream after an earlier block.
public final class Unembed {
    private final Weights.Readout weights;
    private final OptionalDouble softcap;
    private final Backend backend;

    /// @param weights norm, projection and bias may be missing; W_U is stored
    ///   [Matrix.Layout#OUT_IN]
    /// @param softcap `c` of `c · tanh(z / c)`, if there is one
    public Unembed(Weights.Readout weights, OptionalDouble softcap, Backend backend) {
        if (weights.unembed().layout() != Matrix.Layout.OUT_IN) {
            throw new IllegalArgumentException("W_U must be stored with one row per token");
        }
        this.weights = weights;
        this.softcap = softcap;
        this.backend = backend;
    }

    /// The readout of a model.
    public static Unembed of(Model model) {
        return new Unembed(
                model.weights().readout(), model.config().logitSoftcap(), model.backend());
    }

    /// Width of the stream.
    public int dModel() {
        Projection projection = weights.projection();
        return projection == null ? matrix().inputs() : projection.inputs();
    }

    public int dVocab() {
        return matrix().outputs();
    }

    /// Norm, projection, W_U and bias.
    public Weights.Readout weights() {
        return weights;
    }

    Matrix matrix() {
        return weights.unembed();
    }

    float @Nullable [] bias() {
        return weights.bias();
    }

    /// `c` of the logits' soft-cap, if there is one.
    public OptionalDouble softcap() {
        return softcap;
    }

    Backend backend() {
        return backend;
    }

    /// SHA-256 of W_U, entry after entry, each weight widened to a little-endian float32: the same
    /// for the same weights in whatever file and type they are stored. Every weight is read.
    public String sha256() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
        float[] row = new float[matrix().inputs()];
        ByteBuffer bytes =
                ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int token = 0; token < dVocab(); token++) {
            backend.read(matrix(), token, row, 0);
            bytes.clear().asFloatBuffer().put(row);
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// The logits of rows that [#inputs] made, before bias and soft-cap.
    PanelProducts panels(float[] inputs, int rows) {
        return backend.panels(matrix(), inputs, rows);
    }

    /// Adds the bias to what [#panels] gave of one panel, and applies the soft-cap.
    void finish(float[] logits, RowTiles tiles, int from, int entries) {
        float[] bias = bias();
        for (int tile = 0; bias != null && tile < tiles.count(); tile++) {
            int stride = tiles.stride(tile);
            int offset = tiles.offset(tile, entries);
            for (int e = 0; e < entries; e++) {
                for (int r = 0; r < stride; r++) {
                    logits[offset + e * stride + r] += bias[from + e];
                }
            }
        }
        if (softcap.isPresent()) {
            float cap = (float) softcap.getAsDouble();
            backend.kernels().softcap(logits, entries * tiles.paddedRows(), cap);
        }
    }

    /// Takes a derivative backwards, from what [#inputs] gave to the rows that it was given.
    ///
    /// @param resid `rows × d_model`, not normed
    /// @param by by the inputs of W_U, `rows ×` as many
    /// @return `rows × d_model`
    float[] pullBack(float[] resid, int rows, float[] by) {
        float[] g = by;
        Projection projection = weights.projection();
        if (projection != null) {
            g = new float[rows * dModel()];
            new Transposed(projection, backend).apply(by, rows, g);
        }
        NormWeights lnFinal = weights.lnFinal();
        if (lnFinal != null) {
            lnFinal.pullBack(resid, 0, rows * dModel(), g, g, 0);
        }
        return g;
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
        Projection projection = weights.projection();
        if (projection == null) {
            return normed;
        }
        float[] projected = new float[rows * projection.outputs()];
        backend.apply(projection, normed, rows, Phase.TOGETHER, projected);
        return projected;
    }

    /// Logits of a few rows of one text, as the other method gives them in [Phase#ALONE].
    public float[] logits(float[] resid, int rows) {
        return logits(resid, rows, Phase.ALONE);
    }

    /// Logits of a few rows, whole: for sampling. To measure, use [LogitLens], which never holds
    /// them.
    ///
    /// @param resid `rows × d_model`, not normed
    /// @param phase that the rows were computed in
    /// @return `rows × d_vocab`
    public float[] logits(float[] resid, int rows, Phase phase) {
        float[] logits = new float[Math.multiplyExact(rows, dVocab())];
        Linear readout = new Linear(matrix(), bias());
        backend.apply(readout, inputs(resid, rows), rows, phase, logits);
        if (softcap.isPresent()) {
            backend.kernels().softcap(logits, logits.length, (float) softcap.getAsDouble());
        }
        return logits;
    }
}
