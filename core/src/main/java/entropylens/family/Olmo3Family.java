package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.function.IntPredicate;

/// OLMo 3: OLMo 2 with a sliding window in three blocks of four, and the scaling of rotary
/// positions in the others only.
record Olmo3Family() implements Family {
    private static final double THETA = 500_000;

    @Override
    public String name() {
        return "olmo3";
    }

    @Override
    public List<String> architectures() {
        return List.of("Olmo3ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "OLMo 3 7B and 32B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        IntPredicate otherwise = layer -> (layer + 1) % 4 != 0;
        CommonKeys.windows(json, draft, true, 4096, otherwise);
        List<Boolean> sliding = CommonKeys.slidingLayers(json, draft.nLayers, otherwise);
        draft.rotary(RopeKeys.ofEachKind(json, draft.dHead, sliding, THETA, THETA), Pairing.HALVES);
        if (!json.has("rope_parameters")) {
            json.mustBe(
                    "rope_theta",
                    THETA,
                    "transformers gives another base only to the blocks without a window");
        }
        return Olmo2Family.layout(json, draft).blueprint();
    }
}
