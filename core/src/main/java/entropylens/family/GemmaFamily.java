package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Activation;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;

/// Gemma: Llama with a scaled embedding, norms that multiply by 1 + w, GELU in the MLP, and heads
/// of a width of their own.
record GemmaFamily() implements Family {
    @Override
    public String name() {
        return "gemma";
    }

    @Override
    public List<String> architectures() {
        return List.of("GemmaForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Gemma 2B and 7B, CodeGemma";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = draft(json, name(), Map.of("head_dim", 256));
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        // the first files say "gelu" and mean its tanh form, which transformers then takes
        draft.activation =
                json.stringOr("hidden_act", "gelu").equals("gelu")
                        ? Activation.GELU_TANH
                        : CommonKeys.activation(json, "hidden_act", "gelu_pytorch_tanh");
        json.asUsual("hidden_activation", "gelu_pytorch_tanh");
        return layout(json, draft).blueprint();
    }

    /// What all Gemmas share.
    static ConfigDraft draft(ConfigJson json, String name, Map<String, Integer> whereAbsent) {
        ConfigDraft draft = ConfigDraft.llama(json, name, whereAbsent);
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        draft.embeddingScale = Math.sqrt(draft.dModel);
        json.mustBe("use_bidirectional_attention", false, "only causal attention is implemented");
        CommonKeys.withoutEffect(json);
        return draft;
    }

    /// What all Gemmas share.
    static LlamaLayout layout(ConfigJson json, ConfigDraft draft) {
        double eps = json.doubleOr("rms_norm_eps", 1e-6);
        LlamaLayout layout = new LlamaLayout(draft.build(), NormReader.rmsOnePlus(eps));
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        return layout;
    }
}
