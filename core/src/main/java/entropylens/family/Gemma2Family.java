package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// Gemma 2: Gemma with a norm before and after each half of a block, a sliding window in every
/// other block, and soft-caps on attention scores and logits.
record Gemma2Family() implements Family {
    @Override
    public String name() {
        return "gemma2";
    }

    @Override
    public List<String> architectures() {
        return List.of("Gemma2ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Gemma 2 2B, 9B, 27B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        return layout(json, draft(json, name())).blueprint();
    }

    /// Also VaultGemma's.
    static ConfigDraft draft(ConfigJson json, String family) {
        ConfigDraft draft = GemmaFamily.draft(json, family, Map.of("head_dim", 256));
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        CommonKeys.windows(json, draft, true, 4096, layer -> layer % 2 == 0);
        attention(json, draft);
        // said twice by some; not looked at
        json.withoutEffect("sliding_window_size");
        draft.scoreSoftcap = softcap(json, "attn_logit_softcapping", OptionalDouble.of(50));
        draft.logitSoftcap = softcap(json, "final_logit_softcapping", OptionalDouble.of(30));
        return draft;
    }

    /// What Gemma 2 and 3 share.
    static void attention(ConfigJson json, ConfigDraft draft) {
        draft.scoreScale =
                OptionalDouble.of(1 / Math.sqrt(json.doubleOr("query_pre_attn_scalar", 256)));
        draft.activation = CommonKeys.activation(json, "hidden_activation", "gelu_pytorch_tanh");
        // the name that Gemma 1 used; not looked at
        json.withoutEffect("hidden_act");
    }

    /// `null` is none; where the key is absent, transformers' own default counts.
    static OptionalDouble softcap(ConfigJson json, String key, OptionalDouble whereAbsent) {
        return json.mentions(key) ? json.optionalDouble(key) : whereAbsent;
    }

    /// What Gemma 2 and 3 share.
    static LlamaLayout layout(ConfigJson json, ConfigDraft draft) {
        LlamaLayout layout = GemmaFamily.layout(json, draft);
        layout.attentionPostNorm = "post_attention_layernorm";
        layout.ln2 = "pre_feedforward_layernorm";
        layout.mlpPostNorm = "post_feedforward_layernorm";
        return layout;
    }
}
