package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;
import java.lang.foreign.ValueLayout;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The configuration of Gemma 4, whose blocks differ: those with a window have other heads, and
/// some have no keys of their own. How many heads of keys there are, and how wide MLPs are, tensors
/// say.
final class Gemma4Configs {
    private static final String FREQUENCIES = "rope_freqs.weight";

    /// What llama.cpp divides a frequency by that is none.
    private static final float NO_TURN = 1e30f;

    private Gemma4Configs() {}

    static String gemma4(ConfigSource source) {
        ConfigWriter config = source.writer();
        config.size("block_count", "num_hidden_layers")
                .size("embedding_length", "hidden_size")
                .size("context_length", "max_position_embeddings")
                .size("attention.head_count", "num_attention_heads")
                .size("attention.sliding_window", "sliding_window")
                .numberIfThere("attention.layer_norm_rms_epsilon", "rms_norm_eps")
                .numberIfThere("final_logit_softcapping", "final_logit_softcapping");
        config.json()
                .put("vocab_size", config.size("token_embd.weight", 1))
                .put("tie_word_embeddings", !config.has("output.weight"))
                .put("attention_bias", config.has("blk.0.attn_q.bias"));
        List<Boolean> sliding = config.flags("attention.sliding_window_pattern");
        if (sliding.size() != config.require("block_count")) {
            throw config.unsupported(
                    "attention.sliding_window_pattern names %d blocks, but there are %d; the file is damaged, download it again"
                            .formatted(sliding.size(), config.require("block_count")));
        }
        RopeWriter.layerTypes(config, sliding);
        heads(config, sliding);
        widths(config);
        perLayer(config);
        experts(config);
        return source.huggingFace();
    }

    private static void heads(ConfigWriter config, List<Boolean> sliding) {
        int full = width(config, "");
        int windowed = width(config, "_swa");
        config.withoutEffect("attention.head_count_kv");
        config.json().put("head_dim", windowed).put("global_head_dim", full);
        int windowedBlock = sliding.indexOf(true);
        int fullBlock = sliding.indexOf(false);
        if (windowedBlock >= 0) {
            config.json().put("num_key_value_heads", keys(config, windowedBlock, windowed));
        }
        if (fullBlock >= 0) {
            boolean keysAsValues = !config.has("blk.%d.attn_v.weight".formatted(fullBlock));
            config.json().put("attention_k_eq_v", keysAsValues);
            String key = keysAsValues ? "num_global_key_value_heads" : "num_key_value_heads";
            config.json().put(key, keys(config, fullBlock, full));
        }
        ObjectNode rope = config.json().putObject("rope_parameters");
        rope.putObject("sliding_attention")
                .put("rope_type", "default")
                .put("rope_theta", config.number("rope.freq_base_swa").orElse(10_000));
        rope.putObject("full_attention")
                .put("rope_type", "proportional")
                .put("rope_theta", config.number("rope.freq_base").orElse(1_000_000))
                .put("partial_rotary_factor", share(config, full));
    }

    private static int width(ConfigWriter config, String kind) {
        int width = config.require("attention.key_length" + kind);
        int values = config.integer("attention.value_length" + kind).orElse(width);
        int turned = config.integer("rope.dimension_count" + kind).orElse(width);
        if (width < 2 || values != width || turned != width) {
            throw config.unsupported(
                    "attention.key_length%s is %d, attention.value_length%s %d and rope.dimension_count%s %d, but only heads of one width are read, turned as a whole"
                            .formatted(kind, width, kind, values, kind, turned));
        }
        return width;
    }

    private static int keys(ConfigWriter config, int block, int width) {
        return config.size("blk.%d.attn_k.weight".formatted(block), 1) / width;
    }

    /// What share of a head is turned where there is no window: the first pairs, whose frequencies
    /// are divided by 1.
    private static double share(ConfigWriter config, int width) {
        GgufTensor tensor = config.tensor(FREQUENCIES);
        boolean fits =
                tensor.type() == GgmlType.F32 && tensor.shape().equals(List.of((long) width / 2));
        float[] factors =
                fits ? tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED) : new float[0];
        int turned = 0;
        while (turned < factors.length && factors[turned] == 1) {
            turned++;
        }
        for (int i = turned; i < factors.length; i++) {
            fits &= factors[i] == NO_TURN;
        }
        if (!fits || turned == 0) {
            throw config.unsupported(
                    "tensor '%s' is %s%s, but %d numbers in F32 were expected, 1 and then 1e30; this variant of the model is not supported"
                            .formatted(FREQUENCIES, tensor.type(), tensor.shape(), width / 2));
        }
        double share = 2.0 * turned / width;
        return (int) (share * width) < 2 * turned ? Math.nextUp(share) : share;
    }

    private static void widths(ConfigWriter config) {
        config.withoutEffect("feed_forward_length");
        int shared = config.integer("attention.shared_kv_layers").orElse(0);
        int first = config.size("blk.0.ffn_up.weight", 1);
        int last = config.require("block_count") - 1;
        int width = config.size("blk.%d.ffn_up.weight".formatted(last), 1);
        config.json()
                .put("num_kv_shared_layers", shared)
                .put("intermediate_size", first)
                .put("use_double_wide_mlp", shared > 0 && width == 2L * first);
    }

    private static void perLayer(ConfigWriter config) {
        int width = config.integer("embedding_length_per_layer_input").orElse(0);
        config.json().put("hidden_size_per_layer_input", width);
        if (width > 0) {
            config.json()
                    .put(
                            "vocab_size_per_layer_input",
                            config.size("per_layer_token_embd.weight", 1));
        }
    }

    private static void experts(ConfigWriter config) {
        boolean some = config.integer("expert_count").orElse(0) > 0;
        config.json().put("enable_moe_block", some);
        if (some) {
            config.size("expert_count", "num_experts")
                    .size("expert_used_count", "top_k_experts")
                    .size("expert_feed_forward_length", "moe_intermediate_size");
        } else {
            config.withoutEffect("expert_used_count", "expert_feed_forward_length");
        }
    }
}
