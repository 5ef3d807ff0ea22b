package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.kernels.Matrix;
import entropylens.kernels.Projection;
import entropylens.kernels.Scaled;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.Gating;
import entropylens.model.NormWeights;
import entropylens.model.Residual;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Mlp;
import entropylens.model.Weights.Readout;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Where the many families that descend from Llama keep their tensors; what one of them does
/// differently is said by setting a field.
final class LlamaLayout {
    private final DecoderConfig config;
    private final NormReader norm;

    /// How the names of the stack may begin; the first that is there counts.
    List<String> stacks = List.of("model.");

    /// What the first block of every such file has.
    String mark = "self_attn.o_proj.weight";

    /// Where queries have gates beside them.
    boolean gatedQueries;

    /// The mixers of blocks that have no attention.
    @Nullable MixerReader otherMixer;

    /// What is in the place of MLP and experts.
    @Nullable FeedForwardReader otherFeedForward;

    @Nullable String ln1 = "input_layernorm";
    @Nullable String attentionPostNorm;
    @Nullable String ln2 = "post_attention_layernorm";
    @Nullable String mlpPostNorm;
    String lnFinal = "norm";
    String attentionOutput = "o_proj";
    boolean projectionBias;
    boolean outputBias;
    boolean mlpBias;

    /// What the configuration says of where attention is, for messages; and a tensor that blocks
    /// with the other mixer have.
    String mixersSaid = "";

    String otherMark = "";

    /// Whether the MLP has a gate.
    boolean gated = true;

    /// What the names of an MLP begin with, after the block's.
    String mlpRoom = "mlp.";

    /// What multiplies the gate of an MLP, and what an MLP gives (Falcon-H1).
    double gateFactor = 1;

    double mlpFactor = 1;

    String mlpGate = "gate_proj";

    /// Whether the MLP learns its activation, xIELU.
    boolean learnedActivation;

    String mlpUp = "up_proj";
    String mlpDown = "down_proj";

    /// Norms of queries and keys, before they are turned.
    QueryKeyNorm queryKeyNorm = QueryKeyNorm.NONE;

    /// The blocks that have them.
    IntPredicate normedHeads = layer -> true;

    String queryNorm = "q_norm";
    String keyNorm = "k_norm";

    /// How those are read.
    NormReader headNorm;

    /// Whether each head has a logit without a value in its softmax (gpt-oss).
    boolean sinks;

    /// Whether queries, keys and values are one matrix, and gate and up another.
    boolean fused;

    /// Where queries, keys and values come out of narrower vectors.
    @Nullable LatentLayout latent;

    /// How many blocks there may be behind the last; see [Family.Blueprint].
    int furtherBlocks;

    /// What the configuration says of how many blocks there are, with its file, where a file may
    /// have further ones.
    String blocksSaid = "";

    /// Whether gate and up are one matrix, and queries, keys and values are not (GLM).
    boolean fusedGate;

    /// Routed experts, in place of an MLP in some or all blocks.
    @Nullable ExpertLayout experts;

    /// Width of the MLP of the blocks that have no experts.
    int mlpWidth;

    boolean unembedBias;

    /// Divides the logits (Granite).
    double logitScaling = 1;

    /// Takes the weights of a mixer.
    @FunctionalInterface
    interface MixerReader {
        /// @param block what the names of the block begin with
        Weights.Mixer read(TensorReader tensors, String block, int layer);
    }

    /// Takes the weights of what a block computes beside its mixer.
    @FunctionalInterface
    interface FeedForwardReader {
        /// @param block what the names of the block begin with
        Weights.FeedForward read(TensorReader tensors, String block);
    }

    enum QueryKeyNorm {
        NONE,
        /// One head's, used for all.
        HEAD,
        /// Of all heads together.
        WHOLE,
        /// Without bias, one for each head, with its number behind the name.
        EACH_HEAD
    }

