package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Ministral 3: Mistral whose attention scores grow with the position. Of the models that also see
/// pictures the text part is read, which may be a plain Mistral.
record Ministral3Family() implements Family {
    private static final String PLAIN = "mistral";

    @Override
    public String name() {
        return "ministral3";
    }

    @Override
    public List<String> architectures() {
        return List.of("Ministral3ForCausalLM", "Mistral3ForConditionalGeneration");
    }

    @Override
    public String knownFor() {
        return "Ministral 3 3B, 8B and 14B, Mistral Small 3.1 and 3.2 (text)";
    }

    @Override
    public List<String> unembeds() {
        return List.of("lm_head", "language_model.lm_head");
    }

    @Override
    public Blueprint read(ConfigJson json) {
        Optional<ConfigJson> text = json.object("text_config");
        if (text.isEmpty()) {
            return ofText(json, json.boolOr("tie_word_embeddings", false));
        }
        CommonKeys.withoutEffect(json);
        json.withoutEffect(
                "image_token_id",
                "image_token_index",
                "multimodal_projector_bias",
                "projector_hidden_act",
                "spatial_merge_size",
                "vision_config",
                "vision_feature_layer");
        // the whole decides; a file that has both matrices unties them
        text.get().withoutEffect("tie_word_embeddings");
        return ofText(text.get(), json.boolOr("tie_word_embeddings", true));
    }

    private Blueprint ofText(ConfigJson json, boolean tied) {
        boolean plain = plain(json);
        Map<String, Integer> whereAbsent =
                plain
                        ? Map.of("num_key_value_heads", 8)
                        : Map.of("num_key_value_heads", 8, "head_dim", 128);
        ConfigDraft draft = ConfigDraft.llama(json, name(), whereAbsent);
        draft.tiedUnembed = tied;
        if (plain) {
            draft.windows(CommonKeys.slidingWindow(json, 4096), layer -> true);
        } else {
            RopeKeys.requireScaling(json);
            draft.growth = Optional.of(RopeKeys.growth(json));
            draft.windows(json.optionalInt("sliding_window"), layer -> true);
        }
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(
                        draft.build(),
                        NormReader.rms(json.doubleOr("rms_norm_eps", plain ? 1e-6 : 1e-5)));
        layout.stacks = List.of("model.", "language_model.model.", "model.language_model.");
        return layout.blueprint();
    }

    /// Whether the text part is a Mistral, as in Mistral Small 3.1.
    private boolean plain(ConfigJson json) {
        String type = json.stringOr("model_type", PLAIN);
        if (!type.equals(PLAIN) && !type.equals(name())) {
            throw new CheckpointException(
                    "%s: the model_type of the text part is \"%s\", which is not read here; read are %s and %s"
                            .formatted(json.file(), type, PLAIN, name()));
        }
        return type.equals(PLAIN);
    }

    /// The part that sees pictures.
    @Override
    public boolean harmless(String tensor) {
        return tensor.matches("(model\\.)*(vision_tower|multi_modal_projector)\\..*")
                || Family.super.harmless(tensor);
    }
}
