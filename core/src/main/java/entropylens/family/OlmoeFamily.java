package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import entropylens.model.Routing;
import java.util.List;

/// OLMoE: Llama with routed experts, and norms on queries and keys, all heads together.
record OlmoeFamily() implements Family {
    @Override
    public String name() {
        return "olmoe";
    }

    @Override
    public List<String> architectures() {
        return List.of("OlmoeForCausalLM");
    }

    @Override
    public String knownFor() {
        return "OLMoE-1B-7B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        draft.windows(json.optionalInt("sliding_window"), layer -> true);
        if (json.optionalDouble("clip_qkv").isPresent()) {
            throw new CheckpointException(
                    "%s: clip_qkv is set, but cutting off queries and keys behind their norms is not implemented"
                            .formatted(json.file()));
        }
        Routing routing =
                new Routing.OfAll(
                        json.requireInt("num_experts_per_tok"),
                        json.boolOr("norm_topk_prob", false));
        ExpertLayout experts = new ExpertLayout(json, routing, draft.dMlp);
        ExpertLayout.withoutEffect(json);
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-5)));
        layout.queryKeyNorm = QueryKeyNorm.WHOLE;
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.experts = experts;
        return layout.blueprint();
    }
}