    LlamaLayout(DecoderConfig config, NormReader norm) {
        this.config = config;
        this.norm = norm;
        this.headNorm = norm;
        this.mlpWidth = config.dMlp();
    }

    Family.Blueprint blueprint() {
        return new Family.Blueprint(config, this::weights, furtherBlocks);
    }

    private Weights weights(TensorReader tensors) {
        int dModel = config.dModel();
        String stack = stack(tensors);
        refuseMore(tensors, stack);
        Matrix embed = tensors.embedding(stack + "embed_tokens.weight", config, dModel);
        return new Weights(
                new Embedding(embed, null, null, null),
                IntStream.range(0, config.nLayers())
                        .mapToObj(layer -> block(tensors, stack + "layers." + layer + ".", layer))
                        .toList(),
                new Readout(
                        lnFinal(tensors, stack),
                        null,
                        tensors.unembed(embed, config),
                        unembedBias ? tensors.bias("lm_head.bias", config.dVocab()) : null));
    }

    /// @throws CheckpointException when there are more blocks than the configuration speaks of
    private void refuseMore(TensorReader tensors, String stack) {
        String more = stack + "layers." + (config.nLayers() + furtherBlocks) + ".";
        if (!blocksSaid.isEmpty() && ln1 != null && tensors.has(more + ln1 + ".weight")) {
            throw new CheckpointException(
                    "%s, but the weights have '%s%s.weight' as well; correct the file or download it again"
                            .formatted(blocksSaid, more, ln1));
        }
    }

    private String stack(TensorReader tensors) {
        return stacks.stream()
                .filter(stack -> tensors.has(stack + "layers.0." + mark))
                .findFirst()
                .orElse(stacks.getFirst());
    }

    private Block block(TensorReader tensors, String prefix, int layer) {
        return new Block(
                norm(tensors, prefix, ln1),
                mixer(tensors, prefix, layer),
                config.residual() == Residual.PARALLEL_ONE_NORM ? null : norm(tensors, prefix, ln2),
                feedForward(tensors, prefix, layer));
    }

    private @Nullable NormWeights norm(TensorReader tensors, String prefix, @Nullable String name) {
        return name == null ? null : norm.read(tensors, prefix + name, config.dModel());
    }

    /// What divides the logits may as well divide what they are made of.
    private NormWeights lnFinal(TensorReader tensors, String stack) {
        NormWeights last = norm.read(tensors, stack + lnFinal, config.dModel());
        if (logitScaling != 1) {
            for (int i = 0; i < last.weight().length; i++) {
                last.weight()[i] = (float) (last.weight()[i] / logitScaling);
            }
        }
        return last;
    }

    private Weights.Mixer mixer(TensorReader tensors, String block, int layer) {
        if (!(config.mixers().get(layer) instanceof AttentionShape) && otherMixer != null) {
            return otherMixer.read(tensors, block, layer);
        }
        if (!mixersSaid.isEmpty() && tensors.has(block + otherMark)) {
            throw new CheckpointException(
                    "%s, but the weights have '%s%s', which attention has not; correct the file or download it again"
                            .formatted(mixersSaid, block, otherMark));
        }
        return attention(tensors, block, layer);
    }

    /// Takes the weights of attention.
    Weights.Attention attention(TensorReader tensors, String block, int layer) {
        String prefix = block + "self_attn.";
        int dModel = config.dModel();
        AttentionShape shape = config.attention(layer);
        boolean normed = normedHeads.test(layer);
        return new Weights.Attention(
                projections(tensors, prefix, shape),
                normed
                        ? queryKeyNorm(tensors, prefix + queryNorm, shape.nHeads(), shape.dHead())
                        : null,
                normed
                        ? queryKeyNorm(tensors, prefix + keyNorm, shape.nKvHeads(), shape.dHead())
                        : null,
                null,
                tensors.projection(
                        prefix + attentionOutput, dModel, shape.mixedWidth(), outputBias),
                norm(tensors, block, attentionPostNorm),
                sinks ? tensors.drawnVector(prefix + "sinks", shape.nHeads()) : null);
    }

