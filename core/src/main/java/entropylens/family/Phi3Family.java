package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Phi-3 and 4: Llama with fused projections, longrope for long contexts, and sometimes a sliding
/// window or a part of each head turned.
record Phi3Family() implements Family {
    @Override
    public String name() {
        return "phi3";
    }

    @Override
    public List<String> architectures() {
        return List.of("Phi3ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Phi-3 mini and medium, Phi-3.5 mini, Phi-4, Phi-4 mini";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA, 1), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        draft.windows(json.optionalInt("sliding_window"), layer -> true);
        json.asUsual("attention_bias", false);
        json.asUsual("mlp_bias", false);
        json.asUsual("lm_head_bias", false);
        CommonKeys.withoutEffect(json);
        // read where there is longrope; without it, it says nothing
        json.withoutEffect("original_max_position_embeddings");
        // of Microsoft's own code for Phi-4 mini; transformers does not look at them
        json.withoutEffect("full_attn_mod", "interpolate_factor");
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-5)));
        layout.fused = true;
        return layout.blueprint();
    }
}
