package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;

/// The configurations of Hunyuan.
final class HunYuanConfigs {
    /// The base that every published model has, before its alpha raises it.
    private static final double THETA = 10_000;

    private HunYuanConfigs() {}

    static String dense(ConfigSource source) {
        LlamaConfigs.common(source, "rms_norm_eps");
        heads(source);
        return source.huggingFace();
    }

    static String experts(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.sizes(source, "rms_norm_eps");
        heads(source);
        config.size("expert_count", "num_experts")
                .size("expert_used_count", "moe_topk")
                .size("expert_shared_count", "num_shared_expert")
                .size("expert_feed_forward_length", "moe_intermediate_size");
        int shared = config.require("expert_shared_feed_forward_length");
        if (shared != config.require("feed_forward_length")) {
            throw config.unsupported(
                    "expert_shared_feed_forward_length is %d, but experts of this architecture are as wide as feed_forward_length says, %d"
                            .formatted(shared, config.require("feed_forward_length")));
        }
        return source.huggingFace();
    }

    private static void heads(ConfigSource source) {
        ConfigWriter config = source.writer();
        config.json()
                .put("head_dim", source.heads().width())
                .put("attention_bias", config.has("blk.0.attn_output.bias"));
        new RopeWriter(config, source.heads()).write("");
        if (!config.json().has("rope_scaling")) {
            raised(source);
        }
    }

    /// llama.cpp keeps the base that alpha has raised, `theta · alpha^(d / (d - 2))`, rounded to
    /// float32. Where a whole alpha makes that number, it is told, so that nothing is rounded.
    private static void raised(ConfigSource source) {
        ConfigWriter config = source.writer();
        double factor = config.number("rope.scaling.factor").orElse(1);
        if (factor != 1) {
            throw config.unsupported(
                    "rope.scaling.factor is %s, but there is no scaling that it belongs to"
                            .formatted(factor));
        }
        if (config.integer("rope.scaling.original_context_length").isEmpty()) {
            return; // nothing was raised
        }
        double base = config.number("rope.freq_base").orElse(THETA);
        int width = source.heads().width();
        double alpha = Math.rint(Math.pow(base / THETA, (width - 2.0) / width));
        double made = THETA * Math.pow(alpha, width / (width - 2.0));
        if (alpha > 1 && (float) made == (float) base) {
            config.json()
                    .put("rope_theta", THETA)
                    .putObject("rope_scaling")
                    .put("rope_type", "dynamic")
                    .put("alpha", alpha)
                    .put("factor", 1.0);
        }
    }
}
