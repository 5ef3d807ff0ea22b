package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// dots.llm1: experts as those of DeepSeek-V3, attention as that of Qwen 3.
record Dots1Family() implements Family {
    @Override
    public String name() {
        return "dots1";
    }

    @Override
    public List<String> architectures() {
        return List.of("Dots1ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "dots.llm1";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        int fullUpTo = json.intOr("max_window_layers", 62);
        CommonKeys.windows(json, draft, true, 4096, layer -> layer >= fullUpTo);
        LlamaLayout layout =
                DeepseekFamilies.layout(
                        json,
                        draft,
                        DeepseekFamilies.fromFirst(json, ScoredExperts.sigmoid(json, false)));
        boolean biased = json.boolOr("attention_bias", false);
        layout.projectionBias = biased;
        layout.outputBias = biased;
        layout.queryKeyNorm = LlamaLayout.QueryKeyNorm.HEAD;
        return layout.blueprint();
    }
}
