package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Matrix;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.Norm;
import entropylens.model.NormWeights;
import entropylens.model.Routing;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Mlp;
import entropylens.model.Weights.Readout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Where Gemma 4 keeps its tensors.
final class Gemma4Layout {
    private static final List<String> STACKS =
            List.of("model.", "model.language_model.", "language_model.model.");

    private static final String PER_LAYER = "hidden_size_per_layer_input";
    private static final String PER_LAYER_TOKENS = "vocab_size_per_layer_input";

    private final DecoderConfig config;
    private final NormReader norm;
    private final double eps;

    /// Blocks that have keys and values of their own: the first ones.
    private final int own;

    private final boolean attentionBias;
    private final boolean keysAsValues;
    private final boolean doubleWide;
    private final int perLayerWidth;
    private final @Nullable ExpertLayout experts;

    Gemma4Layout(ConfigJson json, DecoderConfig config, int own) {
        this.config = config;
        this.own = own;
        eps = json.doubleOr("rms_norm_eps", 1e-6);
        norm = NormReader.rms(eps);
        attentionBias = json.boolOr("attention_bias", false);
        keysAsValues = json.boolOr("attention_k_eq_v", false);
        doubleWide = json.boolOr("use_double_wide_mlp", false);
        perLayerWidth = perLayerWidth(json);
        int tokens = json.anyIntOr(PER_LAYER_TOKENS, 262_144);
        if (perLayerWidth > 0 && tokens != config.dVocab()) {
            throw new CheckpointException(
                    "%s: %s is %,d, but vocab_size is %,d; models where the two differ are not read"
                            .formatted(json.file(), PER_LAYER_TOKENS, tokens, config.dVocab()));
        }
        experts = json.boolOr("enable_moe_block", false) ? experts(json) : null;
        if (experts == null) {
            json.withoutEffect("num_experts", "top_k_experts", "moe_intermediate_size");
        }
    }

    /// 0 where there is none.
    private static int perLayerWidth(ConfigJson json) {
        return json.anyIntOr(PER_LAYER, 256) == 0 ? 0 : json.intOr(PER_LAYER, 256);
    }

    private static ExpertLayout experts(ConfigJson json) {
        Routing routing = new Routing.OfAll(json.requireInt("top_k_experts"), true);
        ExpertLayout layout =
                new ExpertLayout(json, routing, json.requireInt("moe_intermediate_size"));
        layout.room = "";
        layout.router = "router.proj";
        layout.storage = ExpertLayout.Storage.STACKED;
        layout.stackedIn = "experts.gate_up_proj";
        layout.stackedOut = "experts.down_proj";
        return layout;
    }

    Family.Blueprint blueprint() {
        return new Family.Blueprint(config, this::weights);
    }

    private Weights weights(TensorReader tensors) {
        int dModel = config.dModel();
        String stack =
                STACKS.stream()
                        .filter(one -> tensors.has(one + "layers.0.self_attn.o_proj.weight"))
                        .findFirst()
                        .orElse(STACKS.getFirst());
        Matrix embed = tensors.embedding(stack + "embed_tokens.weight", config, dModel);
        return new Weights(
                new Embedding(embed, null, null, null, perLayerEmbedding(tensors, stack)),
                IntStream.range(0, config.nLayers())
                        .mapToObj(layer -> block(tensors, stack + "layers." + layer + ".", layer))
                        .toList(),
                new Readout(
                        norm.read(tensors, stack + "norm", dModel),
                        null,
                        tensors.unembed(embed, config),
                        null));
    }

    private Weights.@Nullable PerLayerEmbedding perLayerEmbedding(
            TensorReader tensors, String stack) {
        String name = stack + "embed_tokens_per_layer.weight";
        if (perLayerWidth == 0) {
            if (tensors.has(name)) {
                throw new CheckpointException(
                        "%s is 0 in config.json, but the weights have a tensor '%s'; are both of the same model?"
                                .formatted(PER_LAYER, name));
            }
            return null;
        }
        int all = Math.multiplyExact(config.nLayers(), perLayerWidth);
        return new Weights.PerLayerEmbedding(
                tensors.outIn(name, config.dVocab(), all),
                tensors.projection(
                        stack + "per_layer_model_projection", all, config.dModel(), false),
                norm.read(tensors, stack + "per_layer_projection_norm", perLayerWidth),
                perLayerWidth);
    }

    private Block block(TensorReader tensors, String prefix, int layer) {
        int dModel = config.dModel();
        return new Block(
                norm.read(tensors, prefix + "input_layernorm", dModel),
                attention(tensors, prefix, layer),
                experts == null
                        ? norm.read(tensors, prefix + "pre_feedforward_layernorm", dModel)
                        : null,
                feedForward(tensors, prefix, layer),
                new Weights.Finish(
                        perLayerInput(tensors, prefix),
                        tensors.has(prefix + "layer_scalar")
                                ? tensors.gain(prefix + "layer_scalar", 1, 1)[0]
                                : 1));
    }

