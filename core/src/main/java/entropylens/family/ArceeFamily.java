package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Arcee: Llama whose MLP has no gate and squares what ReLU leaves.
record ArceeFamily() implements Family {
    @Override
    public String name() {
        return "arcee";
    }

    @Override
    public List<String> architectures() {
        return List.of("ArceeForCausalLM");
    }

    @Override
    public String knownFor() {
        return "AFM 4.5B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "relu2");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-5)));
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.mlpBias = json.boolOr("mlp_bias", false);
        layout.gated = false;
        return layout.blueprint();
    }
}
