package entropylens.model;

import entropylens.kernels.Backend;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One block of a model, taken backwards on one text: what a derivative by the stream after the
/// block is by the stream before it. Attention is the whole of it, scores included, so a position
/// answers for what later ones read of it. Of blocks of attention and an MLP; [#unsupported] names
/// the others.
public final class BlockDerivative {
    private final DecoderConfig config;
    private final Weights.Block block;
    private final int rows;
    private final int d;

    /// What the halves were given before their norms: the stream, or what is normed in it.
    private final float[] x;

    private final float[] mid;
    private final AttentionDerivative attention;
    private final MlpDerivative mlp;
    private final float[] attentionOut;
    private final float[] mlpOut;

    /// Of a [Residual#POST_NORM] model, resid_mid.
    private final float[] afterMid;

    /// Computes what the block computed, and keeps what its derivative needs.
    ///
    /// @param x resid_pre of the block, `rows × d_model`: the text from its first position on
    /// @param capacity of the session that it ran in
    /// @throws IllegalArgumentException when the block is not supported
    public BlockDerivative(Model model, int layer, float[] x, int rows, int capacity) {
        config = model.config();
        Optional<String> not = unsupported(model, layer);
        if (not.isPresent()) {
            throw new IllegalArgumentException(not.get());
        }
        block = model.weights().blocks().get(layer);
        this.x = x;
        this.rows = rows;
        d = config.dModel();
        Backend backend = model.backend();
        boolean post = config.residual() == Residual.POST_NORM;
        float[] first = post ? x : normed(block.ln1(), x);
        attention = new AttentionDerivative(model, layer, first, rows, capacity);
        attentionOut = attention.out();
        mid = config.residual().isParallel() ? x : sum(x, attention.postNorm(), attentionOut);
        float[] between = post ? normed(block.ln1(), mid) : mid;
        float[] second =
                switch (config.residual()) {
                    case POST_NORM -> between;
                    case PARALLEL_ONE_NORM -> first;
                    default -> normed(block.ln2(), mid);
                };
        mlp =
                new MlpDerivative(
                        (Weights.Mlp) Objects.requireNonNull(block.mlp()),
                        config.activation(),
                        backend,
                        second,
                        rows);
        mlpOut = mlp.out();
        afterMid = between;
    }

    /// Why the derivative of a block is not known here; empty where it is.
    public static Optional<String> unsupported(Model model, int layer) {
        Weights.Block block = model.weights().blocks().get(layer);
        String what = null;
        if (model.config().residual() == Residual.ONE_SUM) {
            what = "is a mixer or an MLP alone";
        } else if (block.finish() != null) {
            what = "adds a per-layer embedding or multiplies the stream";
        } else if (!(block.mlp() instanceof Weights.Mlp mlp)) {
            what = "routes to experts";
        } else if (mlp.gating() != Gating.PLAIN || mlp.learned() != null) {
            what = "has an MLP whose gates are cut off, or an activation that was learned";
        } else if (!(block.mixer() instanceof Weights.Attention attention)) {
            what = "has another mixer than attention";
        } else {
            what = AttentionDerivative.unsupported(attention, model.config().attention(layer));
        }
        return Optional.ofNullable(what)
                .map(why ->
                        "block %d of this model (%s) %s, and its derivative is not known here; fit the kind tuned or ridge"
                                .formatted(layer + 1, model.config().family(), why));
    }

    private static float[] normed(@Nullable NormWeights norm, float[] values) {
        if (norm == null) {
            return values;
        }
        float[] out = new float[values.length];
        norm.apply(values, 0, values.length, out, 0);
        return out;
    }

    private float[] sum(float[] stream, @Nullable NormWeights postNorm, float[] added) {
        float[] finished = normed(postNorm, added);
        float[] sum = new float[stream.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = stream[i] + finished[i] * config.residualScale();
        }
        return sum;
    }

    /// @param g derivatives by resid_post, `count × rows × d_model`, overwritten with those by
    ///   resid_pre
    public void pullBack(float[] g, int count) {
        switch (config.residual()) {
            case SEQUENTIAL -> {
                add(throughMlp(g, count), block.ln2(), mid, g, count);
                add(throughAttention(g, count), block.ln1(), x, g, count);
            }
            case PARALLEL -> {
                float[] ofMlp = throughMlp(g, count);
                float[] ofAttention = throughAttention(g, count);
                add(ofMlp, block.ln2(), x, g, count);
                add(ofAttention, block.ln1(), x, g, count);
            }
            case PARALLEL_ONE_NORM -> {
                float[] both = throughMlp(g, count);
                add(throughAttention(g, count), null, x, both, count);
                add(both, block.ln1(), x, g, count);
            }
            case POST_NORM -> {
                norm(block.ln2(), sum(afterMid, mlp.postNorm(), mlpOut), g, count);
                add(throughMlp(g, count), null, x, g, count);
                norm(block.ln1(), mid, g, count);
                add(throughAttention(g, count), null, x, g, count);
            }
            case ONE_SUM -> throw new IllegalStateException("refused before");
        }
    }

    private float[] throughMlp(float[] g, int count) {
        return mlp.pullBack(scaled(g, mlp.postNorm(), mlpOut, count), count);
    }

    private float[] throughAttention(float[] g, int count) {
        return attention.pullBack(scaled(g, attention.postNorm(), attentionOut, count), count);
    }

    private float[] scaled(float[] g, @Nullable NormWeights postNorm, float[] of, int count) {
        float[] scaled = g.clone();
        for (int i = 0; config.residualScale() != 1 && i < scaled.length; i++) {
            scaled[i] *= config.residualScale();
        }
        norm(postNorm, of, scaled, count);
        return scaled;
    }

    private void norm(@Nullable NormWeights norm, float[] of, float[] g, int count) {
        int size = rows * d;
        for (int c = 0; norm != null && c < count; c++) {
            norm.pullBack(of, 0, size, g, g, c * size);
        }
    }

    private void add(float[] added, @Nullable NormWeights norm, float[] of, float[] to, int count) {
        norm(norm, of, added, count);
        for (int i = 0; i < to.length; i++) {
            to[i] += added[i];
        }
    }
}
