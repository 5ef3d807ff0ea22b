package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Qwen3-Next: gated delta nets in three of four blocks, gated attention in the fourth, routed
/// experts with one for all.
record Qwen3NextFamily() implements Family {
    @Override
    public String name() {
        return "qwen3_next";
    }

    @Override
    public List<String> architectures() {
        return List.of("Qwen3NextForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Qwen3-Next-80B-A3B, Qwen3-Coder-Next";
    }

    /// The heads that predict several tokens at once.
    @Override
    public boolean harmless(String tensor) {
        return tensor.startsWith("mtp.") || Family.super.harmless(tensor);
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        ExpertLayout experts = ExpertLayout.qwen(json, draft.nLayers);
        experts.sharedWidth = json.requireInt("shared_expert_intermediate_size");
        int dense = draft.dMlp;
        draft.dMlp = experts.width();
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA, 0.25), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        DeltaNetLayout delta = DeltaNetLayout.of(json, draft);
        CommonKeys.withoutEffect(json);
        LlamaLayout layout = gatedAttention(json, draft, delta);
        layout.experts = experts;
        layout.mlpWidth = dense;
        return layout.blueprint();
    }

    /// What Qwen 3.5 has as well.
    static LlamaLayout gatedAttention(ConfigJson json, ConfigDraft draft, DeltaNetLayout delta) {
        LlamaLayout layout =
                new LlamaLayout(
                        draft.build(), NormReader.rmsOnePlus(json.doubleOr("rms_norm_eps", 1e-6)));
        layout.mark = "input_layernorm.weight";
        layout.queryKeyNorm = QueryKeyNorm.HEAD;
        layout.gatedQueries = true;
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.otherMixer = (tensors, block, layer) -> delta.read(tensors, block);
        return layout;
    }
}
