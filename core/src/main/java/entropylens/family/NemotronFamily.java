package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Nemotron: LayerNorms that multiply by 1 + weight, an MLP that squares what ReLU leaves, a part
/// of each head turned.
record NemotronFamily() implements Family {
    @Override
    public String name() {
        return "nemotron";
    }

    @Override
    public List<String> architectures() {
        return List.of("NemotronForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Nemotron 3 8B, Nemotron 4, Minitron";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA, 0.5), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "relu2");
        CommonKeys.withoutEffect(json);
        double eps = json.doubleOr("norm_eps", 1e-5);
        LlamaLayout layout = new LlamaLayout(draft.build(), NormReader.layerOnePlus(eps));
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.mlpBias = json.boolOr("mlp_bias", false);
        layout.gated = false;
        return layout.blueprint();
    }
}
