package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.DecoderConfig;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Mlp;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Llama 2, 3, 3.1, 3.2, 3.3, and Mistral, which differs by a sliding window: RMSNorm, rotary
/// positions, grouped-query attention, a gated MLP.
record LlamaFamily(String name, String architecture) implements Family {
    @Override
    public List<String> architectures() {
        return List.of(architecture);
    }

    @Override
    public DecoderConfig config(ConfigJson json) {
        int dModel = json.requireInt("hidden_size");
        int nHeads = json.requireInt("num_attention_heads");
        OptionalInt headDim = json.optionalInt("head_dim");
        int dHead =
                headDim.isPresent()
                        ? headDim.getAsInt()
                        : CommonKeys.headWidth(json, "hidden_size", "num_attention_heads");
        CommonKeys.withoutEffect(json);
        return new DecoderConfig(
                name,
                json.requireInt("num_hidden_layers"),
                dModel,
                json.requireInt("intermediate_size"),
                json.requireInt("vocab_size"),
                json.requireInt("max_position_embeddings"),
                new DecoderConfig.Attention(
                        nHeads,
                        json.intOr("num_key_value_heads", nHeads),
                        dHead,
                        1 / Math.sqrt(dHead),
                        false,
                        json.optionalInt("sliding_window")),
                RopeKeys.read(json, dHead),
                CommonKeys.activation(json, "hidden_act", "silu"),
                OptionalDouble.empty(),
                json.boolOr("tie_word_embeddings", false),
                json.requireDouble("rms_norm_eps"),
                new DecoderConfig.Biases(
                        json.boolOr("attention_bias", false), json.boolOr("mlp_bias", false)));
    }

    @Override
    public Weights weights(DecoderConfig config, TensorReader tensors) {
        int dModel = config.dModel();
        var embed = tensors.outIn("model.embed_tokens.weight", config.dVocab(), dModel);
        return new Weights(
                embed,
                null,
                IntStream.range(0, config.nLayers())
                        .mapToObj(layer -> block(config, tensors, "model.layers." + layer))
                        .toList(),
                tensors.rmsNorm("model.norm", dModel, config.normEps()),
                config.tiedUnembed()
                        ? embed
                        : tensors.outIn("lm_head.weight", config.dVocab(), dModel),
                null);
    }

    private static Block block(DecoderConfig config, TensorReader tensors, String prefix) {
        int dModel = config.dModel();
        int dMlp = config.dMlp();
        int queries = config.attention().queryWidth();
        int keys = config.attention().keyWidth();
        String attention = prefix + ".self_attn.";
        String mlp = prefix + ".mlp.";
        boolean attentionBias = config.biases().attention();
        boolean mlpBias = config.biases().mlp();
        return new Block(
                tensors.rmsNorm(prefix + ".input_layernorm", dModel, config.normEps()),
                tensors.linear(attention + "q_proj", queries, dModel, attentionBias),
                tensors.linear(attention + "k_proj", keys, dModel, attentionBias),
                tensors.linear(attention + "v_proj", keys, dModel, attentionBias),
                tensors.linear(attention + "o_proj", dModel, queries, attentionBias),
                tensors.rmsNorm(prefix + ".post_attention_layernorm", dModel, config.normEps()),
                new Mlp(
                        tensors.linear(mlp + "gate_proj", dMlp, dModel, mlpBias),
                        tensors.linear(mlp + "up_proj", dMlp, dModel, mlpBias),
                        tensors.linear(mlp + "down_proj", dModel, dMlp, mlpBias)));
    }

    @Override
    public boolean harmless(String tensor, DecoderConfig config) {
        return tensor.endsWith(".rotary_emb.inv_freq")
                || (config.tiedUnembed() && tensor.equals("lm_head.weight"));
    }
}
