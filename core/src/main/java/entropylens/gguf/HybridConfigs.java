package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;
import java.util.List;
import java.util.stream.IntStream;
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

    /// Experts have their shares of all, as in llama.cpp.
    static String jamba(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.sizes(source, "rms_norm_eps");
        List<Boolean> attends = config.attending();
        int blocks = attends.size();
        int inner = config.require("ssm.inner_size");
        int width = config.require("embedding_length");
        String scan = "blk.%d.ssm_".formatted(attends.indexOf(false));
        config.size("ssm.state_size", "mamba_d_state")
                .size("ssm.conv_kernel", "mamba_d_conv")
                .size("ssm.time_step_rank", "mamba_dt_rank");
        config.json()
                .put("mamba_expand", width < 1 ? 0 : inner / width)
                .put("mamba_proj_bias", config.has(scan + "in.bias"))
                .put("mamba_conv_bias", config.has(scan + "conv1d.bias"))
                .put("num_experts", Math.max(1, config.integer("expert_count").orElse(0)))
                .put("num_experts_per_tok", config.integer("expert_used_count").orElse(1));
        every(config, "attn_layer", attends);
        every(
                config,
                "expert_layer",
                IntStream.range(0, blocks)
                        .mapToObj(
                                block -> config.has("blk.%d.ffn_gate_inp.weight".formatted(block)))
                        .toList());
        return source.huggingFace();
    }

    /// Says which blocks are of a kind by the first of them and how many there are from one to the
    /// next.
    private static void every(ConfigWriter config, String kind, List<Boolean> are) {
        int first = are.indexOf(true);
        int offset = first < 0 ? are.size() : first;
        int second = offset + 1;
        while (second < are.size() && !are.get(second)) {
            second++;
        }
        // where there is no other, it lies behind the last block
        int period = second < are.size() ? second - offset : are.size() + 1;
        for (int block = 0; block < are.size(); block++) {
            if (are.get(block) != (block % period == offset)) {
                throw config.unsupported(
                        "%s_period would be %d and %s_offset %d by the first blocks, but block %d is otherwise; this variant of the model is not supported"
                                .formatted(kind, period, kind, offset, block));
            }
        }
        config.json().put(kind + "_period", period).put(kind + "_offset", offset);
    }
}
