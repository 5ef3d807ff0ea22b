package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Matrix;
import entropylens.model.DecoderConfig;
import entropylens.model.Positions;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Linear;
import entropylens.model.Weights.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// GPT-2: LayerNorm, learned positions, one fused projection for queries, keys and values, a plain
/// MLP, and matrices stored input by output (`Conv1D`).
record Gpt2Family() implements Family {
    /// Published files have tensor names without it, files saved by transformers with it.
    private static final String PREFIX = "transformer.";

    @Override
    public String name() {
        return "gpt2";
    }

    @Override
    public List<String> architectures() {
        return List.of("GPT2LMHeadModel");
    }

    @Override
    public DecoderConfig config(ConfigJson json) {
        int dModel = json.requireInt("n_embd");
        int nHeads = json.requireInt("n_head");
        int dHead = CommonKeys.headWidth(json, "n_embd", "n_head");
        boolean scaled = json.boolOr("scale_attn_weights", true);
        json.mustBe("add_cross_attention", false, "cross-attention is not implemented");
        CommonKeys.withoutEffect(json);
        // n_ctx is an older name of n_positions; reordering changes rounding in half precision only
        json.withoutEffect(
                "n_ctx",
                "reorder_and_upcast_attn",
                "summary_activation",
                "summary_first_dropout",
                "summary_proj_to_labels",
                "summary_type",
                "summary_use_proj");
        return new DecoderConfig(
                name(),
                json.requireInt("n_layer"),
                dModel,
                json.intOr("n_inner", 4 * dModel),
                json.requireInt("vocab_size"),
                json.requireInt("n_positions"),
                new DecoderConfig.Attention(
                        nHeads,
                        nHeads,
                        dHead,
                        scaled ? 1 / Math.sqrt(dHead) : 1,
                        json.boolOr("scale_attn_by_inverse_layer_idx", false),
                        OptionalInt.empty()),
                new Positions.Learned(),
                CommonKeys.activation(json, "activation_function", "gelu_new"),
                OptionalDouble.empty(),
                json.boolOr("tie_word_embeddings", true),
                json.doubleOr("layer_norm_epsilon", 1e-5),
                new DecoderConfig.Biases(true, true));
    }

    @Override
    public Weights weights(DecoderConfig config, TensorReader tensors) {
        String prefix = tensors.has(PREFIX + "wte.weight") ? PREFIX : "";
        int dModel = config.dModel();
        Matrix embed = tensors.outIn(prefix + "wte.weight", config.dVocab(), dModel);
        return new Weights(
                embed,
                tensors.outIn(prefix + "wpe.weight", config.nCtx(), dModel),
                IntStream.range(0, config.nLayers())
                        .mapToObj(layer -> block(config, tensors, prefix + "h." + layer))
                        .toList(),
                tensors.layerNorm(prefix + "ln_f", dModel, config.normEps()),
                config.tiedUnembed()
                        ? embed
                        : tensors.outIn("lm_head.weight", config.dVocab(), dModel),
                null);
    }

    private static Block block(DecoderConfig config, TensorReader tensors, String prefix) {
        int dModel = config.dModel();
        Linear fused = conv1d(tensors, prefix + ".attn.c_attn", 3 * dModel, dModel);
        return new Block(
                tensors.layerNorm(prefix + ".ln_1", dModel, config.normEps()),
                cut(fused, 0, dModel),
                cut(fused, dModel, 2 * dModel),
                cut(fused, 2 * dModel, 3 * dModel),
                conv1d(tensors, prefix + ".attn.c_proj", dModel, dModel),
                tensors.layerNorm(prefix + ".ln_2", dModel, config.normEps()),
                new Mlp(
                        null,
                        conv1d(tensors, prefix + ".mlp.c_fc", config.dMlp(), dModel),
                        conv1d(tensors, prefix + ".mlp.c_proj", dModel, config.dMlp())));
    }

    private static Linear conv1d(TensorReader tensors, String name, int outputs, int inputs) {
        return new Linear(
                tensors.inOut(name + ".weight", outputs, inputs),
                tensors.vector(name + ".bias", outputs));
    }

    private static Linear cut(Linear fused, int from, int to) {
        float[] bias = fused.bias();
        return new Linear(
                fused.matrix().outputs(from, to),
                bias == null ? null : Arrays.copyOfRange(bias, from, to));
    }

    /// Causal masks were once stored with the weights.
    @Override
    public boolean harmless(String tensor, DecoderConfig config) {
        return tensor.endsWith(".attn.bias")
                || tensor.endsWith(".attn.masked_bias")
                || (config.tiedUnembed() && tensor.equals("lm_head.weight"));
    }
}
