package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Qwen 2 and 2.5: Llama with biases on queries, keys and values, and a sliding window that is
/// usually off.
record Qwen2Family() implements Family {
    @Override
    public String name() {
        return "qwen2";
    }

    @Override
    public List<String> architectures() {
        return List.of("Qwen2ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Qwen2, Qwen2.5, QwQ, DeepSeek-R1-Distill-Qwen";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        LlamaLayout layout = layout(json, ConfigDraft.llama(json, name()));
        layout.projectionBias = true;
        // other names of rope_theta and max_position_embeddings in CodeQwen; not looked at
        json.withoutEffect("rotary_emb_base", "seq_length");
        return layout.blueprint();
    }

    /// What Qwen 2 and 3 share.
    static LlamaLayout layout(ConfigJson json, ConfigDraft draft) {
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        json.asUsual("use_mrope", false);
        boolean sliding = json.boolOr("use_sliding_window", false);
        int firstSliding = json.intOr("max_window_layers", 28);
        CommonKeys.windows(json, draft, sliding, 4096, layer -> layer >= firstSliding);
        CommonKeys.withoutEffect(json);
        return new LlamaLayout(draft.build(), NormReader.rms(json.requireDouble("rms_norm_eps")));
    }
}
