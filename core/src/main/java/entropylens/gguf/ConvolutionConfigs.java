package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;
import tools.jackson.databind.node.ArrayNode;

/// The configurations of the families that have short convolutions in some blocks. Which ones those
/// are, the heads of keys say: convolutions have none.
final class ConvolutionConfigs {
    private ConvolutionConfigs() {}

    /// The file says how wide MLPs are, and not what that was computed from.
    static String lfm2(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "rms_norm_eps");
        config.json().put("block_auto_adjust_ff_dim", false);
        convolutions(source);
        return source.huggingFace();
    }

    /// That shares sum to 1, llama.cpp knows by the architecture.
    static String lfm2Moe(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.sizes(source, "rms_norm_eps");
        ScoredConfigs.requireSigmoids(config);
        double scale = config.number("expert_weights_scale").orElse(1);
        int last = config.require("block_count") - 1;
        config.size("expert_count", "num_experts")
                .size("expert_used_count", "num_experts_per_tok")
                .size("expert_feed_forward_length", "moe_intermediate_size")
                .size("leading_dense_block_count", "num_dense_layers");
        config.json()
                .put("norm_topk_prob", config.flag("expert_weights_norm", true))
                .put("routed_scaling_factor", scale == 0 ? 1 : scale) // 0 stands for none
                .put("use_expert_bias", config.has("blk.%d.exp_probs_b.bias".formatted(last)));
        convolutions(source);
        return source.huggingFace();
    }

    private static void convolutions(ConfigSource source) {
        ConfigWriter config = source.writer();
        config.json().remove("rms_norm_eps");
        config.numberIfThere("attention.layer_norm_rms_epsilon", "norm_eps")
                .size("shortconv.l_cache", "conv_L_cache");
        ArrayNode types = config.json().putArray("layer_types");
        config.attending().forEach(attends -> types.add(attends ? "full_attention" : "conv"));
        new RopeWriter(config, source.heads()).write("");
    }
}
