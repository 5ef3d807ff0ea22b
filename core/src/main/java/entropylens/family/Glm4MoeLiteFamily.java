package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import java.util.List;
import java.util.function.IntPredicate;

/// GLM-4.7-Flash: DeepSeek-V3 under another name, with a list of the blocks that have experts.
record Glm4MoeLiteFamily() implements Family {
    @Override
    public String name() {
        return "glm4_moe_lite";
    }

    @Override
    public List<String> architectures() {
        return List.of("Glm4MoeLiteForCausalLM");
    }

    @Override
    public String knownFor() {
        return "GLM-4.7-Flash";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        requireWholeTurn(json);
        json.object("rope_parameters")
                .or(() -> json.object("rope_scaling"))
                .ifPresent(Glm4MoeLiteFamily::requireWholeTurn);
        ExpertLayout experts = ScoredExperts.sigmoid(json, true);
        experts.blocks = routed(json);
        LlamaLayout layout =
                DeepseekFamilies.latent(json, name(), DeepseekFamilies.pairing(json), experts);
        DeepseekFamilies.furtherBlocks(json, layout);
        return layout.blueprint();
    }

    private static void requireWholeTurn(ConfigJson json) {
        json.mustBe(
                "partial_rotary_factor",
                1,
                "transformers fails where only a part of qk_rope_head_dim is turned");
    }

    /// All but the first, where the file does not say it.
    private static IntPredicate routed(ConfigJson json) {
        List<String> types = json.strings("mlp_layer_types");
        int nLayers = json.requireInt("num_hidden_layers");
        if (types.isEmpty()) {
            json.mustBe(
                    "first_k_dense_replace", 1, "transformers has an MLP in the first block alone");
            return layer -> layer > 0;
        }
        json.withoutEffect("first_k_dense_replace"); // says the same again
        if (types.size() != nLayers
                || !types.stream().allMatch(List.of("dense", "sparse")::contains)) {
            throw new CheckpointException(
                    "%s: mlp_layer_types must name \"dense\" or \"sparse\" for each of %d blocks (num_hidden_layers), but names %s; correct the file or download it again"
                            .formatted(json.file(), nLayers, types));
        }
        return layer -> types.get(layer).equals("sparse");
    }
}
