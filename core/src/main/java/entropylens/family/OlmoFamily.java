package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// OLMo: Llama with LayerNorms that have learned nothing, and queries, keys and values that may be
/// cut off.
record OlmoFamily() implements Family {
    /// Fixed in transformers' code; the configuration does not say it.
    private static final double EPS = 1e-5;

    @Override
    public String name() {
        return "olmo";
    }

    @Override
    public List<String> architectures() {
        return List.of("OlmoForCausalLM");
    }

    @Override
    public String knownFor() {
        return "OLMo 1B and 7B (the -hf conversions)";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        draft.projectionClip = json.optionalDouble("clip_qkv");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout = new LlamaLayout(draft.build(), NormReader.layerWithoutWeights(EPS));
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        return layout.blueprint();
    }
}
