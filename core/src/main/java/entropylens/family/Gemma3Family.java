package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import entropylens.model.Rope;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Gemma 3, text only: Gemma 2 with norms on queries and keys, five blocks in six with a sliding
/// window, and another rotary base in those.
record Gemma3Family() implements Family {
    private static final double GLOBAL_THETA = 1_000_000;

    @Override
    public String name() {
        return "gemma3_text";
    }

    @Override
    public List<String> architectures() {
        return List.of("Gemma3ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Gemma 3 270M and 1B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = GemmaFamily.draft(json, name());
        int pattern =
                json.intOr("sliding_window_pattern", json.intOr("_sliding_window_pattern", 6));
        CommonKeys.windows(json, draft, true, 4096, layer -> (layer + 1) % pattern != 0);
        List<Boolean> sliding = CommonKeys.slidingLayers(json, draft.nLayers);
        Rope local = local(json, draft.dHead);
        Rope global = global(json, draft.dHead);
        List<Rope> ropes = new ArrayList<>();
        for (int layer = 0; layer < draft.nLayers; layer++) {
            boolean isLocal = sliding.isEmpty() ? (layer + 1) % pattern != 0 : sliding.get(layer);
            ropes.add(isLocal ? local : global);
        }
        draft.rotary(ropes, Pairing.HALVES);
        Gemma2Family.attention(json, draft);
        OptionalDouble none = OptionalDouble.empty();
        draft.scoreSoftcap = Gemma2Family.softcap(json, "attn_logit_softcapping", none);
        draft.logitSoftcap = Gemma2Family.softcap(json, "final_logit_softcapping", none);
        LlamaLayout layout = Gemma2Family.layout(json, draft);
        layout.queryKeyNorm = QueryKeyNorm.HEAD;
        return layout.blueprint();
    }

    private static Rope global(ConfigJson json, int dHead) {
        ConfigJson newer = newer(json, "full_attention");
        if (newer != null) {
            double theta = newer.doubleOr("rope_theta", GLOBAL_THETA);
            return RopeKeys.of(json, newer, theta, dHead);
        }
        ConfigJson scaling = json.object("rope_scaling").orElse(json);
        return RopeKeys.of(json, scaling, json.doubleOr("rope_theta", GLOBAL_THETA), dHead);
    }

    private static Rope local(ConfigJson json, int dHead) {
        ConfigJson newer = newer(json, "sliding_attention");
        if (newer != null) {
            double theta = newer.doubleOr("rope_theta", RopeKeys.THETA);
            return RopeKeys.of(json, newer, theta, dHead);
        }
        double theta = json.doubleOr("rope_local_base_freq", RopeKeys.THETA);
        return RopeKeys.of(json, json, theta, dHead);
    }

    /// `rope_parameters` holds one object for each kind of block.
    private static @Nullable ConfigJson newer(ConfigJson json, String kind) {
        return json.object("rope_parameters").flatMap(both -> both.object(kind)).orElse(null);
    }
}
