package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;

/// GLM: Llama with gate and up in one matrix, and a part of each head turned in pairs of
/// neighbours.
record GlmFamily() implements Family {
    private static final Map<String, Integer> WHERE_ABSENT =
            Map.of("head_dim", 128, "num_key_value_heads", 2);

    @Override
    public String name() {
        return "glm";
    }

    @Override
    public List<String> architectures() {
        return List.of("GlmForCausalLM");
    }

    @Override
    public String knownFor() {
        return "GLM-4 9B (the -hf conversions), GLM-Edge";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        return layout(json, name()).blueprint();
    }

    /// What GLM and GLM-4 share.
    static LlamaLayout layout(ConfigJson json, String family) {
        ConfigDraft draft = ConfigDraft.llama(json, family, WHERE_ABSENT);
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA, 0.5), Pairing.NEIGHBOURS);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(
                        draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1.5625e-7)));
        layout.projectionBias = json.boolOr("attention_bias", true);
        layout.fusedGate = true;
        return layout;
    }
}
