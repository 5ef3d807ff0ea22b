package entropylens.checkpoint;

import java.math.BigInteger;
import java.util.Set;

/// What the sizes in a configuration are held against before anything is allocated or counted by
/// them: a file may say any number.
///
/// @param largest that a size may be
/// @param blocks that there may be
/// @param why no size is larger, in words
/// @param whyBlocks there are no more blocks
record SizeBounds(long largest, long blocks, String why, String whyBlocks) {
    /// Where the weights cannot be opened: larger than in any model.
    static final SizeBounds OF_ANY_MODEL =
            new SizeBounds(
                    1L << 24,
                    10_000,
                    "no model has a size above %,d".formatted(1L << 24),
                    "no model has more than %,d".formatted(10_000));

    /// A size that is too large by less does no harm, and whoever looks for its tensor can say
    /// more.
    private static final long NEAR = 16;

    /// How many blocks there are.
    private static final Set<String> BLOCKS =
            Set.of("num_hidden_layers", "n_layer", "n_layers", "num_layers");

    /// Lengths of texts and the like: no tensor need be as long, and nothing is allocated by them.
    private static final Set<String> LENGTHS =
            Set.of(
                    "attention_chunk_size",
                    "attention_window",
                    "floor_scale",
                    "local_attention_window",
                    "max_position_embeddings",
                    "max_seq_len",
                    "max_window_layers",
                    "n_ctx",
                    "n_positions",
                    "original_max_position_embeddings",
                    "seq_length",
                    "sliding_window",
                    "sliding_window_pattern",
                    "_sliding_window_pattern",
                    "window_size");

    /// How many blocks come before something begins: there may be none.
    private static final Set<String> MAY_BE_ZERO =
            Set.of(
                    "attn_layer_offset",
                    "expert_layer_offset",
                    "first_k_dense_replace",
                    "max_window_layers",
                    "moe_num_shared_experts",
                    "num_dense_layers",
                    "num_mtp_layers",
                    "num_nextn_predict_layers");

    /// @param largestDimension of any tensor
    /// @param tensors how many there are
    static SizeBounds ofTensors(long largestDimension, int tensors) {
        return new SizeBounds(
                NEAR * largestDimension,
                tensors,
                "no tensor of the weights has a dimension above %,d".formatted(largestDimension),
                "the weights hold only %,d tensors".formatted(tensors));
    }

    /// Why a number cannot be the size at `key`; empty if it can.
    String against(String key, BigInteger value) {
        int smallest = MAY_BE_ZERO.contains(key) ? 0 : 1;
        if (isAbove(smallest - 1L, value)) {
            return LENGTHS.contains(key)
                    ? isAbove(Integer.MAX_VALUE, value)
                            ? "no length above %,d is read".formatted(Integer.MAX_VALUE)
                            : ""
                    : ofTensor(key, value);
        }
        return "must be at least " + smallest;
    }

    /// Why a number cannot be a dimension of a tensor, or how many blocks there are.
    String ofTensor(String key, BigInteger value) {
        boolean counts = BLOCKS.contains(key);
        long most = Math.min(counts ? blocks : largest, Integer.MAX_VALUE);
        return isAbove(most, value) ? counts ? whyBlocks : why : "";
    }

    private static boolean isAbove(long bound, BigInteger value) {
        return value.compareTo(BigInteger.valueOf(bound)) > 0;
    }
}
