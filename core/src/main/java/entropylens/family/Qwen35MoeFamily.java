package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Routing;
import java.util.List;
import java.util.Map;

/// Qwen 3.5 and 3.6 with routed experts in every block, and one for all. Of the models that also
/// see pictures, the text part is read.
record Qwen35MoeFamily() implements Family {
    @Override
    public String name() {
        return "qwen3_5_moe_text";
    }

    @Override
    public List<String> architectures() {
        return List.of("Qwen3_5MoeForCausalLM", "Qwen3_5MoeForConditionalGeneration");
    }

    @Override
    public String knownFor() {
        return "Qwen3.5-35B-A3B to 397B-A17B, Qwen3.6-35B-A3B (text)";
    }

    @Override
    public boolean harmless(String tensor) {
        return Qwen35Family.notOfText(tensor) || Family.super.harmless(tensor);
    }

    @Override
    public Blueprint read(ConfigJson json) {
        TextPart part = Qwen35Family.textPart(json);
        ConfigJson text = part.json();
        ExpertLayout experts = experts(text);
        // no block has an MLP, whose width some files state nonetheless
        text.withoutEffect("intermediate_size", "mlp_only_layers");
        ConfigDraft draft =
                ConfigDraft.llama(text, name(), Map.of("head_dim", 256, "intermediate_size", 1));
        draft.dMlp = experts.width();
        draft.tiedUnembed = part.tied();
        LlamaLayout layout = Qwen35Family.layout(text, draft);
        layout.experts = experts;
        return layout.blueprint();
    }

    private static ExpertLayout experts(ConfigJson json) {
        json.mustBe("norm_topk_prob", true, "transformers always makes the shares sum to 1");
        ExpertLayout.withoutEffect(json);
        ExpertLayout experts =
                new ExpertLayout(
                        json,
                        new Routing.OfAll(json.intOr("num_experts_per_tok", 8), true),
                        json.intOr("moe_intermediate_size", 512));
        experts.sharedWidth = json.intOr("shared_expert_intermediate_size", 512);
        experts.storage = ExpertLayout.Storage.STACKED;
        experts.stackedIn = "experts.gate_up_proj";
        experts.stackedOut = "experts.down_proj";
        return experts;
    }
}
