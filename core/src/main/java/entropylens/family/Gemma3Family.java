package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.Positions.Pairing;
import entropylens.model.Rope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;

/// Gemma 3: Gemma 2 with norms on queries and keys, five blocks in six with a sliding window, and
/// another rotary base in those. Of the models that also see pictures, the text part is read.
record Gemma3Family() implements Family {
    private static final double GLOBAL_THETA = 1_000_000;

    /// Files of the models that see pictures leave out what is as in Gemma 3 4B.
    private static final Map<String, Integer> WHERE_ABSENT =
            Map.of(
                    "vocab_size", 262_208,
                    "hidden_size", 2304,
                    "intermediate_size", 9216,
                    "num_hidden_layers", 26,
                    "num_attention_heads", 8,
                    "num_key_value_heads", 4,
                    "head_dim", 256,
                    "max_position_embeddings", 131_072);

    @Override
    public String name() {
        return "gemma3_text";
    }

    @Override
    public List<String> architectures() {
        return List.of("Gemma3ForCausalLM", "Gemma3ForConditionalGeneration");
    }

    @Override
    public String knownFor() {
        return "Gemma 3 270M to 27B (text)";
    }

    @Override
    public List<String> unembeds() {
        return List.of("lm_head", "language_model.lm_head");
    }

    @Override
    public Blueprint read(ConfigJson json) {
        Optional<ConfigJson> text = json.object("text_config");
        if (text.isEmpty()) {
            return ofText(json);
        }
        CommonKeys.withoutEffect(json);
        json.withoutEffect(
                "boi_token_id",
                "boi_token_index",
                "eoi_token_id",
                "eoi_token_index",
                "image_token_id",
                "image_token_index",
                "mm_tokens_per_image",
                "vision_config");
        json.mustBe("tie_word_embeddings", true, "an unembedding of its own is not read here");
        return ofText(text.get());
    }

    /// The part that sees pictures.
    @Override
    public boolean harmless(String tensor) {
        return tensor.matches("(model\\.)*(vision_tower|multi_modal_projector)\\..*")
                || Family.super.harmless(tensor);
    }

    private Blueprint ofText(ConfigJson json) {
        ConfigDraft draft = GemmaFamily.draft(json, name(), WHERE_ABSENT);
        int pattern =
                json.intOr("sliding_window_pattern", json.intOr("_sliding_window_pattern", 6));
        IntPredicate otherwise = layer -> (layer + 1) % pattern != 0;
        CommonKeys.windows(json, draft, true, 4096, otherwise);
        List<Rope> ropes =
                RopeKeys.ofEachKind(
                        json,
                        draft.dHead,
                        CommonKeys.slidingLayers(json, draft.nLayers, otherwise),
                        GLOBAL_THETA,
                        json.doubleOr("rope_local_base_freq", RopeKeys.THETA));
        draft.rotary(ropes, Pairing.HALVES);
        Gemma2Family.attention(json, draft);
        OptionalDouble none = OptionalDouble.empty();
        json.mustBeAbsent("attn_logit_softcapping", "transformers does not apply it to Gemma 3");
        draft.logitSoftcap = Gemma2Family.softcap(json, "final_logit_softcapping", none);
        LlamaLayout layout = Gemma2Family.layout(json, draft);
        layout.queryKeyNorm = QueryKeyNorm.HEAD;
        layout.stacks = List.of("model.", "language_model.model.", "model.language_model.");
        return layout.blueprint();
    }
}
