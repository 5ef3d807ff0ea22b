package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.Routing;
import java.util.List;
import java.util.stream.IntStream;

/// Hunyuan with routed experts and one that sees every row, all as wide as the MLP they replace.
record HunYuanMoeFamily() implements Family {
    @Override
    public String name() {
        return "hunyuan_v1_moe";
    }

    @Override
    public List<String> architectures() {
        return List.of("HunYuanMoEV1ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Hunyuan-A13B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = HunYuanDenseFamily.draft(json, name());
        int count = ExpertLayout.count(json);
        String key = json.has("moe_topk") ? "moe_topk" : "num_experts_per_tok";
        int chosen = ofAllBlocks(json, key);
        ExpertLayout.requireChosen(json, key, chosen, count);
        Routing routing = new Routing.OfAll(chosen, true);
        ExpertLayout experts = new ExpertLayout(count, (tensors, router) -> routing, draft.dMlp);
        experts.router = "gate.wg";
        experts.shared = "shared_mlp";
        experts.sharedGate = false;
        experts.sharedWidth = draft.dMlp;
        requireTransformersForm(json, draft.dMlp);
        LlamaLayout layout = HunYuanDenseFamily.layout(json, draft);
        layout.experts = experts;
        return layout.blueprint();
    }

    /// One number, or the same for each block; 1 where the key is absent, as in transformers.
    private static int ofAllBlocks(ConfigJson json, String key) {
        int[] numbers = json.ints(key);
        if (IntStream.of(numbers).distinct().count() > 1) {
            throw new CheckpointException(
                    "%s: %s differs from block to block, which is not implemented"
                            .formatted(json.file(), key));
        }
        return numbers.length == 0 ? 1 : numbers[0];
    }

    /// What the code that came with the model can do, and transformers does in one way only.
    private static void requireTransformersForm(ConfigJson json, int width) {
        requireOnly(json, "moe_intermediate_size", width);
        requireOnly(json, "num_shared_expert", 1);
        String why = "transformers has no such experts";
        json.mustBe("use_mixed_mlp_moe", true, why);
        json.mustBe("norm_topk_prob", true, why);
        json.mustBe("group_limited_greedy", false, why);
        json.mustBe("moe_layer_num_skipped", 0, why);
        json.mustBe("use_mla", false, "transformers has no narrower keys here");
        json.asUsual("moe_drop_tokens", false);
        json.withoutEffect("capacity_factor", "moe_random_routing_dropped_token");
    }

    private static void requireOnly(ConfigJson json, String key, int expected) {
        for (int found : json.ints(key)) {
            if (found != expected) {
                throw new CheckpointException(
                        "%s: %s is %,d, but must be %,d in every block, as transformers has it"
                                .formatted(json.file(), key, found, expected));
            }
        }
    }
}
