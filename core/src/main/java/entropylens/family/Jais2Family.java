package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Jais 2: Llama with LayerNorms, biases, and an MLP without a gate that squares what ReLU leaves.
record Jais2Family() implements Family {
    @Override
    public String name() {
        return "jais2";
    }

    @Override
    public List<String> architectures() {
        return List.of("Jais2ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Jais 2 8B and 70B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "relu2");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(
                        draft.build(), NormReader.layer(json.doubleOr("layer_norm_eps", 1e-5)));
        boolean attentionBias = json.boolOr("attention_bias", true);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.mlpBias = json.boolOr("mlp_bias", true);
        layout.gated = false;
        return layout.blueprint();
    }
}
