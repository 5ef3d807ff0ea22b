package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/// The configurations of the families in which some blocks attend and the others scan. Which ones
/// attend, the heads of keys say: scans have none.
final class HybridConfigs {
    private HybridConfigs() {}

    /// Whether heads are turned, by which llama.cpp tells Bamba from Granite 4; where a file does
    /// not say, it takes it for Bamba.
    static boolean isBamba(ConfigWriter config) {
        return config.flag("rope.scaling.finetuned", true);
    }

    static String granite(ConfigSource source) {
        ConfigWriter config = source.writer();
        if (isBamba(config)) {
            return bamba(source);
        }
        boolean experts = config.integer("expert_count").orElse(0) > 0;
        if (experts) {
            ExpertConfigs.withExperts(source, "num_local_experts");
            ExpertConfigs.sharesSumTo1(config);
        } else {
            LlamaConfigs.common(source, "rms_norm_eps").json().put("num_local_experts", 0);
        }
        LlamaConfigs.multipliers(config);
        String up = experts ? "blk.0.ffn_up_shexp.weight" : "blk.0.ffn_up.weight";
        config.withoutEffect(
                "expert_shared_feed_forward_length",
                "rope.dimension_count",
                "rope.freq_base",
                "rope.scaling.finetuned");
        config.json()
                .put("shared_intermediate_size", config.size(up, 1))
                .put("position_embedding_type", "nope");
        List<Boolean> attends = amongSpaces(config);
        ArrayNode types = config.json().putArray("layer_types");
        attends.forEach(attention -> types.add(attention ? "attention" : "mamba"));
        return source.huggingFace();
    }

    /// The share of a head that is turned, the converter knows by `attn_rotary_emb` alone, which
    /// newer versions of transformers do not write.
    private static String bamba(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "rms_norm_eps");
        int width = source.heads().width();
        if (config.integer("rope.dimension_count").orElse(width) == width) {
            throw config.unsupported(
                    "rope.dimension_count is %d, whole heads, which llama.cpp's converter also writes where it does not know what share is turned, half of each in published models: take the safetensors"
                            .formatted(width));
        }
        config.json().put("mlp_bias", config.has("blk.0.ffn_down.bias"));
        List<Boolean> attends = amongSpaces(config);
        ArrayNode indices = config.json().putArray("attn_layer_indices");
        for (int block = 0; block < attends.size(); block++) {
            if (attends.get(block)) {
                indices.add(block);
            }
        }
        new RopeWriter(config, source.heads()).write("partial_rotary_factor");
        return "BambaForCausalLM";
    }

    /// What is said of blocks of both kinds; which ones attend.
    private static List<Boolean> amongSpaces(ConfigWriter config) {
        List<Boolean> attends = config.attending();
        ScanConfigs.spaces(config, attends.indexOf(false));
        int inner = config.require("ssm.inner_size");
        int width = config.require("embedding_length");
        String output = "blk.%d.attn_output.bias".formatted(attends.indexOf(true));
        config.json()
                .put("mamba_expand", width < 1 ? 0 : inner / width)
                .put("attention_bias", config.has(output));
        return attends;
    }
}
