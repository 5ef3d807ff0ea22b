package entropylens.gguf;

import entropylens.gguf.Architecture.ConfigSource;
import tools.jackson.databind.node.ObjectNode;

/// The configurations of the families whose attention scores grow with the position.
final class GrowingConfigs {
    private GrowingConfigs() {}

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
    private static void magnitudes(ConfigWriter config) {
        config.number("rope.scaling.yarn_log_multiplier")
                .ifPresent(ofAll -> {
                    if (config.json().get("rope_scaling") instanceof ObjectNode scaling) {
                        scaling.put("mscale", 1.0).put("mscale_all_dim", ofAll);
                    }
                });
    }
}
