package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Qwen 1.5 and 2 with routed experts, and one that sees every row through a gate of its own.
record Qwen2MoeFamily() implements Family {
    @Override
    public String name() {
        return "qwen2_moe";
    }

    @Override
    public List<String> architectures() {
        return List.of("Qwen2MoeForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Qwen1.5-MoE-A2.7B, Qwen2-57B-A14B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        ExpertLayout experts = ExpertLayout.qwen(json, draft.nLayers);
        experts.sharedWidth = json.requireInt("shared_expert_intermediate_size");
        int dense = draft.dMlp;
        draft.dMlp = experts.width();
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        boolean sliding = json.boolOr("use_sliding_window", false);
        int fullFrom = json.intOr("max_window_layers", 28);
        CommonKeys.windows(json, draft, sliding, 4096, layer -> layer % 2 == 0 && layer < fullFrom);
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.requireDouble("rms_norm_eps")));
        layout.projectionBias = json.boolOr("qkv_bias", true);
        layout.experts = experts;
        layout.mlpWidth = dense;
        return layout.blueprint();
    }
}
