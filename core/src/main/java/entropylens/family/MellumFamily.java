package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import entropylens.model.Routing;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Mellum 2: Qwen 3 with routed experts, whose blocks with a window are turned by a base of their
/// own.
record MellumFamily() implements Family {
    @Override
    public String name() {
        return "mellum";
    }

    @Override
    public List<String> architectures() {
        return List.of("MellumForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Mellum 2 12B-A2.5B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft =
                ConfigDraft.llama(json, name(), Map.of("head_dim", 128, "num_key_value_heads", 4));
        Routing routing =
                new Routing.OfAll(
                        json.requireInt("num_experts_per_tok"),
                        json.boolOr("norm_topk_prob", true));
        ExpertLayout experts =
                new ExpertLayout(json, routing, json.requireInt("moe_intermediate_size"));
        ExpertLayout.withoutEffect(json);
        List<Boolean> sparse = sparse(json, draft.nLayers);
        experts.blocks = sparse::get;
        int dense = draft.dMlp;
        draft.dMlp = Math.max(dense, experts.width());
        positions(json, draft);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        // of Qwen, and said by layer_types
        json.withoutEffect("max_window_layers", "use_sliding_window");
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-6)));
        layout.queryKeyNorm = QueryKeyNorm.HEAD;
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        layout.experts = experts;
        layout.mlpWidth = dense;
        return layout.blueprint();
    }

    private static void positions(ConfigJson json, ConfigDraft draft) {
        if (!json.has("rope_parameters")) {
            throw new CheckpointException(
                    "%s: rope_parameters is missing, and without it this architecture is not read"
                            .formatted(json.file()));
        }
        List<Boolean> sliding = CommonKeys.slidingLayers(json, draft.nLayers, layer -> false);
        draft.windows(CommonKeys.slidingWindow(json, 1024), sliding::get);
        draft.rotary(
                RopeKeys.ofEachKind(json, draft.dHead, sliding, 500_000, 10_000), Pairing.HALVES);
    }

    /// Which blocks have experts: all, where the file does not name them.
    private static List<Boolean> sparse(ConfigJson json, int nLayers) {
        List<String> types = json.strings("mlp_layer_types");
        if (types.isEmpty()) {
            return Collections.nCopies(nLayers, true);
        }
        if (types.size() != nLayers || !Set.of("dense", "sparse").containsAll(types)) {
            throw new CheckpointException(
                    "%s: mlp_layer_types must name \"dense\" or \"sparse\" for each of %d blocks; correct the file or download it again"
                            .formatted(json.file(), nLayers));
        }
        return types.stream().map("sparse"::equals).toList();
    }
}
