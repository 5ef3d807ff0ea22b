package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Llama: RMSNorm, rotary positions, grouped-query attention, a gated MLP.
record LlamaFamily() implements Family {
    @Override
    public String name() {
        return "llama";
    }

    @Override
    public List<String> architectures() {
        return List.of("LlamaForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Llama 2, 3, 3.1, 3.2, 3.3; SmolLM, SmolLM2, TinyLlama";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        json.asUsual("rope_interleaved", false);
        CommonKeys.withoutEffect(json);
        json.withoutEffect("internal_version", "is_llama_config");
        boolean attentionBias = json.boolOr("attention_bias", false);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.requireDouble("rms_norm_eps")));
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.mlpBias = json.boolOr("mlp_bias", false);
        return layout.blueprint();
    }
}
