package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import java.util.List;
import java.util.Map;

/// Qwen 3: Qwen 2 with norms on queries and keys, head by head, and without their biases.
record Qwen3Family() implements Family {
    @Override
    public String name() {
        return "qwen3";
    }

    @Override
    public List<String> architectures() {
        return List.of("Qwen3ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Qwen3 (dense)";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        LlamaLayout layout =
                Qwen2Family.layout(json, ConfigDraft.llama(json, name(), Map.of("head_dim", 128)));
        layout.queryKeyNorm = QueryKeyNorm.HEAD;
        boolean attentionBias = json.boolOr("attention_bias", false);
        layout.projectionBias = attentionBias;
        layout.outputBias = attentionBias;
        return layout.blueprint();
    }
}
