package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Matrix;
import entropylens.kernels.Projection;
import entropylens.model.DecoderConfig;
import entropylens.model.Positions;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Mlp;
import entropylens.model.Weights.Readout;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// GPT-2: LayerNorm, learned positions, one fused projection for queries, keys and values, a plain
/// MLP, and matrices stored input by output (`Conv1D`).
record Gpt2Family() implements Family {
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
    public String knownFor() {
        return "GPT-2 small to xl, DistilGPT-2";
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = new ConfigDraft(name());
        draft.nLayers = json.requireInt("n_layer");
        draft.dModel = json.requireInt("n_embd");
        draft.nHeads = json.requireInt("n_head");
        draft.nKvHeads = draft.nHeads;
        draft.dHead = CommonKeys.headWidth(json, "n_embd", "n_head");
        draft.dMlp = json.intOr("n_inner", Math.multiplyExact(4, draft.dModel));
        draft.dVocab = json.requireInt("vocab_size");
        draft.nCtx = json.requireRows("n_positions");
        if (!json.boolOr("scale_attn_weights", true)) {
            draft.scoreScale = OptionalDouble.of(1);
        }
        draft.scaleByInverseLayer = json.boolOr("scale_attn_by_inverse_layer_idx", false);
        draft.positions = new Positions.Learned();
        draft.activation = CommonKeys.activation(json, "activation_function", "gelu_new");
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        double eps = json.doubleOr("layer_norm_epsilon", 1e-5);
        CommonKeys.withoutEffect(json);
        CommonKeys.summaryHead(json);
        // n_ctx is an older name of n_positions; reordering changes rounding in half precision only
        json.withoutEffect("n_ctx", "reorder_and_upcast_attn");
        DecoderConfig config = draft.build();
        return new Blueprint(
                config, tensors -> new Layout(config, NormReader.layer(eps), tensors).weights());
    }

    /// Where the tensors are.
    private record Layout(DecoderConfig config, NormReader norm, TensorReader tensors) {
        Weights weights() {
            int dModel = config.dModel();
            Matrix embed = tensors.embedding(PREFIX + "wte.weight", config, dModel);
            return new Weights(
                    new Embedding(
                            embed,
                            null,
                            null,
                            tensors.outIn(PREFIX + "wpe.weight", config.nCtx(), dModel)),
                    IntStream.range(0, config.nLayers())
                            .mapToObj(layer -> block(PREFIX + "h." + layer))
                            .toList(),
                    new Readout(
                            norm.read(tensors, PREFIX + "ln_f", dModel),
                            null,
                            tensors.unembed(embed, config),
                            null));
        }

        private Block block(String prefix) {
            int dModel = config.dModel();
            Projection fused = tensors.conv1d(prefix + ".attn.c_attn", 3 * dModel, dModel);
            return new Block(
                    norm.read(tensors, prefix + ".ln_1", dModel),
                    new Weights.Attention(
                            new Weights.Separate(
                                    fused.outputs(0, dModel),
                                    fused.outputs(dModel, 2 * dModel),
                                    fused.outputs(2 * dModel, 3 * dModel)),
                            null,
                            null,
                            tensors.conv1d(prefix + ".attn.c_proj", dModel, dModel),
                            null),
                    norm.read(tensors, prefix + ".ln_2", dModel),
                    new Mlp(
                            null,
                            tensors.conv1d(prefix + ".mlp.c_fc", config.dMlp(), dModel),
                            tensors.conv1d(prefix + ".mlp.c_proj", dModel, config.dMlp()),
                            null));
        }
    }

    /// What a block adds to the stream begins smaller, so that the stream of a deep model does not
    /// begin larger: by √(2 L) for the two sums of each of L blocks.
    @Override
    public double initialScale(String tensor, DecoderConfig config) {
        return tensor.endsWith(".c_proj.weight") ? 1 / Math.sqrt(2.0 * config.nLayers()) : 1;
    }

    /// Causal masks were once stored with the weights.
    @Override
    public boolean harmless(String tensor) {
        return tensor.endsWith(".attn.bias")
                || tensor.endsWith(".attn.masked_bias")
                || Family.super.harmless(tensor);
    }
}
