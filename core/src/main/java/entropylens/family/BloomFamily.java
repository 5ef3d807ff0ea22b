package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Activation;
import entropylens.model.AlibiSlopes;
import entropylens.model.Positions;
import java.util.List;

/// BLOOM: LayerNorm, also on the embedding, and linear biases instead of positions.
record BloomFamily() implements Family {
    @Override
    public String name() {
        return "bloom";
    }

    @Override
    public List<String> architectures() {
        return List.of("BloomForCausalLM");
    }

    @Override
    public String knownFor() {
        return "BLOOM 560M to 176B, BLOOMZ";
    }

    @Override
    public String prefix() {
        return "transformer.";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = new ConfigDraft(name());
        String width = json.has("hidden_size") ? "hidden_size" : "n_embed";
        String heads = json.has("n_head") ? "n_head" : "num_attention_heads";
        draft.nLayers = json.requireInt(json.has("n_layer") ? "n_layer" : "num_hidden_layers");
        draft.dModel = json.requireInt(width);
        draft.nHeads = json.requireInt(heads);
        draft.nKvHeads = draft.nHeads;
        draft.dHead = CommonKeys.headWidth(json, width, heads);
        draft.dMlp = Math.multiplyExact(4, draft.dModel);
        draft.dVocab = json.requireInt("vocab_size");
        // what it was trained on; linear biases set no limit of their own
        draft.nCtx = json.intOr("seq_length", 2048);
        draft.positions = new Positions.Alibi(AlibiSlopes.of(draft.nHeads), false, 1);
        draft.activation = Activation.GELU_TANH;
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        json.mustBe(
                "apply_residual_connection_post_layernorm",
                false,
                "adding to the normed stream is not implemented");
        json.mustBe("slow_but_exact", false, "transformers can leave biases out then");
        json.asUsual("skip_bias_add_qkv", false);
        CommonKeys.withoutEffect(json);
        // how it was trained; n_inner is 4 d_model whatever it says
        json.withoutEffect(
                "attention_softmax_in_fp32",
                "bias_dropout_fusion",
                "masked_softmax_fusion",
                "n_inner",
                "offset_alibi",
                "pretraining_pp",
                "skip_bias_add");
        MegatronLayout layout =
                new MegatronLayout(
                        draft.build(), NormReader.layer(json.doubleOr("layer_norm_epsilon", 1e-5)));
        layout.embedNorm = "word_embeddings_layernorm";
        return layout.blueprint();
    }
}
