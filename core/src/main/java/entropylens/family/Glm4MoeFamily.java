package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// GLM-4.5 to 4.7: experts chosen by sigmoids with a correction, MLPs in the first blocks.
record Glm4MoeFamily() implements Family {
    @Override
    public String name() {
        return "glm4_moe";
    }

    @Override
    public List<String> architectures() {
        return List.of("Glm4MoeForCausalLM");
    }

    @Override
    public String knownFor() {
        return "GLM-4.5, GLM-4.5-Air, GLM-4.6, GLM-4.7";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA, 0.5), Pairing.HALVES);
        LlamaLayout layout =
                DeepseekFamilies.layout(
                        json,
                        draft,
                        DeepseekFamilies.fromFirst(json, ScoredExperts.sigmoid(json, true)));
        layout.projectionBias = json.boolOr("attention_bias", false);
        layout.queryKeyNorm =
                json.boolOr("use_qk_norm", false)
                        ? LlamaLayout.QueryKeyNorm.HEAD
                        : LlamaLayout.QueryKeyNorm.NONE;
        DeepseekFamilies.furtherBlocks(json, layout);
        return layout.blueprint();
    }
}