    private Weights.Projections projections(
            TensorReader tensors, String prefix, AttentionShape shape) {
        int dModel = config.dModel();
        int queries = shape.queryWidth();
        int keys = shape.keyWidth();
        LatentLayout narrow = latent;
        if (narrow != null) {
            return narrow.read(tensors, prefix, dModel, shape);
        }
        if (fused) {
            return fusedProjections(tensors, prefix, queries, keys);
        }
        int outputs = gatedQueries ? Math.multiplyExact(2, queries) : queries;
        Projection query = tensors.projection(prefix + "q_proj", outputs, dModel, projectionBias);
        Projection key = tensors.projection(prefix + "k_proj", keys, dModel, projectionBias);
        Projection value =
                tensors.projection(prefix + "v_proj", shape.valueWidth(), dModel, projectionBias);
        return gatedQueries
                ? new Weights.GatedQueries(query, key, value)
                : new Weights.Separate(query, key, value);
    }

    private Weights.Separate fusedProjections(
            TensorReader tensors, String prefix, int queries, int keys) {
        int outputs = queries + 2 * keys;
        Projection all =
                tensors.projection(prefix + "qkv_proj", outputs, config.dModel(), projectionBias);
        return new Weights.Separate(
                all.outputs(0, queries),
                all.outputs(queries, queries + keys),
                all.outputs(queries + keys, outputs));
    }

    private @Nullable NormWeights queryKeyNorm(
            TensorReader tensors, String name, int heads, int dHead) {
        return switch (queryKeyNorm) {
            case NONE -> null;
            case HEAD -> headNorm.read(tensors, name, dHead);
            case WHOLE -> headNorm.read(tensors, name, heads * dHead);
            case EACH_HEAD -> eachHead(tensors, name + ".", heads, dHead);
        };
    }

    private NormWeights eachHead(TensorReader tensors, String prefix, int heads, int dHead) {
        float[] weights = new float[heads * dHead];
        NormWeights one = headNorm.read(tensors, prefix + 0, dHead);
        for (int head = 0; head < heads; head++) {
            one = headNorm.read(tensors, prefix + head, dHead);
            System.arraycopy(one.weight(), 0, weights, head * dHead, dHead);
        }
        return new NormWeights(one.norm(), weights, null, dHead);
    }

    private Weights.FeedForward feedForward(TensorReader tensors, String block, int layer) {
        FeedForwardReader other = otherFeedForward;
        if (other != null) {
            return other.read(tensors, block);
        }
        ExpertLayout routed = experts;
        return routed != null && routed.in(layer, tensors, block)
                ? routed.read(tensors, block, config.dModel(), norm(tensors, block, mlpPostNorm))
                : mlp(tensors, block);
    }

    private Mlp mlp(TensorReader tensors, String block) {
        String prefix = block + mlpRoom;
        int dModel = config.dModel();
        int dMlp = mlpWidth;
        @Nullable Projection gate;
        Projection up;
        if (fused || fusedGate) {
            Projection both =
                    tensors.projection(prefix + "gate_up_proj", 2 * dMlp, dModel, mlpBias);
            gate = both.outputs(0, dMlp);
            up = both.outputs(dMlp, 2 * dMlp);
        } else {
            gate =
                    gated
                            ? Scaled.of(
                                    tensors.projection(prefix + mlpGate, dMlp, dModel, mlpBias),
                                    gateFactor)
                            : null;
            up = tensors.projection(prefix + mlpUp, dMlp, dModel, mlpBias);
        }
        return new Mlp(
                gate,
                up,
                Scaled.of(tensors.projection(prefix + mlpDown, dModel, dMlp, mlpBias), mlpFactor),
                norm(tensors, block, mlpPostNorm),
                Gating.PLAIN,
                learnedActivation ? LearnedActivation.xielu(tensors, prefix + "act_fn.") : null);
    }
}
