package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;

/// ERNIE 4.5 without experts: Llama turned in pairs of neighbours, with biases everywhere or
/// nowhere.
record Ernie45Family() implements Family {
    private static final double THETA = 500_000;

    @Override
    public String name() {
        return "ernie4_5";
    }

    @Override
    public List<String> architectures() {
        return List.of("Ernie4_5ForCausalLM", "Ernie4_5_ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "ERNIE 4.5 0.3B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft =
                ConfigDraft.llama(json, name(), Map.of("head_dim", 128, "num_key_value_heads", 2));
        draft.rotary(RopeKeys.read(json, draft.dHead, THETA), Pairing.NEIGHBOURS);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-5)));
        boolean biased = json.boolOr("use_bias", false);
        layout.projectionBias = biased;
        layout.outputBias = biased;
        layout.mlpBias = biased;
        return layout.blueprint();
    }
}
