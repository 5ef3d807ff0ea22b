package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;
import tools.jackson.databind.node.ArrayNode;

/// The configurations of the families that have gated delta nets in most blocks. Sections of
/// positions are of pictures: a token of text has the same number in all of them.
final class DeltaNetConfigs {
    private DeltaNetConfigs() {}

    static String qwen3next(ConfigSource source) {
        experts(LlamaConfigs.sizes(source, "rms_norm_eps"));
        deltaNets(source);
        return source.huggingFace();
    }

    static String qwen35(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "rms_norm_eps");
        config.withoutEffect("rope.dimension_sections");
        deltaNets(source);
        return source.huggingFace();
    }

    static String qwen35Moe(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.sizesWithExperts(source, "rms_norm_eps");
        config.withoutEffect("rope.dimension_sections");
        experts(config);
        deltaNets(source);
        return source.huggingFace();
    }

    private static void experts(ConfigWriter config) {
        ExpertConfigs.experts(config, "num_experts");
        ExpertConfigs.shares(config, true);
        config.json().put("moe_intermediate_size", ExpertConfigs.expertWidth(config));
        config.size("expert_shared_feed_forward_length", "shared_expert_intermediate_size");
    }

    /// Which blocks attend, tensors say; llama.cpp knows every fourth or the like only.
    private static void deltaNets(ConfigSource source) {
        ConfigWriter config = source.writer();
        ScoredConfigs.furtherBlocks(config);
        config.json().remove("num_nextn_predict_layers");
        int valueHeads = config.require("ssm.time_step_rank");
        int values = config.require("ssm.inner_size");
        ArrayNode types = config.json().putArray("layer_types");
        int blocks = config.blocks() - config.integer("nextn_predict_layers").orElse(0);
        boolean biased = false;
        for (int block = 0; block < blocks; block++) {
            boolean attends = config.has("blk.%d.attn_q.weight".formatted(block));
            types.add(attends ? "full_attention" : "linear_attention");
            biased |= config.has("blk.%d.attn_q.bias".formatted(block));
        }
        config.json()
                .put("attention_bias", biased)
                .put("linear_value_head_dim", valueHeads < 1 ? 0 : values / valueHeads);
        config.size("ssm.conv_kernel", "linear_conv_kernel_dim")
                .size("ssm.state_size", "linear_key_head_dim")
                .size("ssm.group_count", "linear_num_key_heads")
                .size("ssm.time_step_rank", "linear_num_value_heads")
                .sizeIfThere("full_attention_interval", "full_attention_interval");
        new RopeWriter(config, source.heads()).write("partial_rotary_factor");
    }
}
