package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import entropylens.model.Routing.Score;
import entropylens.model.Routing.Scored;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// ERNIE 4.5 with routed experts: chosen by softmax with a correction.
record Ernie45MoeFamily() implements Family {
    @Override
    public String name() {
        return "ernie4_5_moe";
    }

    @Override
    public List<String> architectures() {
        return List.of("Ernie4_5_MoeForCausalLM");
    }

    @Override
    public String knownFor() {
        return "ERNIE 4.5 21B-A3B and 300B-A47B";
    }

    /// What predicts tokens further ahead.
    @Override
    public boolean harmless(String tensor) {
        return tensor.matches("(model\\.)*mtp_.*") || Family.super.harmless(tensor);
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name(), Map.of("num_key_value_heads", 4));
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        draft.rotary(RopeKeys.read(json, draft.dHead, 500_000), Pairing.NEIGHBOURS);
        boolean biased = json.boolOr("use_bias", false);
        ExpertLayout experts = experts(json);
        experts.sharedBias = biased;
        routed(json, experts, draft.nLayers);
        requireAsReleased(json);
        LlamaLayout layout = DeepseekFamilies.layout(json, draft, experts);
        layout.projectionBias = biased;
        layout.outputBias = biased;
        layout.mlpBias = biased;
        layout.unembedBias = biased;
        return layout.blueprint();
    }

    /// Keys of the first files, which transformers does not read.
    private static void requireAsReleased(ConfigJson json) {
        json.mustBe("use_rmsnorm", true, "LayerNorm is not implemented here");
        json.mustBe("moe_gate", "topk", "other routers are not implemented here");
        json.mustBe("moe_use_aux_free", true, "this router has a correction");
        // how many rows an expert takes in training, and what is left out of the file's tensors
        json.withoutEffect("moe_capacity", "num_nextn_predict_layers");
    }

    private static ExpertLayout experts(ConfigJson json) {
        int count = json.requireInt("moe_num_experts");
        int chosen = json.requireInt("moe_k");
        ExpertLayout.requireChosen(json, "moe_k", chosen, count);
        OptionalDouble leastSum = OptionalDouble.of(json.doubleOr("moe_norm_min", 1e-12));
        int width = json.requireInt("moe_intermediate_size");
        ExpertLayout experts =
                new ExpertLayout(
                        count,
                        (tensors, router) ->
                                new Scored(
                                        chosen,
                                        Score.SOFTMAX,
                                        correction(tensors, router, count),
                                        null,
                                        leastSum,
                                        1),
                        width);
        experts.shared = "shared_experts";
        experts.sharedGate = false;
        int shared = json.intOr("moe_num_shared_experts", 2);
        experts.sharedWidth = Math.multiplyExact(width, shared);
        experts.sharedSaid = "%s: moe_num_shared_experts is %d".formatted(json.file(), shared);
        ExpertLayout.withoutEffect(json);
        return experts;
    }

    /// Published files have it beside the router, transformers since its version 5 inside.
    private static float[] correction(TensorReader tensors, String router, int count) {
        String name = "moe_statics.e_score_correction_bias";
        String inside = router + "." + name;
        String published = router.replaceFirst("gate$", name);
        return tensors.biases(tensors.has(inside) ? inside : published, 1, count)[0];
    }

    /// Experts in every so many blocks, from one to another.
    private static void routed(ConfigJson json, ExpertLayout experts, int nLayers) {
        int interval = json.intOr("moe_layer_interval", 1);
        int first = index(json, "moe_layer_start_index", 1, 0, nLayers);
        int end = index(json, "moe_layer_end_index", -1, -1, nLayers - 1);
        int last = end == -1 ? nLayers - 1 : end;
        experts.blocks = layer -> (layer + 1) % interval == 0 && layer >= first && layer <= last;
        experts.blocksSaid =
                "%s: moe_layer_interval is %d, moe_layer_start_index is %d and moe_layer_end_index is %d"
                        .formatted(json.file(), interval, first, end);
    }

    private static int index(ConfigJson json, String key, int otherwise, int least, int most) {
        int index = json.anyIntOr(key, otherwise);
        if (index < least || index > most) {
            throw new CheckpointException(
                    "%s: %s is %d, but must be %d to %d; correct the file or download it again"
                            .formatted(json.file(), key, index, least, most));
        }
        return index;
    }
}
