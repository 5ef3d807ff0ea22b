package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import java.util.List;

/// VaultGemma: Gemma 2 without norms behind attention and MLP.
record VaultGemmaFamily() implements Family {
    @Override
    public String name() {
        return "vaultgemma";
    }

    @Override
    public List<String> architectures() {
        return List.of("VaultGemmaForCausalLM");
    }

    @Override
    public String knownFor() {
        return "VaultGemma 1B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = Gemma2Family.draft(json, name());
        LlamaLayout layout = GemmaFamily.layout(json, draft);
        layout.ln2 = "pre_feedforward_layernorm";
        return layout.blueprint();
    }
}
