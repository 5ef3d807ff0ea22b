package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;
import java.util.ArrayList;
import java.util.List;

/// The configurations of the families that have Llama's keys.
final class LlamaConfigs {
    private LlamaConfigs() {}

    /// What all of them without experts have.
    static ConfigWriter common(ConfigSource source, String eps) {
        ConfigWriter config = source.writer();
        config.withoutEffect("expert_used_count");
        if (config.integer("expert_count").orElse(0) != 0) {
            throw config.unsupported(
                    "it is a mixture of experts, which this architecture is not supported with");
        }
        return sizes(source, eps);
    }

    /// What all of them have.
    static ConfigWriter sizes(ConfigSource source, String eps) {
        ConfigWriter config = withoutHeads(source, eps);
        headWidth(source);
        return config;
    }

    /// The same, where experts may be in the place of all MLPs, whose width is then left out.
    static ConfigWriter sizesWithExperts(ConfigSource source, String eps) {
        ConfigWriter config = withoutMlp(source, eps);
        headWidth(source);
        return config.sizeIfThere("feed_forward_length", "intermediate_size");
    }

    /// What all have, but for how wide heads are.
    static ConfigWriter withoutHeads(ConfigSource source, String eps) {
        ConfigWriter config = withoutMlp(source, eps);
        return config.has("blk.0.ffn_up.weight")
                ? config.size("feed_forward_length", "intermediate_size")
                // files of models without an MLP may not say it
                : config.sizeIfThere("feed_forward_length", "intermediate_size");
    }

    private static ConfigWriter withoutMlp(ConfigSource source, String eps) {
        ConfigWriter config = source.writer();
        config.size("block_count", "num_hidden_layers")
                .size("embedding_length", "hidden_size")
                .size("context_length", "max_position_embeddings")
                .size("attention.head_count", "num_attention_heads")
                .numberIfThere(
                        eps.startsWith("rms")
                                ? "attention.layer_norm_rms_epsilon"
                                : "attention.layer_norm_epsilon",
                        eps);
        config.embeddings()
                .withoutEffect("attention.head_count_kv", "vocab_size", "tensor_data_layout");
        config.json().put("num_key_value_heads", source.heads().keys());
        if (!config.flag("attention.causal", true)) {
            throw config.unsupported(
                    "attention.causal is false, but only causal attention is read");
        }
        return config;
    }

    private static void headWidth(ConfigSource source) {
        ConfigWriter config = source.writer();
        int width = source.heads().width();
        if (config.integer("attention.value_length").orElse(width) != width) {
            throw config.unsupported(
                    "attention.value_length is not attention.key_length, %d; heads of values of another width are not supported"
                            .formatted(width));
        }
        config.integer("attention.key_length").ifPresent(w -> config.json().put("head_dim", w));
    }

    private static String plain(ConfigSource source) {
        common(source, "rms_norm_eps");
        biases(source.writer());
        new RopeWriter(source.writer(), source.heads()).write("");
        return source.huggingFace();
    }

    private static void biases(ConfigWriter config) {
        if (config.has("blk.0.attn_output.bias")) {
            config.json().put("attention_bias", true);
        }
    }

    static String llama(ConfigSource source) {
        if (source.writer().integer("expert_count").orElse(0) > 0) {
            return ExpertConfigs.mixtral(source);
        }
        if (source.writer().has("blk.0.attn_q.bias")
                && !source.writer().has("blk.0.attn_output.bias")) {
            return internLm3(source);
        }
        source.writer().json().put("mlp_bias", source.writer().has("blk.0.ffn_down.bias"));
        String itsClass = plain(source);
        GrowingConfigs.magnitudes(source.writer()); // of files that Mistral's own format became
        return itsClass;
    }

    /// A Llama with biases on queries, keys and values alone.
    private static String internLm3(ConfigSource source) {
        source.writer().json().put("qkv_bias", true);
        plain(source);
        return "InternLM3ForCausalLM";
    }

    static String qwen(ConfigSource source) {
        return plain(source);
    }

    static String arcee(ConfigSource source) {
        source.writer().json().put("mlp_bias", source.writer().has("blk.0.ffn_down.bias"));
        return plain(source);
    }

    /// Without a scaling its family would take one of its own.
    static String apertus(ConfigSource source) {
        LearnedSlopes.refuseOthers(source.writer());
        String itsClass = plain(source);
        if (!source.writer().json().has("rope_scaling")) {
            source.writer().json().putObject("rope_scaling").put("rope_type", "default");
        }
        return itsClass;
    }

    /// Biases are not kept: the converter refuses them.
    static String internLm2(ConfigSource source) {
        source.writer().json().put("bias", false);
        return plain(source);
    }

    static String ernie(ConfigSource source) {
        ConfigWriter config = common(source, "rms_norm_eps");
        config.json()
                .put("use_bias", config.has("blk.0.attn_output.bias"))
                .put("head_dim", source.heads().width());
        new RopeWriter(config, source.heads()).write("");
        return source.huggingFace();
    }

    static String seedOss(ConfigSource source) {
        ConfigWriter config = common(source, "rms_norm_eps");
        config.json()
                .put("attention_bias", config.has("blk.0.attn_q.bias"))
                .put("attention_out_bias", config.has("blk.0.attn_output.bias"))
                .put("mlp_bias", config.has("blk.0.ffn_down.bias"))
                .put("head_dim", source.heads().width());
        new RopeWriter(config, source.heads()).write("");
        return source.huggingFace();
    }

