package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// OLMo 2: Llama with RMSNorms after attention and MLP instead of before them, and on whole queries
/// and keys.
record Olmo2Family() implements Family {
    @Override
    public String name() {
        return "olmo2";
    }

    @Override
    public List<String> architectures() {
        return List.of("Olmo2ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "OLMo 2 1B to 32B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        return layout(json, draft).blueprint();
    }

    /// What OLMo 2 and 3 share.
    static LlamaLayout layout(ConfigJson json, ConfigDraft draft) {
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-5)));
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.ln1 = null;
        layout.attentionPostNorm = "post_attention_layernorm";
        layout.ln2 = null;
        layout.mlpPostNorm = "post_feedforward_layernorm";
        layout.queryKeyNorm = QueryKeyNorm.WHOLE;
        return layout;
    }
}
