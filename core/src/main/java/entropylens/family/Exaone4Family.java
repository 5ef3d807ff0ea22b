package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import entropylens.model.Rope;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/// EXAONE 4: Llama with RMSNorms after attention and MLP instead of before them, on queries and
/// keys head by head, and, where some blocks have a sliding window, no rotation in the others.
record Exaone4Family() implements Family {
    @Override
    public String name() {
        return "exaone4";
    }

    @Override
    public List<String> architectures() {
        return List.of("Exaone4ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "EXAONE 4.0 1.2B and 32B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        Rope rope = RopeKeys.read(json, draft.dHead, RopeKeys.THETA);
        draft.rotary(rope, Pairing.HALVES);
        OptionalInt window = CommonKeys.slidingWindow(json, 4096);
        List<Boolean> sliding =
                CommonKeys.slidingLayers(json, draft.nLayers, everyBlockBut(json, window));
        if (window.isPresent()) {
            draft.windows(window, sliding::get);
            draft.rotary(
                    sliding.stream().map(isSliding -> isSliding ? rope : Rope.NONE).toList(),
                    Pairing.HALVES);
        }
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-5)));
        layout.ln1 = null;
        layout.attentionPostNorm = "post_attention_layernorm";
        layout.ln2 = null;
        layout.mlpPostNorm = "post_feedforward_layernorm";
        layout.queryKeyNorm = QueryKeyNorm.HEAD;
        return layout.blueprint();
    }

    /// Which blocks have a window where `layer_types` does not say it. Where it does, the pattern
    /// (a number, or "LLLG") is not looked at.
    private static IntPredicate everyBlockBut(ConfigJson json, OptionalInt window) {
        if (window.isEmpty() || json.has("layer_types")) {
            json.withoutEffect("sliding_window_pattern");
            return layer -> false;
        }
        int pattern = json.intOr("sliding_window_pattern", 4);
        if (pattern < 1) {
            throw new IllegalArgumentException(
                    "sliding_window_pattern is %d, but must be at least 1".formatted(pattern));
        }
        return layer -> (layer + 1) % pattern != 0;
    }
}
