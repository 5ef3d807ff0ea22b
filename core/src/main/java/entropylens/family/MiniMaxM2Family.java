package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import entropylens.model.Routing.Score;
import entropylens.model.Routing.Scored;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// MiniMax-M2: experts chosen by sigmoids with a correction, in the places that Mixtral has them.
record MiniMaxM2Family() implements Family {
    /// What transformers takes where a file leaves it out.
    private static final Map<String, Integer> WHERE_ABSENT =
            Map.of("head_dim", 128, "num_key_value_heads", 8);

    @Override
    public String name() {
        return "minimax_m2";
    }

    @Override
    public List<String> architectures() {
        return List.of("MiniMaxM2ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "MiniMax-M2";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name(), WHERE_ABSENT);
        double share =
                json.has("rotary_dim") ? json.requireInt("rotary_dim") / (double) draft.dHead : 1;
        draft.rotary(RopeKeys.read(json, draft.dHead, 5_000_000, share), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        ExpertLayout experts = experts(json, draft.dMlp);
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.requireDouble("rms_norm_eps")));
        layout.queryKeyNorm = LlamaLayout.QueryKeyNorm.WHOLE;
        layout.experts = experts;
        return layout.blueprint();
    }

    /// Files list the kind of each block; the code that came with M1 had another beside this one.
    private static void requireAttention(ConfigJson json) {
        int[] kinds = json.ints("attn_type_list");
        if (Arrays.stream(kinds).anyMatch(kind -> kind != 1)) {
            throw new CheckpointException(
                    "%s: attn_type_list is %s, but only blocks of kind 1, attention, are implemented"
                            .formatted(json.file(), Arrays.toString(kinds)));
        }
    }

    private static ExpertLayout experts(ConfigJson json, int width) {
        int count = ExpertLayout.count(json);
        int chosen = json.requireInt("num_experts_per_tok");
        ExpertLayout.requireChosen(json, "num_experts_per_tok", chosen, count);
        json.mustBe("scoring_func", "sigmoid", "this router scores by sigmoids");
        json.mustBe("use_routing_bias", true, "this router has a correction");
        json.mustBe("use_qk_norm", true, "this architecture norms queries and keys");
        json.mustBe("qk_norm_type", "per_layer", "they are normed all heads together");
        json.mustBe(
                "shared_intermediate_size", 0, "experts that see every row are not implemented");
        requireAttention(json);
        // noise of training, and blocks for multi-token prediction, which published files lack
        json.withoutEffect(
                "router_jitter_noise", "use_mtp", "num_mtp_modules", "mtp_transformer_layers");
        String correction = "e_score_correction_bias";
        return MixtralFamily.named(
                json,
                new ExpertLayout(
                        count,
                        (tensors, router) ->
                                new Scored(
                                        chosen,
                                        Score.SIGMOID,
                                        tensors.bias(
                                                router.replaceFirst("gate$", correction), count),
                                        null,
                                        OptionalDouble.of(0),
                                        1),
                        width));
    }
}
