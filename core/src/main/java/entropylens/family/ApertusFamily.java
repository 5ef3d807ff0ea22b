package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Apertus: Llama with norms of queries and keys, and an MLP without a gate whose activation is
/// learned in each block.
record ApertusFamily() implements Family {
    @Override
    public String name() {
        return "apertus";
    }

    @Override
    public List<String> architectures() {
        return List.of("ApertusForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Apertus 8B and 70B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        RopeKeys.requireScaling(json);
        draft.rotary(RopeKeys.read(json, draft.dHead, 12_000_000), Pairing.HALVES);
        json.mustBe("hidden_act", "xielu", "an MLP without learned slopes is not implemented");
        CommonKeys.withoutEffect(json);
        json.asUsual("mlp_bias", false);
        json.asUsual("post_norm", false);
        json.asUsual("qk_norm", true);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-5)));
        layout.ln1 = "attention_layernorm";
        layout.ln2 = "feedforward_layernorm";
        layout.queryKeyNorm = QueryKeyNorm.HEAD;
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.gated = false;
        layout.learnedActivation = true;
        return layout.blueprint();
    }
}
