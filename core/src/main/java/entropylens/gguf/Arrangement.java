package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// What llama.cpp changes in the tensors of an architecture, beside their names.
enum Arrangement {
    /// Nothing.
    NONE,
    /// Rows of queries and keys lie in pairs.
    PAIRED,
    /// Norms multiply by the weight itself, not by 1 more.
    ONE_MORE,
    /// The same, but for those of delta nets.
    ONE_MORE_BUT_DELTA,
    /// Matrices that Hugging Face has input by output are output by input, like all others.
    TRANSPOSED,
    /// Queries, keys and values lie apart, not head by head.
    APART,
    /// Queries, keys and values may be one tensor.
    FUSED,
    /// Norms of all heads are one tensor.
    STACKED_NORMS;

    /// The places of a tensor.
    ///
    /// @param name among those of Hugging Face, where nothing is changed
    List<Place> places(String name, GgufTensor tensor, Heads heads, Path file) {
        Place plain = Place.named(name);
        return switch (this) {
            case NONE -> plain.alone();
            case PAIRED -> paired(plain, tensor, heads, file);
            case ONE_MORE ->
                    name.endsWith("norm.weight") ? plain.adding(-1).alone() : plain.alone();
            case ONE_MORE_BUT_DELTA ->
                    name.endsWith("linear_attn.norm.weight")
                            ? plain.alone()
                            : ONE_MORE.places(name, tensor, heads, file);
            case TRANSPOSED ->
                    name.matches(".*\\.c_\\w+\\.weight")
                            ? plain.asTransposed().alone()
                            : plain.alone();
            case APART -> apart(plain, tensor, heads, file);
            case FUSED -> fused(plain, tensor, heads, file);
            case STACKED_NORMS -> stackedNorms(plain, tensor, heads, file);
        };
    }

    private static List<Place> paired(Place plain, GgufTensor tensor, Heads heads, Path file) {
        boolean queries = tensor.name().contains(".attn_q.");
        if (!queries && !tensor.name().contains(".attn_k.")) {
            return plain.alone();
        }
        int count = queries ? heads.queries() : heads.keys();
        requireRows(tensor, (long) count * heads.width(), file);
        if (heads.width() % 2 != 0) {
            throw wrong(
                    tensor, "heads of %d elements cannot be turned".formatted(heads.width()), file);
        }
        return plain.withRows(heads.halves(count)).alone();
    }

    private static List<Place> apart(Place plain, GgufTensor tensor, Heads heads, Path file) {
        if (!plain.name().contains(".query_key_value.")) {
            return plain.alone();
        }
        requireRows(tensor, heads.allRows(), file);
        return plain.withRows(heads.groups()).alone();
    }

    private static List<Place> fused(Place plain, GgufTensor tensor, Heads heads, Path file) {
        if (!plain.name().contains(".qkv_proj.")) {
            return plain.alone();
        }
        requireRows(tensor, heads.allRows(), file);
        String[] parts = {".q_proj.", ".k_proj.", ".v_proj."};
        return IntStream.range(0, parts.length)
                .mapToObj(part ->
                        Place.named(plain.name().replace(".qkv_proj.", parts[part]))
                                .withRows(heads.part(part)))
                .toList();
    }

    private static List<Place> stackedNorms(
            Place plain, GgufTensor tensor, Heads heads, Path file) {
        if (!plain.name().contains("_layernorm.norms.")) {
            return plain.alone();
        }
        int count = plain.name().contains(".q_layernorm.") ? heads.queries() : heads.keys();
        if (tensor.shape().size() != 2) {
            throw wrong(tensor, "a matrix with a row for each head was expected", file);
        }
        requireRows(tensor, count, file);
        return IntStream.range(0, count)
                .mapToObj(head ->
                        Place.named(plain.name().replace(".norms.", ".norms." + head + "."))
                                .withRows(head))
                .toList();
    }

    private static void requireRows(GgufTensor tensor, long expected, Path file) {
        if (tensor.shape().getFirst() != expected) {
            throw wrong(tensor, "%,d rows were expected of its heads".formatted(expected), file);
        }
    }

    private static CheckpointException wrong(GgufTensor tensor, String expected, Path file) {
        return new CheckpointException(
                "%s: tensor '%s' has the shape %s, but %s; the file is damaged, download it again"
                        .formatted(file, tensor.name(), tensor.shape(), expected));
    }
}
