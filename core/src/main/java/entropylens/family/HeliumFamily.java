package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;

/// Helium: Llama with neighbours turned.
record HeliumFamily() implements Family {
    @Override
    public String name() {
        return "helium";
    }

    @Override
    public List<String> architectures() {
        return List.of("HeliumForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Helium 1";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft =
                ConfigDraft.llama(
                        json, name(), Map.of("head_dim", 128, "num_key_value_heads", 20));
        draft.rotary(RopeKeys.read(json, draft.dHead, 100_000), Pairing.NEIGHBOURS);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-8)));
        layout.projectionBias = json.boolOr("attention_bias", false);
        layout.mlpBias = json.boolOr("mlp_bias", false);
        return layout.blueprint();
    }
}
