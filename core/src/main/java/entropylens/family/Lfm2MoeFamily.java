package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Routing.Score;
import entropylens.model.Routing.Scored;
import java.util.List;
import java.util.OptionalDouble;

/// LFM2 with routed experts in all but the first blocks.
record Lfm2MoeFamily() implements Family {
    /// What transformers adds to a sum of shares before it divides by it.
    private static final double ADDED_TO_SUM = 1e-6;

    @Override
    public String name() {
        return "lfm2_moe";
    }

    @Override
    public List<String> architectures() {
        return List.of("Lfm2MoeForCausalLM");
    }

    @Override
    public String knownFor() {
        return "LFM2-8B-A1B, LFM2.5-8B-A1B, LFM2-24B-A2B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConvolutionLayout.draft(json, name());
        ExpertLayout experts = experts(json);
        int dense = draft.dMlp;
        draft.dMlp = Math.max(dense, experts.width());
        LlamaLayout layout = ConvolutionLayout.layout(json, draft, json.strings("layer_types"));
        layout.experts = experts;
        layout.mlpWidth = dense;
        return layout.blueprint();
    }

    private static ExpertLayout experts(ConfigJson json) {
        int count = ExpertLayout.count(json);
        int chosen = json.requireInt("num_experts_per_tok");
        ExpertLayout.requireChosen(json, "num_experts_per_tok", chosen, count);
        boolean corrected = json.boolOr("use_expert_bias", true);
        OptionalDouble leastSum =
                json.boolOr("norm_topk_prob", true) ? OptionalDouble.of(0) : OptionalDouble.empty();
        double scale = json.doubleOr("routed_scaling_factor", 1);
        ExpertLayout experts =
                new ExpertLayout(
                        count,
                        (tensors, router) ->
                                new Scored(
                                        chosen,
                                        Score.SIGMOID,
                                        corrected ? correction(tensors, router, count) : null,
                                        null,
                                        leastSum,
                                        ADDED_TO_SUM,
                                        scale),
                        json.requireInt("moe_intermediate_size"));
        experts.room = "feed_forward.";
        experts.gate = "w1";
        experts.up = "w3";
        experts.down = "w2";
        int first = json.intOr("num_dense_layers", 2);
        experts.blocks = layer -> layer >= first;
        experts.blocksSaid = "%s: num_dense_layers is %d".formatted(json.file(), first);
        ExpertLayout.withoutEffect(json);
        return experts;
    }

    private static float[] correction(TensorReader tensors, String router, int count) {
        return tensors.bias(router.replaceFirst("gate$", "expert_bias"), count);
    }
}
