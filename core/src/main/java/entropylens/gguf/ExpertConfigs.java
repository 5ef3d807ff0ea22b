package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/// The configurations of the families that have routed experts.
///
/// Whether the shares of the chosen experts are made to sum to 1, most files do not say: llama.cpp
/// goes by the architecture.
final class ExpertConfigs {
    /// llama.cpp's number for shares by softmax.
    private static final int SOFTMAX = 1;

    /// The same for softmax over the chosen ones alone.
    private static final int OF_CHOSEN = 3;

    private ExpertConfigs() {}

    static String mixtral(ConfigSource source) {
        withExperts(source, "num_local_experts");
        sharesSumTo1(source.writer());
        whole(source).write("");
        return "MixtralForCausalLM";
    }

    static String granite(ConfigSource source) {
        LlamaConfigs.multipliers(source.writer());
        ConfigWriter config = withExperts(source, "num_local_experts");
        sharesSumTo1(config);
        config.json().put("attention_bias", config.has("blk.0.attn_output.bias"));
        whole(source).write("");
        return source.huggingFace();
    }

    /// llama.cpp approximates this router by another; here it is what it was trained as.
    static String phi(ConfigSource source) {
        ConfigWriter config = withExperts(source, "num_local_experts");
        sharesSumTo1(config);
        config.json()
                .put("attention_bias", config.has("blk.0.attn_q.bias"))
                .put("lm_head_bias", config.has("output.bias"));
        int window = config.integer("attention.sliding_window").orElse(0);
        if (window > 0) {
            config.json().put("sliding_window", window);
        }
        RopeWriter rope = whole(source);
        rope.write("");
        if (config.json().get("rope_scaling") instanceof ObjectNode scaling) {
            double magnitude = config.number("rope.scaling.attn_factor").orElseGet(rope::magnitude);
            scaling.put("short_mscale", magnitude).put("long_mscale", magnitude);
            scaling.remove("attention_factor");
        }
        return source.huggingFace();
    }

    /// llama.cpp does not keep that YaRN's borders are not rounded, which is so in every published
    /// model.
    static String gptOss(ConfigSource source) {
        ConfigWriter config = withExperts(source, "num_local_experts", OF_CHOSEN);
        config.json()
                .put("intermediate_size", expertWidth(config))
                .put("attention_bias", config.has("blk.0.attn_q.bias"));
        config.size("attention.sliding_window", "sliding_window");
        whole(source).write("");
        if (config.json().get("rope_scaling") instanceof ObjectNode scaling) {
            scaling.put("truncate", false);
        } else {
            config.json().putObject("rope_scaling").put("rope_type", "default");
        }
        return source.huggingFace();
    }

    static String olmoe(ConfigSource source) {
        ConfigWriter config = withExperts(source, "num_experts");
        shares(config, false);
        config.json().put("attention_bias", config.has("blk.0.attn_output.bias"));
        whole(source).write("");
        return source.huggingFace();
    }

    static String qwen2(ConfigSource source) {
        ConfigWriter config = qwen(source, false);
        config.json()
                .put(
                        "shared_expert_intermediate_size",
                        config.integer("expert_shared_feed_forward_length")
                                .orElseGet(() -> config.size("blk.0.ffn_up_shexp.weight", 1)))
                .put("qkv_bias", config.has("blk.0.attn_q.bias"));
        return source.huggingFace();
    }

    static String qwen3(ConfigSource source) {
        ConfigWriter config = qwen(source, true);
        config.json().put("attention_bias", config.has("blk.0.attn_q.bias"));
        return source.huggingFace();
    }

    /// Blocks with a window have a base of their own, which nothing scales.
    static String mellum(ConfigSource source) {
        ConfigWriter config = withExperts(source, "num_experts");
        sharesSumTo1(config);
        config.json()
                .put("head_dim", source.heads().width())
                .put("norm_topk_prob", true)
                .put("moe_intermediate_size", expertWidth(config))
                .put("attention_bias", config.has("blk.0.attn_output.bias"));
        windows(config);
        whole(source).writeForEachKind();
        return source.huggingFace();
    }

    private static void windows(ConfigWriter config) {
        OptionalInt window = config.integer("attention.sliding_window");
        if (window.isEmpty()) {
            config.json().putNull("sliding_window");
            return;
        }
        List<Boolean> sliding = config.flags("attention.sliding_window_pattern");
        if (sliding.isEmpty()) {
            throw config.unsupported(
                    "there is an attention.sliding_window, but no attention.sliding_window_pattern that names its blocks; the file is damaged, download it again");
        }
        config.json().put("sliding_window", window.getAsInt());
        RopeWriter.layerTypes(config, sliding);
    }

    private static ConfigWriter qwen(ConfigSource source, boolean sumTo1) {
        ConfigWriter config = withExperts(source, "num_experts");
        shares(config, sumTo1);
        config.json().put("moe_intermediate_size", expertWidth(config));
        whole(source).write("");
        return config;
    }

    static int expertWidth(ConfigWriter config) {
        return config.integer("expert_feed_forward_length")
                .orElseGet(() -> config.size("blk.0.ffn_up_exps.weight", 1));
    }

    static ConfigWriter withExperts(ConfigSource source, String count) {
        return withExperts(source, count, SOFTMAX);
    }

    private static ConfigWriter withExperts(ConfigSource source, String count, int gating) {
        return experts(LlamaConfigs.sizes(source, "rms_norm_eps"), count, gating);
    }

    /// How many experts there are, and how many are chosen, by softmax.
    static ConfigWriter experts(ConfigWriter config, String count) {
        return experts(config, count, SOFTMAX);
    }

    private static ConfigWriter experts(ConfigWriter config, String count, int gating) {
        config.size("expert_count", count).size("expert_used_count", "num_experts_per_tok");
        if (config.integer("expert_gating_func").orElse(gating) != gating) {
            throw config.unsupported(
                    "expert_gating_func is %d, but shares of this architecture are read by %d only"
                            .formatted(config.require("expert_gating_func"), gating));
        }
        double scale = config.number("expert_weights_scale").orElse(1);
        if (scale != 1 && scale != 0) { // 0 stands for none
            throw config.unsupported(
                    "expert_weights_scale is %s, but shares of this architecture are read as they are"
                            .formatted(scale));
        }
        return config;
    }

    static void shares(ConfigWriter config, boolean otherwise) {
        config.json().put("norm_topk_prob", config.flag("expert_weights_norm", otherwise));
    }

    static void sharesSumTo1(ConfigWriter config) {
        if (!config.flag("expert_weights_norm", true)) {
            throw config.unsupported(
                    "expert_weights_norm is false, but shares of this architecture sum to 1");
        }
    }

    private static RopeWriter whole(ConfigSource source) {
        return new RopeWriter(source.writer(), source.heads());
    }
}
