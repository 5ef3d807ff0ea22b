package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import java.util.List;

/// GLM-4 of April 2025: GLM with a norm before and after each half of a block.
record Glm4Family() implements Family {
    @Override
    public String name() {
        return "glm4";
    }

    @Override
    public List<String> architectures() {
        return List.of("Glm4ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "GLM-4-0414 and GLM-Z1, 9B and 32B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        LlamaLayout layout = GlmFamily.layout(json, name());
        layout.attentionPostNorm = "post_self_attn_layernorm";
        layout.mlpPostNorm = "post_mlp_layernorm";
        return layout.blueprint();
    }
}
