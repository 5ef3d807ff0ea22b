package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What can be said of a model in GGUF whether or not its architecture is read.
///
/// @param architecture under the name that llama.cpp gives it
/// @param files the model's parts, in order
/// @param sizes those that metadata name, under the names of a survey
/// @param types bytes of the tensors of each type of ggml, the largest first
/// @param unread keys that change no number of the model, and why; those of the architecture only
///   where it is read
/// @param refusal why the architecture is not read, where it is not
public record GgufSummary(
        String architecture,
        List<Path> files,
        Map<String, Integer> sizes,
        SequencedMap<String, Long> types,
        SortedMap<String, String> unread,
        Optional<String> refusal) {

    private static final Map<String, String> SIZES = keys();

    private static Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("n_layers", "block_count");
        keys.put("d_model", "embedding_length");
        keys.put("n_heads", "attention.head_count");
        keys.put("n_kv_heads", "attention.head_count_kv");
        keys.put("d_head", "attention.key_length");
        keys.put("d_mlp", "feed_forward_length");
        keys.put("n_ctx", "context_length");
        return keys;
    }

    /// Looks at a model's metadata and tensors, not at its weights.
    ///
    /// @param file the model, or the first of its parts
    /// @throws CheckpointException when it is damaged, or lacks a part
    public static GgufSummary of(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            List<GgufFile> files = GgufFiles.open(file, arena);
            GgufMetadata metadata = files.getFirst().metadata();
            String architecture = metadata.requireText("general.architecture");
            SortedMap<String, String> unread = UnreadMetadata.groups(metadata.keys(), architecture);
            Optional<String> refusal = Optional.empty();
            try {
                unread.putAll(new GgufModel(files).withoutEffect());
            } catch (CheckpointException e) {
                refusal = Optional.of(String.valueOf(e.getMessage()));
            }
            return new GgufSummary(
                    architecture,
                    files.stream().map(GgufFile::path).toList(),
                    sizes(metadata, architecture),
                    types(files),
                    unread,
                    refusal);
        }
    }

    /// Of its tensors, without what stands before them.
    public long bytes() {
        return types.values().stream().mapToLong(Long::longValue).sum();
    }

    /// The type that takes most of the bytes, and the next, where it takes a tenth or more: `Q4_K
    /// and Q6_K`.
    public String quantisation() {
        return types.entrySet().stream()
                .limit(2)
                .filter(type -> 10 * type.getValue() >= bytes())
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(" and "));
    }

    static SequencedMap<String, Long> types(List<GgufFile> files) {
        Map<String, Long> bytes = new TreeMap<>();
        for (GgufFile file : files) {
            for (GgufTensor tensor : file.tensors()) {
                bytes.merge(tensor.type().name(), tensor.bytes(), Long::sum);
            }
        }
        SequencedMap<String, Long> sorted = new LinkedHashMap<>();
        bytes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .forEach(type -> sorted.put(type.getKey(), type.getValue()));
        return sorted;
    }

    private static Map<String, Integer> sizes(GgufMetadata metadata, String architecture) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        SIZES.forEach((name, key) -> {
            if (metadata.value(architecture + "." + key).orElse(null)
                            instanceof GgufValue.Whole(long size)
                    && size == (int) size) {
                sizes.put(name, (int) size);
            }
        });
        return sizes;
    }
}
