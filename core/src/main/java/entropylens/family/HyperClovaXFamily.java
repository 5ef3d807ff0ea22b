package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import java.util.List;

/// HyperCLOVA X: Granite with a further norm behind attention and MLP, and a factor that multiplies
/// the logits.
record HyperClovaXFamily() implements Family {
    @Override
    public String name() {
        return "hyperclovax";
    }

    @Override
    public List<String> architectures() {
        return List.of("HyperCLOVAXForCausalLM");
    }

    @Override
    public String knownFor() {
        return "HyperCLOVA X SEED Think 14B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        int dHead =
                json.intOr(
                        "head_dim",
                        CommonKeys.headWidth(json, "hidden_size", "num_attention_heads"));
        LlamaLayout layout = GraniteFamily.layout(json, name(), 1 / Math.sqrt(dHead));
        layout.mlpBias = json.boolOr("mlp_bias", false);
        layout.logitScaling = 1 / layout.logitScaling;
        if (json.boolOr("use_post_norm", true)) {
            layout.attentionPostNorm = "post_norm1";
            layout.mlpPostNorm = "post_norm2";
        }
        return layout.blueprint();
    }
}
