package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;

/// CWM: Llama with a sliding window in all but every fourth block.
record CwmFamily() implements Family {
    @Override
    public String name() {
        return "cwm";
    }

    @Override
    public List<String> architectures() {
        return List.of("CwmForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Code World Model 32B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft =
                ConfigDraft.llama(json, name(), Map.of("head_dim", 128, "num_key_value_heads", 8));
        RopeKeys.requireScaling(json);
        draft.rotary(RopeKeys.read(json, draft.dHead, 1_000_000), Pairing.HALVES);
        CommonKeys.windows(json, draft, true, 8192, layer -> layer % 4 != 0);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        json.asUsual("attention_bias", false);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-5)));
        layout.mlpBias = json.boolOr("mlp_bias", false);
        return layout.blueprint();
    }
}
