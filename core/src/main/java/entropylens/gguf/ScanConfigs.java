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
