package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import entropylens.model.Routing;
import java.util.List;

/// Mixtral: Mistral with routed experts.
record MixtralFamily() implements Family {
    @Override
    public String name() {
        return "mixtral";
    }

    @Override
    public List<String> architectures() {
        return List.of("MixtralForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Mixtral 8x7B and 8x22B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, 1_000_000), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        draft.windows(json.optionalInt("sliding_window"), layer -> true);
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.requireDouble("rms_norm_eps")));
        Routing routing = new Routing.OfAll(json.requireInt("num_experts_per_tok"), true);
        // noise of training
        json.withoutEffect("router_jitter_noise");
        layout.experts = layout(json, routing, draft.dMlp);
        return layout.blueprint();
    }

    /// Where Mixtral has its experts, and others after it.
    static ExpertLayout layout(ConfigJson json, Routing routing, int width) {
        return named(json, new ExpertLayout(json, routing, width));
    }

    static ExpertLayout named(ConfigJson json, ExpertLayout experts) {
        experts.room = "block_sparse_moe.";
        experts.gate = "w1";
        experts.up = "w3";
        experts.down = "w2";
        ExpertLayout.withoutEffect(json);
        return experts;
    }
}
