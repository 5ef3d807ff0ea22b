package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;

/// The configurations of the families with selective scans or state spaces. Their metadata have
/// keys of attention and MLPs too, which are 0 where there is none.
final class ScanConfigs {
    private ScanConfigs() {}

    /// llama.cpp norms Falcon-Mamba's steps, B and C with the epsilon of other norms; here it is
    /// the one that is published, which the file does not say.
    static String mamba(ConfigSource source) {
        ConfigWriter config = alone(source);
        config.size("ssm.inner_size", "intermediate_size")
                .size("ssm.time_step_rank", "time_step_rank");
        return config.flag("ssm.dt_b_c_rms", false)
                ? "FalconMambaForCausalLM"
                : source.huggingFace();
    }

    /// Limits of steps, of which the file says nothing, no published model has.
    static String mamba2(ConfigSource source) {
        ConfigWriter config = alone(source);
        int inner = config.require("ssm.inner_size");
        int width = config.require("embedding_length");
        config.size("ssm.time_step_rank", "num_heads").size("ssm.group_count", "n_groups");
        config.json()
                .put("head_dim", share(config, "ssm.time_step_rank"))
                .put("expand", width < 1 ? 0 : inner / width);
        return source.huggingFace();
    }

    /// Factors, which the published configuration has nearly everywhere, are part of the weights
    /// here. That norms come behind gates is no choice in llama.cpp.
    static String falconH1(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "rms_norm_eps");
        refuseWhatFactorsSpoil(config);
        spaces(config, 0);
        config.size("ssm.inner_size", "mamba_d_ssm");
        config.json()
                .put("mamba_rms_norm", config.has("blk.0.ssm_norm.weight"))
                .put("mamba_norm_before_gate", false)
                .put("projectors_bias", config.has("blk.0.ssm_out.bias"))
                .put("mlp_bias", config.has("blk.0.ffn_down.bias"));
        new RopeWriter(config, source.heads()).write("");
        return source.huggingFace();
    }

    /// Where one tensor would need two factors, the file has one of them, and says neither.
    private static void refuseWhatFactorsSpoil(ConfigWriter config) {
        if (!config.has("output.weight")) {
            throw config.unsupported(
                    "it has no tensor 'output.weight', so the unembedding is the embedding; llama.cpp's converter multiplied that by a factor of this architecture's embedding, and left out the one of its logits: take the safetensors");
        }
        if (config.has("blk.0.attn_q.bias")) {
            throw config.unsupported(
                    "queries, keys and values have biases, which llama.cpp's converter multiplied by a factor of their inputs: take the safetensors");
        }
    }

    /// State spaces, in the keys of models that attend too.
    ///
    /// @param block that has one
    static void spaces(ConfigWriter config, int block) {
        config.size("ssm.time_step_rank", "mamba_n_heads")
                .size("ssm.group_count", "mamba_n_groups")
                .size("ssm.state_size", "mamba_d_state")
                .size("ssm.conv_kernel", "mamba_d_conv");
        String prefix = "blk." + block + ".ssm_";
        config.json()
                .put("mamba_d_head", share(config, "ssm.time_step_rank"))
                .put("mamba_proj_bias", config.has(prefix + "in.bias"))
                .put("mamba_conv_bias", config.has(prefix + "conv1d.bias"));
    }

    /// Channels of each of so many heads.
    private static int share(ConfigWriter config, String heads) {
        int count = config.require(heads);
        int inner = config.require("ssm.inner_size");
        if (count < 1 || inner % count != 0) {
            throw config.unsupported(
                    "ssm.inner_size is %,d, which %s = %,d heads cannot share; the file is damaged, download it again"
                            .formatted(inner, heads, count));
        }
        return inner / count;
    }

    /// What all of them have whose blocks are a mixer alone.
    private static ConfigWriter alone(ConfigSource source) {
        ConfigWriter config = source.writer();
        config.size("block_count", "num_hidden_layers")
                .size("embedding_length", "hidden_size")
                .size("ssm.state_size", "state_size")
                .size("ssm.conv_kernel", "conv_kernel")
                .numberIfThere("attention.layer_norm_rms_epsilon", "layer_norm_epsilon")
                .embeddings()
                .withoutEffect(
                        "attention.head_count",
                        "context_length",
                        "feed_forward_length",
                        "vocab_size");
        config.json()
                .put("use_bias", config.has("blk.0.ssm_in.bias"))
                .put("use_conv_bias", config.has("blk.0.ssm_conv1d.bias"));
        return config;
    }
}
