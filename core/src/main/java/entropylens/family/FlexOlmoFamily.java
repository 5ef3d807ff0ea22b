package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import entropylens.model.Routing;
import java.util.List;

/// FlexOlmo: OLMo 2 with routed experts.
record FlexOlmoFamily() implements Family {
    @Override
    public String name() {
        return "flex_olmo";
    }

    @Override
    public List<String> architectures() {
        return List.of("FlexOlmoForCausalLM");
    }

    @Override
    public String knownFor() {
        return "FlexOlmo 7x7B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, 500_000), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        Routing routing =
                new Routing.OfAll(
                        json.requireInt("num_experts_per_tok"),
                        json.boolOr("norm_topk_prob", false));
        ExpertLayout experts = new ExpertLayout(json, routing, draft.dMlp);
        ExpertLayout.withoutEffect(json);
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-6)));
        layout.ln1 = null;
        layout.attentionPostNorm = "post_attention_layernorm";
        layout.ln2 = null;
        layout.mlpPostNorm = "post_feedforward_layernorm";
        layout.queryKeyNorm = LlamaLayout.QueryKeyNorm.WHOLE;
        boolean biased = json.boolOr("attention_bias", false);
        layout.projectionBias = biased;
        layout.outputBias = biased;
        layout.experts = experts;
        return layout.blueprint();
    }
}
