package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import entropylens.model.Rope;
import java.util.List;

/// Cohere 2: Cohere with sliding windows; blocks without one turn nothing.
record Cohere2Family() implements Family {
    @Override
    public String name() {
        return "cohere2";
    }

    @Override
    public List<String> architectures() {
        return List.of("Cohere2ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Command R7B, Command A, Tiny Aya";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = CohereFamily.draft(json, name());
        int pattern = json.intOr("sliding_window_pattern", 4);
        CommonKeys.windows(json, draft, true, 4096, layer -> (layer + 1) % pattern != 0);
        Rope rope = RopeKeys.read(json, draft.dHead, RopeKeys.THETA);
        draft.rotary(
                draft.windows.stream()
                        .map(window -> window.isPresent() ? rope : Rope.NONE)
                        .toList(),
                Pairing.NEIGHBOURS);
        return CohereFamily.layout(json, draft).blueprint();
    }
}
