package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;

/// Solar Open: the experts of GLM-4.5, in every block.
record SolarOpenFamily() implements Family {
    @Override
    public String name() {
        return "solar_open";
    }

    @Override
    public List<String> architectures() {
        return List.of("SolarOpenForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Solar-Open-100B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ExpertLayout experts = ScoredExperts.sigmoid(json, true);
        ConfigDraft draft =
                ConfigDraft.llama(
                        json,
                        name(),
                        Map.of("head_dim", 128, "intermediate_size", experts.width()));
        draft.dMlp = experts.width();
        json.mustBe("partial_rotary_factor", 1, "transformers cannot turn a part of a head here");
        draft.rotary(RopeKeys.read(json, draft.dHead, 1_000_000), Pairing.HALVES);
        LlamaLayout layout = DeepseekFamilies.layout(json, draft, experts);
        // of files that were written as GLM's are; no block has another MLP
        json.withoutEffect("first_k_dense_replace", "intermediate_size");
        json.asUsual("use_qk_norm", false);
        layout.projectionBias = json.boolOr("attention_bias", false);
        return layout.blueprint();
    }
}