    private Weights.Attention attention(TensorReader tensors, String block, int layer) {
        String prefix = block + "self_attn.";
        int dModel = config.dModel();
        AttentionShape shape = config.attention(layer);
        int dHead = shape.dHead();
        boolean ownKeys = layer < own;
        return new Weights.Attention(
                projections(tensors, prefix, shape),
                norm.read(tensors, prefix + "q_norm", dHead),
                ownKeys ? norm.read(tensors, prefix + "k_norm", dHead) : null,
                ownKeys ? withoutWeights(dHead) : null,
                tensors.projection(prefix + "o_proj", dModel, shape.mixedWidth(), attentionBias),
                norm.read(tensors, block + "post_attention_layernorm", dModel),
                null);
    }

    private Weights.Projections projections(
            TensorReader tensors, String prefix, AttentionShape shape) {
        int dModel = config.dModel();
        var query =
                tensors.projection(prefix + "q_proj", shape.queryWidth(), dModel, attentionBias);
        if (shape.keysOf().isPresent()) {
            return new Weights.QueriesAlone(query);
        }
        if (!tensors.has(prefix + "k_proj.weight")) {
            throw new CheckpointException(
                    "num_kv_shared_layers is %d in config.json, but the weights have no tensor '%sk_proj.weight'; are both of the same model?"
                            .formatted(config.nLayers() - own, prefix));
        }
        var key = tensors.projection(prefix + "k_proj", shape.keyWidth(), dModel, attentionBias);
        return keysAsValues && shape.window().isEmpty()
                ? new Weights.KeysAsValues(query, key)
                : new Weights.Separate(
                        query,
                        key,
                        tensors.projection(
                                prefix + "v_proj", shape.keyWidth(), dModel, attentionBias));
    }

    private NormWeights withoutWeights(int width) {
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        return new NormWeights(new Norm.Rms(eps), ones, null);
    }

    private Weights.FeedForward feedForward(TensorReader tensors, String block, int layer) {
        int dModel = config.dModel();
        NormWeights postNorm = norm.read(tensors, block + "post_feedforward_layernorm", dModel);
        if (experts == null) {
            return mlp(tensors, block, layer, postNorm);
        }
        return new Weights.MlpAndExperts(
                norm.read(tensors, block + "pre_feedforward_layernorm", dModel),
                mlp(
                        tensors,
                        block,
                        layer,
                        norm.read(tensors, block + "post_feedforward_layernorm_1", dModel)),
                routerNorm(tensors, block),
                norm.read(tensors, block + "pre_feedforward_layernorm_2", dModel),
                routed(tensors, block, experts),
                postNorm);
    }

    private Mlp mlp(TensorReader tensors, String block, int layer, NormWeights postNorm) {
        String prefix = block + "mlp.";
        int dModel = config.dModel();
        int width = config.dMlp() * (doubleWide && layer >= own ? 2 : 1);
        return new Mlp(
                tensors.projection(prefix + "gate_proj", width, dModel, false),
                tensors.projection(prefix + "up_proj", width, dModel, false),
                tensors.projection(prefix + "down_proj", dModel, width, false),
                postNorm);
    }

    /// What the router reads is normed, and multiplied by `scale / √d_model`.
    private NormWeights routerNorm(TensorReader tensors, String block) {
        float[] scale = tensors.gain(block + "router.scale", config.dModel(), 1);
        for (int i = 0; i < scale.length; i++) {
            scale[i] = (float) (scale[i] / Math.sqrt(config.dModel()));
        }
        return new NormWeights(new Norm.Rms(eps), scale, null);
    }

    private Weights.Experts routed(TensorReader tensors, String block, ExpertLayout layout) {
        Weights.Experts read = layout.read(tensors, block, config.dModel());
        float[] factors = tensors.gain(block + "router.per_expert_scale", read.experts().size(), 1);
        return new Weights.Experts(
                read.router(),
                new Routing.Scaled(read.routing(), factors),
                read.experts(),
                null,
                norm.read(tensors, block + "post_feedforward_layernorm_2", config.dModel()));
    }

    private Weights.@Nullable PerLayerInput perLayerInput(TensorReader tensors, String block) {
        int dModel = config.dModel();
        return perLayerWidth == 0
                ? null
                : new Weights.PerLayerInput(
                        tensors.projection(
                                block + "per_layer_input_gate", perLayerWidth, dModel, false),
                        tensors.projection(
                                block + "per_layer_projection", dModel, perLayerWidth, false),
                        norm.read(tensors, block + "post_per_layer_input_norm", dModel));
    }
}