    static String exaone4(ConfigSource source) {
        ConfigWriter config = source.writer();
        config.integer("attention.sliding_window")
                .ifPresentOrElse(
                        window -> config.json().put("sliding_window", window),
                        () -> config.json().putNull("sliding_window"));
        List<Boolean> sliding = config.flags("attention.sliding_window_pattern");
        if (!sliding.isEmpty()) {
            RopeWriter.layerTypes(config, sliding);
        }
        return plain(source);
    }

    /// Which blocks turn nothing is no choice in llama.cpp: every fourth, as in the published
    /// model.
    static String smollm3(ConfigSource source) {
        ConfigWriter config = source.writer();
        config.json()
                .put("mlp_bias", config.has("blk.0.ffn_down.bias"))
                .put("no_rope_layer_interval", 4);
        return plain(source);
    }

    static String gemma(ConfigSource source) {
        source.writer().json().put("hidden_act", "gelu_pytorch_tanh");
        return plain(source);
    }

    static String gemma2(ConfigSource source) {
        ConfigWriter config = source.writer();
        config.size("attention.sliding_window", "sliding_window");
        softcap(config, "attn_logit_softcapping");
        softcap(config, "final_logit_softcapping");
        scoreScale(source, 46);
        return plain(source);
    }

    static String gemma3(ConfigSource source) {
        ConfigWriter config = source.writer();
        config.sizeIfThere("attention.sliding_window", "sliding_window")
                .sizeIfThere("attention.sliding_window_pattern", "sliding_window_pattern")
                .numberIfThere("rope.freq_base_swa", "rope_local_base_freq");
        softcap(config, "final_logit_softcapping");
        scoreScale(source, 62);
        return plain(source);
    }

    /// Where it is not there, there is none; transformers has a default.
    private static void softcap(ConfigWriter config, String key) {
        config.number(key)
                .ifPresentOrElse(
                        cap -> config.json().put(key, cap), () -> config.json().putNull(key));
    }

    /// llama.cpp knows it by the number of blocks: that of a head's width, but in the 27B models
    /// that of an equal share of the stream.
    private static void scoreScale(ConfigSource source, int blocksOf27B) {
        ConfigWriter config = source.writer();
        Heads heads = source.heads();
        boolean is27B = config.require("block_count") == blocksOf27B;
        config.json()
                .put(
                        "query_pre_attn_scalar",
                        is27B
                                ? config.require("embedding_length") / heads.queries()
                                : heads.width());
    }

    /// What an MLP is wide, by its tensor: for some architectures the file always says 4 times the
    /// stream.
    static int mlpWidth(ConfigWriter config) {
        config.require("feed_forward_length");
        return config.size("blk.0.ffn_up.weight", 1);
    }

    static String phi3(ConfigSource source) {
        ConfigWriter config = common(source, "rms_norm_eps");
        int window = config.integer("attention.sliding_window").orElse(0);
        if (window > 0) {
            config.json().put("sliding_window", window);
        }
        new RopeWriter(config, source.heads()).write("partial_rotary_factor");
        return source.huggingFace();
    }

    static String glm(ConfigSource source) {
        ConfigWriter config = common(source, "rms_norm_eps");
        boolean apart = config.has("blk.0.attn_q.weight");
        String queries = apart ? "blk.0.attn_q.bias" : "blk.0.attn_qkv.bias";
        config.json()
                .put("attention_bias", config.has(queries))
                .put("head_dim", source.heads().width());
        new RopeWriter(config, source.heads()).write("partial_rotary_factor");
        return source.huggingFace();
    }

    static String olmo(ConfigSource source) {
        ConfigWriter config = common(source, "layer_norm_eps");
        double eps = config.json().path("layer_norm_eps").asDouble(1e-5);
        if (eps != 1e-5) {
            throw config.unsupported(
                    "attention.layer_norm_epsilon is %s, but that of OLMo is 1e-5".formatted(eps));
        }
        config.json().remove("layer_norm_eps");
        config.numberIfThere("attention.clamp_kqv", "clip_qkv");
        biases(config);
        new RopeWriter(config, source.heads()).write("");
        return source.huggingFace();
    }

    static String olmo2(ConfigSource source) {
        ConfigWriter config = source.writer();
        List<Boolean> sliding = config.flags("attention.sliding_window_pattern");
        if (config.integer("attention.sliding_window").isEmpty()) {
            return plain(source);
        }
        config.size("attention.sliding_window", "sliding_window");
        if (sliding.isEmpty()) {
            sliding = new ArrayList<>();
            for (int layer = 1; layer <= config.require("block_count"); layer++) {
                sliding.add(layer % 4 != 0);
            }
        }
        RopeWriter.layerTypes(config, sliding);
        plain(source);
        return "Olmo3ForCausalLM";
    }

    /// Also Granite 4 where all blocks attend, which keeps keys of the state spaces that it has
    /// not.
    static String granite(ConfigSource source) {
        ConfigWriter config = source.writer();
        multipliers(config);
        config.withoutEffect(
                "expert_shared_feed_forward_length",
                "ssm.conv_kernel",
                "ssm.group_count",
                "ssm.inner_size",
                "ssm.state_size",
                "ssm.time_step_rank");
        String itsClass = llama(source);
        config.json().put("intermediate_size", mlpWidth(config));
        return itsClass;
    }

    /// What Granite multiplies by.
    static void multipliers(ConfigWriter config) {
        config.numberIfThere("attention.scale", "attention_multiplier")
                .numberIfThere("embedding_scale", "embedding_multiplier")
                .numberIfThere("residual_scale", "residual_multiplier")
                .numberIfThere("logit_scale", "logits_scaling");
    }
}
