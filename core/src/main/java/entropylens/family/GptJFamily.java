package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Matrix;
import entropylens.model.DecoderConfig;
import entropylens.model.Positions.Pairing;
import entropylens.model.Residual;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Mlp;
import entropylens.model.Weights.Readout;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// GPT-J: attention and MLP side by side behind one LayerNorm, and a part of each head turned in
/// pairs of neighbours.
record GptJFamily() implements Family {
    @Override
    public String name() {
        return "gptj";
    }

    @Override
    public List<String> architectures() {
        return List.of("GPTJForCausalLM");
    }

    @Override
    public String knownFor() {
        return "GPT-J 6B";
    }

    @Override
    public String prefix() {
        return "transformer.";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = draft(json, name());
        json.asUsual("rotary", true);
        json.asUsual("scale_attn_weights", true);
        double eps = json.doubleOr("layer_norm_epsilon", 1e-5);
        DecoderConfig config = draft.build();
        return new Blueprint(
                config,
                tensors ->
                        weights(
                                config,
                                NormReader.layer(eps),
                                tensors,
                                attention -> separate(tensors, attention, config.dModel())));
    }

    private static Weights.Projections separate(TensorReader tensors, String prefix, int dModel) {
        return new Weights.Separate(
                tensors.projection(prefix + "q_proj", dModel, dModel, false),
                tensors.projection(prefix + "k_proj", dModel, dModel, false),
                tensors.projection(prefix + "v_proj", dModel, dModel, false));
    }

    /// Also CodeGen's.
    static ConfigDraft draft(ConfigJson json, String family) {
        ConfigDraft draft = new ConfigDraft(family);
        draft.nLayers = json.requireInt("n_layer");
        draft.dModel = json.requireInt("n_embd");
        draft.nHeads = json.requireInt("n_head");
        draft.nKvHeads = draft.nHeads;
        draft.dHead = CommonKeys.headWidth(json, "n_embd", "n_head");
        draft.dMlp = json.intOr("n_inner", Math.multiplyExact(4, draft.dModel));
        draft.dVocab = json.requireInt("vocab_size");
        draft.nCtx = json.requireInt("n_positions");
        // null is no width that transformers could turn
        int rotated = json.mentions("rotary_dim") ? json.requireInt("rotary_dim") : 64;
        draft.rotary(
                RopeKeys.ofPart(json, RopeKeys.THETA, "rotary_dim", rotated, draft.dHead),
                Pairing.NEIGHBOURS);
        draft.activation = CommonKeys.activation(json, "activation_function", "gelu_new");
        draft.residual = Residual.PARALLEL_ONE_NORM;
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", false);
        CommonKeys.withoutEffect(json);
        CommonKeys.summaryHead(json);
        json.withoutEffect("n_ctx");
        return draft;
    }

    /// @param projections takes them, given what the names of attention begin with
    static Weights weights(
            DecoderConfig config,
            NormReader norm,
            TensorReader tensors,
            Function<String, Weights.Projections> projections) {
        return new Layout(config, norm, tensors, projections).weights();
    }

    /// Where the tensors are.
    private record Layout(
            DecoderConfig config,
            NormReader norm,
            TensorReader tensors,
            Function<String, Weights.Projections> projections) {
        Weights weights() {
            int dModel = config.dModel();
            int dVocab = config.dVocab();
            Matrix embed = tensors.embedding("transformer.wte.weight", config, dModel);
            return new Weights(
                    new Embedding(embed, null, null, null),
                    IntStream.range(0, config.nLayers())
                            .mapToObj(layer -> block("transformer.h." + layer + "."))
                            .toList(),
                    new Readout(
                            norm.read(tensors, "transformer.ln_f", dModel),
                            null,
                            tensors.unembed(embed, config),
                            tensors.bias("lm_head.bias", dVocab)));
        }

        private Block block(String prefix) {
            int dModel = config.dModel();
            int dMlp = config.dMlp();
            String attention = prefix + "attn.";
            return new Block(
                    norm.read(tensors, prefix + "ln_1", dModel),
                    new Weights.Attention(
                            projections.apply(attention),
                            null,
                            null,
                            tensors.projection(attention + "out_proj", dModel, dModel, false),
                            null),
                    null,
                    new Mlp(
                            null,
                            tensors.projection(prefix + "mlp.fc_in", dMlp, dModel, true),
                            tensors.projection(prefix + "mlp.fc_out", dModel, dMlp, true),
                            null));
        }
    }

    /// Masks were once stored with the weights.
    @Override
    public boolean harmless(String tensor) {
        return tensor.matches(".*\\.attn\\.(bias|masked_bias)") || Family.super.harmless(tensor);
    }
}
