package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;
import java.util.Collections;
import java.util.OptionalInt;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The configurations of the families whose attention scores grow with the position.
final class GrowingConfigs {
    /// What llama.cpp takes for granted of Llama 4: chunks of the text, and after how many
    /// positions scores grow, each as in the published models.
    private static final int CHUNK = 8192;

    /// Experts of the one model that does not norm queries and keys, Maverick.
    private static final int WITHOUT_NORMS = 128;

    private GrowingConfigs() {}

    static String llama4(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.sizes(source, "rms_norm_eps");
        int experts = config.integer("expert_count").orElse(0);
        int step = config.require("interleave_moe_layer_step");
        config.json()
                .put("head_dim", source.heads().width())
                .put("attention_bias", config.has("blk.0.attn_output.bias"))
                .put("use_qk_norm", experts != WITHOUT_NORMS);
        config.size("feed_forward_length", "intermediate_size_mlp")
                .size("expert_feed_forward_length", "intermediate_size")
                .sizeIfThere("expert_used_count", "num_experts_per_tok");
        if (experts == 0 || step == 0) {
            config.json().putArray("moe_layers");
        } else {
            config.json().put("num_local_experts", experts).put("interleave_moe_layer_step", step);
        }
        chunks(config);
        new RopeWriter(config, source.heads()).write("");
        return source.huggingFace();
    }

    /// A window of 0 says that every block turns and sees all, as in MobileLLM; otherwise every
    /// fourth sees all and turns nothing.
    private static void chunks(ConfigWriter config) {
        config.json()
                .put("attention_chunk_size", CHUNK)
                .put("attn_temperature_tuning", true)
                .put("floor_scale", CHUNK)
                .put("attn_scale", 0.1)
                .put("no_rope_layer_interval", 4);
        OptionalInt window = config.integer("attention.sliding_window");
        if (window.isEmpty()) {
            return;
        }
        if (window.getAsInt() != 0) {
            throw config.unsupported(
                    "attention.sliding_window is %d, but blocks of this architecture see chunks of %d, or all where it is 0"
                            .formatted(window.getAsInt(), CHUNK));
        }
        int blocks = config.require("block_count");
        RopeWriter.layerTypes(config, Collections.nCopies(blocks, false));
        ArrayNode turned = config.json().putArray("no_rope_layers");
        for (int layer = 0; layer < blocks; layer++) {
            turned.add(1);
        }
    }

    /// A file that says nothing of growth is of a Mistral.
    static String mistral3(ConfigSource source) {
        ConfigWriter config = LlamaConfigs.common(source, "rms_norm_eps");
        config.json().put("head_dim", source.heads().width()).putNull("sliding_window");
        new RopeWriter(config, source.heads()).write("");
        magnitudes(config);
        double beta = config.number("attention.temperature_scale").orElse(0);
        config.json().put("model_type", beta == 0 ? "mistral" : "ministral3");
        if (beta != 0) {
            // scores grow every so many positions as there were in pre-training
            int context =
                    config.integer("rope.scaling.original_context_length")
                            .orElseGet(() -> config.require("context_length"));
            ObjectNode scaling =
                    config.json().get("rope_scaling") instanceof ObjectNode given
                            ? given
                            : config.json().putObject("rope_scaling").put("rope_type", "default");
            scaling.put("llama_4_scaling_beta", beta)
                    .put("original_max_position_embeddings", context);
        }
        return source.huggingFace();
    }

    /// Of YaRN's two magnitudes llama.cpp keeps that of all elements and takes the other for 1, as
    /// in every published model.
    static void magnitudes(ConfigWriter config) {
        config.number("rope.scaling.yarn_log_multiplier")
                .ifPresent(ofAll -> {
                    if (config.json().get("rope_scaling") instanceof ObjectNode scaling) {
                        scaling.put("mscale", 1.0).put("mscale_all_dim", ofAll);
                    }
                });
    }
}
