package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.DecoderConfig;
import entropylens.model.Weights;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// A family is data: how to read its configuration, and where its tensors are.
interface Family {
    /// Short name, for display and for `--as`: Hugging Face's `model_type`.
    String name();

    /// The names under `architectures` in config.json that it reads.
    List<String> architectures();

    /// Models that people know it by.
    String knownFor();

    /// Reads every key that matters, and names the keys that do not. What is left over stops the
    /// load.
    Blueprint read(ConfigJson json);

    /// What transformers puts before the names of the stack (`base_model_prefix`), with its dot;
    /// see [TensorNames].
    default String prefix() {
        return "model.";
    }

    /// The names that W_U may have, without `.weight`; the first is the usual one.
    default List<String> unembeds() {
        return List.of("lm_head");
    }

    /// Whether a tensor may be left over: a mask or a table that was stored with the weights.
    default boolean harmless(String tensor) {
        return tensor.endsWith(".rotary_emb.inv_freq");
    }

    /// What multiplies the standard deviation of a matrix before it has learned anything; see
    /// [InitialWeights].
    default double initialScale(String tensor, DecoderConfig config) {
        return 1;
    }

    /// A model before its tensors are taken.
    ///
    /// @param weights takes every tensor that matters
    /// @param furtherBlocks how many blocks the file may have behind the last, which predict tokens
    ///   further ahead and are left out
    record Blueprint(
            DecoderConfig config, Function<TensorReader, Weights> weights, int furtherBlocks) {
        Blueprint(DecoderConfig config, Function<TensorReader, Weights> weights) {
            this(config, weights, 0);
        }

        /// Whether a tensor is of a block that is left out, with whatever prefix it has; see
        /// [TensorNames].
        boolean leavesOut(String tensor) {
            String name = tensor.replaceFirst("^(model\\.)*", "");
            return IntStream.range(0, furtherBlocks)
                    .mapToObj(further -> "layers." + (config.nLayers() + further) + ".")
                    .anyMatch(name::startsWith);
        }
    }
}
