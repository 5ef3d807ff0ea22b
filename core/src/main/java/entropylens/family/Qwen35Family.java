package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;

/// Qwen 3.5 to 3.8: Qwen3-Next with an MLP in place of experts, and with a projection each for what
/// its delta nets read. Of the models that also see pictures, the text part is read.
record Qwen35Family() implements Family {
    /// As in transformers.
    private static final Map<String, Integer> WHERE_ABSENT = Map.of("head_dim", 256);

    static final List<String> STACKS = List.of("model.", "model.language_model.");

    @Override
    public String name() {
        return "qwen3_5_text";
    }

    @Override
    public List<String> architectures() {
        return List.of("Qwen3_5ForCausalLM", "Qwen3_5ForConditionalGeneration");
    }

    @Override
    public String knownFor() {
        return "Qwen3.5 0.8B to 27B, Qwen3.6-27B, Qwen3.8-27B (text)";
    }

    @Override
    public boolean harmless(String tensor) {
        return notOfText(tensor) || Family.super.harmless(tensor);
    }

    /// The part that sees pictures, and the heads that predict several tokens at once.
    static boolean notOfText(String tensor) {
        return tensor.matches("(model\\.)*visual\\..*") || tensor.startsWith("mtp.");
    }

    @Override
    public Blueprint read(ConfigJson json) {
        TextPart part = textPart(json);
        ConfigDraft draft = ConfigDraft.llama(part.json(), name(), WHERE_ABSENT);
        draft.tiedUnembed = part.tied();
        return layout(part.json(), draft).blueprint();
    }

    static TextPart textPart(ConfigJson json) {
        return TextPart.of(
                json,
                false,
                "image_token_id",
                "language_model_only",
                "video_token_id",
                "vision_start_token_id",
                "vision_end_token_id");
    }

    /// What its experts leave as it is.
    static LlamaLayout layout(ConfigJson json, ConfigDraft draft) {
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA, 0.25), Pairing.HALVES);
        sectionsOfPositions(json);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        json.mustBe("attn_output_gate", true, "transformers always has the gate");
        json.mustBe("output_gate_type", "swish", "transformers has no other gate of delta nets");
        json.withoutEffect(
                "mamba_ssm_dtype", "mtp_num_hidden_layers", "mtp_use_dedicated_embeddings");
        DeltaNetLayout delta = DeltaNetLayout.of(json, draft);
        delta.apart = true;
        CommonKeys.withoutEffect(json);
        LlamaLayout layout = Qwen3NextFamily.gatedAttention(json, draft, delta);
        layout.stacks = STACKS;
        return layout;
    }

    /// Parts of a head are turned by the time, height and width of a picture. A token of text has
    /// the same number for all three.
    private static void sectionsOfPositions(ConfigJson json) {
        for (String key : List.of("rope_parameters", "rope_scaling")) {
            json.object(key)
                    .ifPresent(rope -> rope.withoutEffect("mrope_interleaved", "mrope_section"));
        }
    }
}
