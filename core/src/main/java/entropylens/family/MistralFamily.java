package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Mistral: Llama with a sliding window.
record MistralFamily() implements Family {
    @Override
    public String name() {
        return "mistral";
    }

    @Override
    public List<String> architectures() {
        return List.of("MistralForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Mistral 7B (v0.1 to v0.3), Mistral Nemo";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        draft.windows(CommonKeys.slidingWindow(json, 4096), layer -> true);
        CommonKeys.withoutEffect(json);
        return new LlamaLayout(draft.build(), NormReader.rms(json.requireDouble("rms_norm_eps")))
                .blueprint();
    }
}
