package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import entropylens.model.Residual;
import java.util.List;

/// Cohere: attention and MLP side by side behind one LayerNorm without bias, neighbours turned.
record CohereFamily() implements Family {
    @Override
    public String name() {
        return "cohere";
    }

    @Override
    public List<String> architectures() {
        return List.of("CohereForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Command R, Command R+, Aya 23, Aya Expanse";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = draft(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, 500_000), Pairing.NEIGHBOURS);
        LlamaLayout layout = layout(json, draft);
        if (json.boolOr("use_qk_norm", false)) {
            layout.queryKeyNorm = QueryKeyNorm.WHOLE;
            layout.headNorm =
                    NormReader.layerOfHeads(json.doubleOr("layer_norm_eps", 1e-5), draft.dHead);
        }
        return layout.blueprint();
    }

    /// What both generations have, but for positions.
    static ConfigDraft draft(ConfigJson json, String family) {
        ConfigDraft draft = ConfigDraft.llama(json, family);
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        draft.residual = Residual.PARALLEL_ONE_NORM;
        CommonKeys.withoutEffect(json);
        return draft;
    }

    /// Where both generations keep their tensors.
    static LlamaLayout layout(ConfigJson json, ConfigDraft draft) {
        double eps = json.doubleOr("layer_norm_eps", 1e-5);
        LlamaLayout layout = new LlamaLayout(draft.build(), NormReader.layerWithoutBias(eps));
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.logitScaling = 1 / json.doubleOr("logit_scale", 0.0625);
        return layout;
    }
}
