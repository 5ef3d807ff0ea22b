package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.OptionalDouble;

/// Granite: Llama with factors on embedding, attention scores, what blocks add, and logits.
record GraniteFamily() implements Family {
    @Override
    public String name() {
        return "granite";
    }

    @Override
    public List<String> architectures() {
        return List.of("GraniteForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Granite 3.0 to 3.3 (dense)";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        LlamaLayout layout = layout(json, name(), 1);
        layout.mlpBias = json.boolOr("mlp_bias", false);
        return layout.blueprint();
    }

    /// What Granite has with and without experts.
    ///
    /// @param scoreScale where the file does not name it
    static LlamaLayout layout(ConfigJson json, String family, double scoreScale) {
        ConfigDraft draft = ConfigDraft.llama(json, family);
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        draft.embeddingScale = json.doubleOr("embedding_multiplier", 1);
        draft.scoreScale = OptionalDouble.of(json.doubleOr("attention_multiplier", scoreScale));
        draft.residualScale = json.doubleOr("residual_multiplier", 1);
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-6)));
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.logitScaling = json.doubleOr("logits_scaling", 1);
        return layout;
    }
}
