package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import entropylens.model.Residual;
import entropylens.model.Rope;
import java.util.List;

/// GPT-NeoX: LayerNorm, a part of each head turned, and attention and MLP side by side, each behind
/// a norm of its own.
record GptNeoXFamily() implements Family {
    @Override
    public String name() {
        return "gpt_neox";
    }

    @Override
    public List<String> architectures() {
        return List.of("GPTNeoXForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Pythia 14M to 12B, GPT-NeoX-20B, Dolly 2, RedPajama-INCITE";
    }

    @Override
    public String prefix() {
        return "gpt_neox.";
    }

    /// transformers 5 renames it.
    @Override
    public List<String> unembeds() {
        return List.of("embed_out", "lm_head");
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(rope(json, draft.dHead), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "gelu");
        if (json.boolOr("use_parallel_residual", true)) {
            draft.residual = Residual.PARALLEL;
        }
        CommonKeys.withoutEffect(json);
        json.withoutEffect(
                "attention_probs_dropout_prob", "classifier_dropout", "hidden_dropout_prob");
        MegatronLayout layout =
                new MegatronLayout(
                        draft.build(), NormReader.layer(json.doubleOr("layer_norm_eps", 1e-5)));
        layout.stack = "gpt_neox.";
        layout.embed = "embed_in";
        layout.blocks = "layers.";
        layout.attention = "attention.";
        layout.lnFinal = "final_layer_norm";
        layout.attentionBias = json.boolOr("attention_bias", true);
        return layout.blueprint();
    }

    /// Files without `rope_parameters` have names of their own for base and share; some have the
    /// usual ones as well, at which transformers does not look.
    private static Rope rope(ConfigJson json, int dHead) {
        double theta = json.doubleOr("rotary_emb_base", RopeKeys.THETA);
        double share = RopeKeys.share(json, "rotary_pct", 0.25);
        if (!json.has("rope_parameters")) {
            json.mustBe("rope_theta", theta, "rotary_emb_base is what counts");
            json.mustBe("partial_rotary_factor", share, "rotary_pct is what counts");
        }
        return RopeKeys.read(json, dHead, theta, share);
    }

    /// Masks and frequencies were once stored with the weights.
    @Override
    public boolean harmless(String tensor) {
        return tensor.matches(".*\\.attention\\.(bias|masked_bias|rotary_emb\\.inv_freq)");
    }
}
