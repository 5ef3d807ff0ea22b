package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The configurations of the families that have LayerNorms.
final class OtherConfigs {
    private OtherConfigs() {}

    static String stablelm(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "layer_norm_eps");
        // llama.cpp too goes by the norm, not by what the file says
        config.withoutEffect("use_parallel_residual");
        config.json()
                .put("use_parallel_residual", !config.has("blk.0.ffn_norm.weight"))
                .put("use_qkv_bias", config.has("blk.0.attn_q.bias"))
                .put("qk_layernorm", config.has("blk.0.attn_q_norm.weight"));
        new RopeWriter(config, source.heads()).write("partial_rotary_factor");
        return source.huggingFace();
    }

    static String cohere(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "layer_norm_eps");
        config.numberIfThere("logit_scale", "logit_scale");
        config.json()
                .put("attention_bias", config.has("blk.0.attn_q.bias"))
                .put("use_qk_norm", config.has("blk.0.attn_q_norm.weight"));
        new RopeWriter(config, source.heads()).write("");
        return source.huggingFace();
    }

    /// Windows in three blocks of four are no choice in llama.cpp, nor in the published models.
    static String cohere2(ConfigSource source) {
        ConfigWriter config = source.writer();
        config.size("attention.sliding_window", "sliding_window");
        cohere(source);
        config.json().put("sliding_window_pattern", 4).remove("use_qk_norm");
        return source.huggingFace();
    }

    /// llama.cpp does not keep its window.
    static String starcoder2(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "norm_epsilon");
        config.json()
                .put("use_bias", config.has("blk.0.attn_output.bias"))
                .putNull("sliding_window");
        new RopeWriter(config, source.heads()).write("");
        return source.huggingFace();
    }

    static String nemotron(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "norm_eps");
        // the same number once more
        config.withoutEffect("attention.layer_norm_rms_epsilon");
        config.json()
                .put("attention_bias", config.has("blk.0.attn_q.bias"))
                .put("mlp_bias", config.has("blk.0.ffn_up.bias"));
        new RopeWriter(config, source.heads()).write("partial_rotary_factor");
        return source.huggingFace();
    }

    static String jais2(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "layer_norm_eps");
        config.json()
                .put("attention_bias", config.has("blk.0.attn_q.bias"))
                .put("mlp_bias", config.has("blk.0.ffn_up.bias"));
        new RopeWriter(config, source.heads()).write("");
        return source.huggingFace();
    }

    static String phi2(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "layer_norm_eps");
        config.json().put("intermediate_size", LlamaConfigs.mlpWidth(config));
        new RopeWriter(config, source.heads()).write("partial_rotary_factor");
        return source.huggingFace();
    }

    static String gptNeoX(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "layer_norm_eps");
        // no key of this family
        config.json().remove("num_key_value_heads");
        config.json()
                .put("use_parallel_residual", config.flag("use_parallel_residual", true))
                .put("attention_bias", config.has("blk.0.attn_qkv.bias"));
        new RopeWriter(config, source.heads()).write("rotary_pct");
        if (config.json().has("rope_theta")) {
            config.json().set("rotary_emb_base", config.json().remove("rope_theta"));
        }
        return source.huggingFace();
    }

    /// What GPT-2 and its descendants call by the same names.
    private static ConfigWriter gpt(ConfigSource source) {
        return withoutLlamasKeys(source)
                .size("block_count", "n_layer")
                .size("attention.head_count", "n_head");
    }

    private static ConfigWriter withoutLlamasKeys(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "layer_norm_epsilon");
        config.json()
                .remove(
                        List.of(
                                "num_hidden_layers",
                                "hidden_size",
                                "intermediate_size",
                                "max_position_embeddings",
                                "num_attention_heads",
                                "num_key_value_heads",
                                "head_dim"));
        return config;
    }

    private static void requireKeysOfEachHead(ConfigSource source) {
        if (source.heads().keys() != source.heads().queries()) {
            throw source.writer()
                    .unsupported(
                            "it has fewer heads of keys than of queries, which this architecture has not");
        }
    }

    private static void requireFourfoldMlp(ConfigWriter config) {
        int width = config.require("embedding_length");
        if (config.require("feed_forward_length") != 4L * width) {
            throw config.unsupported("feed_forward_length is not 4 times embedding_length");
        }
    }

    static String gpt2(ConfigSource source) {
        ConfigWriter config = gpt(source);
        requireKeysOfEachHead(source);
        config.size("embedding_length", "n_embd").size("context_length", "n_positions");
        config.json().put("n_inner", LlamaConfigs.mlpWidth(config));
        return source.huggingFace();
    }

    /// The file says of every model that its heads share a key and a value. Where each has its own,
    /// the matrix of all three is taller.
    static String starcoder(ConfigSource source) {
        ConfigWriter config = gpt(source);
        config.size("embedding_length", "n_embd").size("context_length", "n_positions");
        long apart = 3L * config.require("embedding_length");
        config.json()
                .put("n_inner", LlamaConfigs.mlpWidth(config))
                .put("multi_query", config.size("blk.0.attn_qkv.weight", 1) != apart);
        return source.huggingFace();
    }

    static String bloom(ConfigSource source) {
        ConfigWriter config = gpt(source);
        requireKeysOfEachHead(source);
        config.size("embedding_length", "hidden_size").size("context_length", "seq_length");
        requireFourfoldMlp(config);
        return source.huggingFace();
    }

    /// Linear biases of 0 stand for none. The scale of scores is not kept, nor is it told in the
    /// published models.
    static String mpt(ConfigSource source) {
        ConfigWriter config = withoutLlamasKeys(source);
        requireKeysOfEachHead(source);
        requireFourfoldMlp(config);
        config.size("block_count", "n_layers")
                .size("attention.head_count", "n_heads")
                .size("embedding_length", "d_model")
                .size("context_length", "max_seq_len");
        double bias = config.number("attention.max_alibi_bias").orElse(0);
        ObjectNode attention = config.json().putObject("attn_config").put("alibi", bias != 0);
        if (bias != 0) {
            attention.put("alibi_bias_max", bias);
        }
        config.number("attention.clamp_kqv").ifPresent(clip -> attention.put("clip_qkv", clip));
        return source.huggingFace();
    }

    static String falcon(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "layer_norm_epsilon");
        boolean twoNorms = config.has("blk.0.attn_norm_2.weight");
        boolean grouped = twoNorms || source.heads().keys() > 1;
        config.json().remove(List.of("num_key_value_heads", "head_dim"));
        config.json()
                .put("new_decoder_architecture", grouped)
                .put("multi_query", true)
                .put("parallel_attn", true)
                .put("num_ln_in_parallel_attn", twoNorms ? 2 : 1)
                .put("num_kv_heads", source.heads().keys())
                .put("ffn_hidden_size", LlamaConfigs.mlpWidth(config))
                .remove("intermediate_size");
        new RopeWriter(config, source.heads()).write("");
        return source.huggingFace();
    }
}
