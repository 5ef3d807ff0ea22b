package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import entropylens.model.Routing;
import java.util.List;

/// Phi-3.5-MoE: Mixtral with layer norms, biases, and a router that mixes sparsely.
record PhiMoeFamily() implements Family {
    @Override
    public String name() {
        return "phimoe";
    }

    @Override
    public List<String> architectures() {
        return List.of("PhimoeForCausalLM", "PhiMoEForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Phi-3.5-MoE";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.withMagnitudes(json, draft.dHead, 1_000_000), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        draft.windows(json.optionalInt("sliding_window"), layer -> true);
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(
                        draft.build(), NormReader.layer(json.requireDouble("rms_norm_eps")));
        // two, whatever num_experts_per_tok says
        json.mustBe("num_experts_per_tok", 2, "this router chooses two experts");
        Routing routing = new Routing.SparseMixer(json.doubleOr("router_jitter_noise", 0.01));
        // noise of training
        json.withoutEffect("input_jitter_noise");
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.unembedBias = json.boolOr("lm_head_bias", false);
        layout.experts = MixtralFamily.layout(json, routing, draft.dMlp);
        return layout.blueprint();
    }
}
