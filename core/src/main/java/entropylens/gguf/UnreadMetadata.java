package entropylens.gguf;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Metadata that change no number of a model, and why.
final class UnreadMetadata {
    /// What llama.cpp keeps beside the architecture, by how the keys begin.
    private static final Map<String, String> GROUPS =
            Map.of(
                    "general", "describes the file",
                    "quantize", "says how the weights were quantised",
                    "split", "says which part of the model a file is",
                    "tokenizer", "is of the vocabulary");

    /// Groups that hold what an architecture is, beside that of its name.
    private static final Map<String, String> READ_TOO =
            Map.of(LearnedSlopes.GROUP, Architecture.APERTUS.key());

    /// Keys of an architecture that is read, without its name.
    private static final Map<String, String> KEYS =
            Map.of(
                    "vocab_size", "the embedding has this size",
                    "tensor_data_layout", "the architecture says how rows are ordered",
                    "expert_used_count", "there are no experts",
                    "use_parallel_residual", "the norms that are there say it",
                    "rope.dimension_sections", "a token of text has one position for all of them",
                    "rope.scaling.finetuned", "says how the model was trained",
                    "rope.scaling.factor", "is part of what else the file says of scaling",
                    "rope.scaling.original_context_length",
                            "is part of what else the file says of scaling");

    /// Looked at where heads are counted.
    static final String HEADS = "attention.head_count_kv";

    private UnreadMetadata() {}

    /// Why a key of an architecture changes nothing.
    static String why(String key) {
        return KEYS.getOrDefault(key, "llama.cpp computes nothing from it in float32");
    }

    /// Groups of keys that are not of an architecture, as `general.*`, and why they change nothing.
    static SortedMap<String, String> groups(Iterable<String> keys, String architecture) {
        SortedMap<String, String> groups = new TreeMap<>();
        for (String key : keys) {
            int dot = key.indexOf('.');
            String group = dot < 0 ? key : key.substring(0, dot);
            boolean read =
                    group.equals(architecture)
                            || group.equals("tokenizer")
                            || architecture.equals(READ_TOO.get(group));
            if (!read) {
                groups.put(
                        dot < 0 ? key : group + ".*",
                        GROUPS.getOrDefault(group, "is not of this architecture"));
            }
        }
        return groups;
    }
}
