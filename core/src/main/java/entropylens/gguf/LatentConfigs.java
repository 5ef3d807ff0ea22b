package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// The configurations of the families that have multi-head latent attention.
///
/// llama.cpp computes it as attention with one wide head of keys, of which `attention.key_length`
/// and `attention.value_length` speak; the widths after it is taken apart end in `_mla`. Files of
/// before April 2025 have the latter in the place of the former.
final class LatentConfigs {
    /// The published models that choose experts in groups, DeepSeek-V2 and V3, by how many they
    /// have.
    private static final Set<Integer> IN_GROUPS = Set.of(160, 256);

    private LatentConfigs() {}

    static String deepseek2(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.withoutHeads(source, "rms_norm_eps");
        heads(source);
        ScoredConfigs.furtherBlocks(config);
        boolean sigmoid = ScoredConfigs.isSigmoid(config);
        ScoredConfigs.experts(config);
        if (!config.metadata().has("deepseek2.expert_group_count")
                && IN_GROUPS.contains(config.require("expert_count"))) {
            throw config.unsupported(
                    "expert_group_count is missing, but with so many experts this architecture chooses them in groups; files made since October 2025 say in which, download one of these");
        }
        if (sigmoid) {
            ScoredConfigs.groups(config);
            return source.huggingFace();
        }
        config.json()
                .put(
                        "mlp_bias",
                        config.has("blk.0.ffn_down.bias")
                                || config.has("blk.0.ffn_down_shexp.bias"));
        boolean groups = config.integer("expert_group_count").orElse(1) > 1;
        config.json().put("topk_method", groups ? "group_limited_greedy" : "greedy");
        if (groups) {
            ScoredConfigs.groups(config);
        }
        config.withoutEffect("expert_group_count", "expert_group_used_count");
        return "DeepseekV2ForCausalLM";
    }

    private static void heads(ConfigSource source) {
        ConfigWriter config = source.writer();
        int queries = source.heads().queries();
        int rotated = config.require("rope.dimension_count");
        int key = width(config, "attention.key_length");
        if (rotated >= key) {
            throw config.unsupported(
                    "rope.dimension_count is %d, but keys have only %d elements; the file is damaged, download it again"
                            .formatted(rotated, key));
        }
        config.size("attention.kv_lora_rank", "kv_lora_rank");
        config.integer("attention.q_lora_rank")
                .ifPresentOrElse(
                        width -> config.json().put("q_lora_rank", width),
                        () -> config.json().putNull("q_lora_rank"));
        config.json()
                .put("num_key_value_heads", queries)
                .put("qk_rope_head_dim", rotated)
                .put("qk_nope_head_dim", key - rotated)
                .put("v_head_dim", width(config, "attention.value_length"))
                .put("attention_bias", config.has("blk.0.attn_kv_a_mqa.bias"));
        rope(config, new Heads(queries, queries, rotated));
    }

    private static int width(ConfigWriter config, String key) {
        config.withoutEffect(key);
        return config.integer(key + "_mla").orElseGet(() -> config.require(key));
    }

    /// In all published models YaRN has one magnitude, `mscale` and `mscale_all_dim`, of which
    /// llama.cpp keeps a tenth.
    private static void rope(ConfigWriter config, Heads heads) {
        new RopeWriter(config, heads).write("");
        if (!(config.json().get("rope_scaling") instanceof ObjectNode scaling)) {
            config.withoutEffect("rope.scaling.yarn_log_multiplier");
            return;
        }
        double tenth = config.number("rope.scaling.yarn_log_multiplier").orElse(0);
        if (tenth <= 0) {
            throw config.unsupported(
                    "rope.scaling.yarn_log_multiplier is missing, and without it this architecture is not read where positions are scaled");
        }
        double magnitude = Math.rint(tenth * 1e7) / 1e6;
        scaling.put("mscale", magnitude).put("mscale_all_dim", magnitude);
    }
}
