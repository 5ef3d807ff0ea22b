package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import entropylens.model.Residual;
import java.util.List;

/// StableLM: Llama with LayerNorms, a part of each head turned, and blocks that may be parallel.
record StableLmFamily() implements Family {
    @Override
    public String name() {
        return "stablelm";
    }

    @Override
    public List<String> architectures() {
        return List.of("StableLmForCausalLM");
    }

    @Override
    public String knownFor() {
        return "StableLM 3B 4E1T, StableLM 2 1.6B and 12B, Stable Code 3B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA, 0.25), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        if (json.boolOr("use_parallel_residual", false)) {
            draft.residual = Residual.PARALLEL_ONE_NORM;
        }
        CommonKeys.withoutEffect(json);
        double eps = json.doubleOr("layer_norm_eps", 1e-5);
        LlamaLayout layout = new LlamaLayout(draft.build(), NormReader.layer(eps));
        layout.projectionBias = json.boolOr("use_qkv_bias", false);
        if (json.boolOr("qk_layernorm", false)) {
            layout.queryKeyNorm = QueryKeyNorm.EACH_HEAD;
            layout.queryNorm = "q_layernorm.norms";
            layout.keyNorm = "k_layernorm.norms";
            layout.headNorm = NormReader.layerWithoutBias(eps);
        }
        return layout.blueprint();
    }
}
