package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;

/// The configurations of the families that choose experts by scores, as DeepSeek does.
final class ScoredConfigs {
    /// llama.cpp's numbers for how shares are computed.
    private static final int SOFTMAX = 1;

    private static final int SIGMOID = 2;

    private ScoredConfigs() {}

    static String glm4(ConfigSource source) {
        ConfigWriter config = withSigmoids(source);
        config.json()
                .put("attention_bias", config.has("blk.0.attn_q.bias"))
                .put("use_qk_norm", config.has("blk.0.attn_q_norm.weight"));
        furtherBlocks(config);
        experts(config);
        groups(config);
        new RopeWriter(config, source.heads()).write("partial_rotary_factor");
        return isSolar(config) ? "SolarOpenForCausalLM" : source.huggingFace();
    }

    /// Solar Open has experts in every block, turns whole heads, and norms neither queries nor
    /// keys. No GLM does.
    private static boolean isSolar(ConfigWriter config) {
        return config.json().path("first_k_dense_replace").asInt() == 0
                && config.json().path("partial_rotary_factor").asDouble() == 1
                && !config.json().path("use_qk_norm").asBoolean()
                && further(config) == 0;
    }

    /// llama.cpp knows no window here; the published models have none.
    static String dots(ConfigSource source) {
        ConfigWriter config = withSigmoids(source);
        config.json()
                .put("attention_bias", config.has("blk.0.attn_q.bias"))
                .putNull("sliding_window");
        experts(config);
        groups(config);
        new RopeWriter(config, source.heads()).write("");
        return source.huggingFace();
    }

    /// Its shares are always made to sum to 1.
    static String minimax(ConfigSource source) {
        ConfigWriter config = withSigmoids(source);
        config.size("expert_count", "num_local_experts")
                .size("expert_used_count", "num_experts_per_tok")
                .size("expert_feed_forward_length", "intermediate_size");
        config.json().put("head_dim", source.heads().width());
        new RopeWriter(config, source.heads()).write("partial_rotary_factor");
        return source.huggingFace();
    }

    /// Its shares are of softmax, always made to sum to 1.
    static String ernie(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.sizes(source, "rms_norm_eps");
        config.json()
                .put("use_bias", config.has("blk.0.attn_output.bias"))
                .put("head_dim", source.heads().width());
        config.size("expert_count", "moe_num_experts")
                .size("expert_used_count", "moe_k")
                .size("expert_shared_count", "moe_num_shared_experts")
                .size("expert_feed_forward_length", "moe_intermediate_size")
                .size("leading_dense_block_count", "moe_layer_start_index")
                .size("interleave_moe_layer_step", "moe_layer_interval")
                // computed from other sizes, which only happens to be right
                .withoutEffect("expert_shared_feed_forward_length");
        new RopeWriter(config, source.heads()).write("");
        return source.huggingFace();
    }

    private static ConfigWriter withSigmoids(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.sizes(source, "rms_norm_eps");
        requireSigmoids(config);
        return config;
    }

    /// @throws entropylens.checkpoint.CheckpointException when scores are others
    static void requireSigmoids(ConfigWriter config) {
        if (!isSigmoid(config)) {
            throw config.unsupported(
                    "expert_gating_func is %d, but scores of this architecture are sigmoids, %d"
                            .formatted(SOFTMAX, SIGMOID));
        }
    }

    /// Whether scores are sigmoids; where a file does not say it, those with a correction are.
    static boolean isSigmoid(ConfigWriter config) {
        int last = config.require("block_count") - 1 - further(config);
        boolean corrected = config.has("blk.%d.exp_probs_b.bias".formatted(last));
        int gating = config.integer("expert_gating_func").orElse(0);
        return switch (gating == 0 ? corrected ? SIGMOID : SOFTMAX : gating) {
            case SOFTMAX -> false;
            case SIGMOID -> true;
            default ->
                    throw config.unsupported(
                            "expert_gating_func is %d, but shares of this architecture are read by %d (softmax) and %d (sigmoid) only"
                                    .formatted(gating, SOFTMAX, SIGMOID));
        };
    }

    /// What DeepSeek's keys say of experts, but for groups.
    static void experts(ConfigWriter config) {
        config.size("expert_count", "n_routed_experts")
                .size("expert_used_count", "num_experts_per_tok")
                .size("expert_shared_count", "n_shared_experts")
                .size("expert_feed_forward_length", "moe_intermediate_size");
        double scale = config.number("expert_weights_scale").orElse(1);
        config.json()
                .put("first_k_dense_replace", config.integer("leading_dense_block_count").orElse(0))
                .put("routed_scaling_factor", scale == 0 ? 1 : scale) // 0 stands for none
                .put("norm_topk_prob", config.flag("expert_weights_norm", false));
    }

    static void groups(ConfigWriter config) {
        config.sizeIfThere("expert_group_count", "n_group")
                .sizeIfThere("expert_group_used_count", "topk_group");
    }

    /// Blocks for multi-token prediction, which llama.cpp counts among the others.
    static void furtherBlocks(ConfigWriter config) {
        int further = further(config);
        if (further > 0) {
            config.json()
                    .put("num_hidden_layers", config.require("block_count") - further)
                    .put("num_nextn_predict_layers", further);
        }
    }

    private static int further(ConfigWriter config) {
        int further = config.integer("nextn_predict_layers").orElse(0);
        int all = config.require("block_count");
        if (further < 0 || further >= all) {
            throw config.unsupported(
                    "nextn_predict_layers is %d, but there are %d blocks; the file is damaged, download it again"
                            .formatted(further, all));
        }
        return further;
    }
}
