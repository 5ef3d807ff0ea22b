package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Qwen 3 with routed experts.
record Qwen3MoeFamily() implements Family {
    @Override
    public String name() {
        return "qwen3_moe";
    }

    @Override
    public List<String> architectures() {
        return List.of("Qwen3MoeForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Qwen3-30B-A3B, Qwen3-235B-A22B, Qwen3-Coder";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        ExpertLayout experts = ExpertLayout.qwen(json, draft.nLayers);
        int dense = draft.dMlp;
        draft.dMlp = experts.width();
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        boolean sliding = json.boolOr("use_sliding_window", false);
        CommonKeys.windows(json, draft, sliding, 4096, layer -> true);
        // looked at by no part of this architecture
        json.withoutEffect("max_window_layers");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.requireDouble("rms_norm_eps")));
        layout.queryKeyNorm = QueryKeyNorm.HEAD;
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.experts = experts;
        layout.mlpWidth = dense;
        return layout.blueprint();
    }
}
