package entropylens.family;

import entropylens.kernels.Matrix;
import entropylens.model.DecoderConfig;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Interleaved;
import entropylens.model.Weights.Mlp;
import entropylens.model.Weights.Readout;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Where the families that were trained with Megatron's code keep their tensors: one
/// `query_key_value` whose outputs alternate, `dense`, `dense_h_to_4h`, `dense_4h_to_h`.
final class MegatronLayout {
    private final DecoderConfig config;
    private final NormReader norm;

    /// What the names of the stack begin with.
    String stack = "transformer.";

    String embed = "word_embeddings";
    @Nullable String embedNorm;
    String blocks = "h.";
    String attention = "self_attention.";
    String ln1 = "input_layernorm";

    /// Null where one norm serves attention and MLP.
    @Nullable String ln2 = "post_attention_layernorm";

    String lnFinal = "ln_f";

    /// Of queries and keys, head by head, in `q_layernorm` and `k_layernorm`.
    @Nullable NormReader headNorm;

    boolean attentionBias = true;
    boolean mlpBias = true;

    MegatronLayout(DecoderConfig config, NormReader norm) {
        this.config = config;
        this.norm = norm;
    }

    Family.Blueprint blueprint() {
        return new Family.Blueprint(config, this::weights);
    }

    private Weights weights(TensorReader tensors) {
        int dModel = config.dModel();
        Matrix tokens = tensors.embedding(stack + embed + ".weight", config, dModel);
        return new Weights(
                new Embedding(tokens, null, norm(tensors, stack, embedNorm), null),
                IntStream.range(0, config.nLayers())
                        .mapToObj(layer -> block(tensors, stack + blocks + layer + "."))
                        .toList(),
                new Readout(
                        norm(tensors, stack, lnFinal),
                        null,
                        tensors.unembed(tokens, config),
                        null));
    }

    private @Nullable NormWeights norm(TensorReader tensors, String prefix, @Nullable String name) {
        return name == null ? null : norm.read(tensors, prefix + name, config.dModel());
    }

    private Block block(TensorReader tensors, String prefix) {
        return new Block(
                norm(tensors, prefix, ln1),
                attention(tensors, prefix + attention),
                norm(tensors, prefix, ln2),
                mlp(tensors, prefix + "mlp."));
    }

    private Weights.Attention attention(TensorReader tensors, String prefix) {
        int dModel = config.dModel();
        int queries = config.attention(0).queryWidth();
        int fused = queries + 2 * config.attention(0).keyWidth();
        return new Weights.Attention(
                new Interleaved(
                        tensors.projection(
                                prefix + "query_key_value", fused, dModel, attentionBias)),
                headNorm(tensors, prefix + "q_layernorm"),
                headNorm(tensors, prefix + "k_layernorm"),
                tensors.projection(prefix + "dense", dModel, queries, attentionBias),
                null);
    }

    private @Nullable NormWeights headNorm(TensorReader tensors, String name) {
        return headNorm == null ? null : headNorm.read(tensors, name, config.attention(0).dHead());
    }

    private Mlp mlp(TensorReader tensors, String prefix) {
        int dModel = config.dModel();
        int dMlp = config.dMlp();
        return new Mlp(
                null,
                tensors.projection(prefix + "dense_h_to_4h", dMlp, dModel, mlpBias),
                tensors.projection(prefix + "dense_4h_to_h", dModel, dMlp, mlpBias),
                null);
    }
}
