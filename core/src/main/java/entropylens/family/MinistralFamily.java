package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;

/// Ministral: Mistral whose blocks may differ in whether they have a window.
record MinistralFamily() implements Family {
    @Override
    public String name() {
        return "ministral";
    }

    @Override
    public List<String> architectures() {
        return List.of("MinistralForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Ministral 8B (October 2024), where its blocks differ";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name(), Map.of("num_key_value_heads", 8));
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.windows(json, draft, true, 4096, layer -> true);
        CommonKeys.withoutEffect(json);
        return new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-6)))
                .blueprint();
    }
}
