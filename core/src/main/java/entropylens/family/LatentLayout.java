package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Projection;
import entropylens.model.AttentionShape;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Where DeepSeek and its descendants keep multi-head latent attention.
///
/// @param queryWidth of what queries are made of; empty where that is the stream
/// @param keyValueWidth of what keys and values are made of
/// @param turned elements of a query or key that are turned
/// @param biased what comes first
record LatentLayout(OptionalInt queryWidth, int keyValueWidth, int turned, boolean biased) {
    /// The norms inside have this, whatever the others have (`DeepseekV3RMSNorm`).
    private static final NormReader NORM = NormReader.rms(1e-6);

    /// Reads the sizes, and gives the draft those of its heads.
    static LatentLayout read(ConfigJson json, ConfigDraft draft) {
        int turned = json.requireInt("qk_rope_head_dim");
        draft.dHead = Math.addExact(json.requireInt("qk_nope_head_dim"), turned);
        draft.dValue = OptionalInt.of(json.requireInt("v_head_dim"));
        // computed from the others
        json.withoutEffect("head_dim", "qk_head_dim");
        if (draft.nKvHeads != draft.nHeads) {
            throw new CheckpointException(
                    "%s: num_key_value_heads is %,d, but this attention has keys for each of its %,d heads (num_attention_heads); correct the file or download it again"
                            .formatted(json.file(), draft.nKvHeads, draft.nHeads));
        }
        return new LatentLayout(
                json.optionalInt("q_lora_rank"),
                json.requireInt("kv_lora_rank"),
                turned,
                json.boolOr("attention_bias", false));
    }

    Weights.Latent read(TensorReader tensors, String prefix, int dModel, AttentionShape shape) {
        int queries = shape.queryWidth();
        int down = Math.addExact(keyValueWidth, turned);
        int keysAndValues = shape.nHeads() * (shape.dHead() - turned + shape.dValue());
        return new Weights.Latent(
                queryDown(tensors, prefix, dModel),
                queryDownNorm(tensors, prefix),
                queryWidth.isPresent()
                        ? tensors.projection(
                                prefix + "q_b_proj", queries, queryWidth.getAsInt(), false)
                        : tensors.projection(prefix + "q_proj", queries, dModel, false),
                tensors.projection(prefix + "kv_a_proj_with_mqa", down, dModel, biased),
                NORM.read(tensors, prefix + "kv_a_layernorm", keyValueWidth),
                tensors.projection(prefix + "kv_b_proj", keysAndValues, keyValueWidth, false));
    }

    private @Nullable Projection queryDown(TensorReader tensors, String prefix, int dModel) {
        return queryWidth.isEmpty()
                ? null
                : tensors.projection(prefix + "q_a_proj", queryWidth.getAsInt(), dModel, biased);
    }

    private @Nullable NormWeights queryDownNorm(TensorReader tensors, String prefix) {
        return queryWidth.isEmpty()
                ? null
                : NORM.read(tensors, prefix + "q_a_layernorm", queryWidth.getAsInt());
    }
}
