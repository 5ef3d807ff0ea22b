package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Says the metadata of an architecture in the keys of a config.json, and remembers which of them
/// were looked at.
final class ConfigWriter {
    private final GgufMetadata metadata;
    private final String architecture;
    private final Map<String, GgufTensor> tensors;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final Set<String> read = new HashSet<>();
    private final Set<String> withoutEffect = new TreeSet<>();

    /// @param tensors by the names that they have in the file
    ConfigWriter(GgufMetadata metadata, String architecture, Map<String, GgufTensor> tensors) {
        this.metadata = metadata;
        this.architecture = architecture;
        this.tensors = tensors;
    }

    /// Where the keys go.
    ObjectNode json() {
        return json;
    }

    GgufMetadata metadata() {
        return metadata;
    }

    private String key(String key) {
        read.add(key);
        return architecture + "." + key;
    }

    OptionalInt integer(String key) {
        return metadata.integer(key(key));
    }

    int require(String key) {
        return metadata.requireInteger(key(key));
    }

    OptionalDouble number(String key) {
        return metadata.number(key(key));
    }

    String text(String key, String otherwise) {
        return metadata.text(key(key)).orElse(otherwise);
    }

    boolean flag(String key, boolean otherwise) {
        return metadata.flag(key(key), otherwise);
    }

    List<Boolean> flags(String key) {
        return metadata.flags(key(key));
    }

    /// How many blocks there are, each of which has tensors.
    int blocks() {
        int blocks = require("block_count");
        if (blocks < 1 || blocks > tensors.size()) {
            throw unsupported(
                    "block_count is %d, but there are %d tensors; the file is damaged, download it again"
                            .formatted(blocks, tensors.size()));
        }
        return blocks;
    }

    /// Which blocks attend, those with heads of keys.
    List<Boolean> attending() {
        int blocks = blocks();
        String key = key(UnreadMetadata.HEADS);
        if (!metadata.isList(key)) {
            return Collections.nCopies(blocks, metadata.integer(key).orElse(1) != 0);
        }
        int[] heads = metadata.integers(key);
        if (heads.length != blocks) {
            throw unsupported(
                    "%s names %d blocks, but there are %d; the file is damaged, download it again"
                            .formatted(UnreadMetadata.HEADS, heads.length, blocks));
        }
        return IntStream.of(heads).mapToObj(count -> count != 0).toList();
    }

    /// Writes an integer that must be there.
    ConfigWriter size(String from, String to) {
        json.put(to, require(from));
        return this;
    }

    /// Writes an integer if it is there.
    ConfigWriter sizeIfThere(String from, String to) {
        integer(from).ifPresent(size -> json.put(to, size));
        return this;
    }

    /// Writes a number if it is there.
    ConfigWriter numberIfThere(String from, String to) {
        number(from).ifPresent(number -> json.put(to, number));
        return this;
    }

    /// Writes which size the embedding has, and whether the unembedding is the same.
    ConfigWriter embeddings() {
        json.put("vocab_size", size("token_embd.weight", 1))
                .put("tie_word_embeddings", !has("output.weight"));
        return this;
    }

    /// Looks at keys that say nothing about a model in float32.
    ConfigWriter withoutEffect(String... keys) {
        withoutEffect.addAll(List.of(keys));
        return this;
    }

    /// All tensors, by the names that they have in the file.
    Map<String, GgufTensor> tensors() {
        return tensors;
    }

    /// Keys of the file, without the architecture's name, that change nothing.
    Set<String> withoutEffect() {
        Set<String> keys = new TreeSet<>(withoutEffect);
        keys.removeAll(read);
        keys.remove(UnreadMetadata.HEADS);
        keys.removeIf(key -> !metadata.has(architecture + "." + key));
        return keys;
    }

    boolean has(String tensor) {
        return tensors.containsKey(tensor);
    }

    /// A tensor of the file that says something about the configuration.
    GgufTensor tensor(String name) {
        GgufTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new CheckpointException(
                    "%s: has no tensor '%s', which every model has; the file is damaged, or no language model"
                            .formatted(metadata.file(), name));
        }
        return tensor;
    }

    /// A size of a tensor, counted from the innermost one, 0.
    int size(String tensor, int axis) {
        List<Long> sizes = tensor(tensor).shape().reversed();
        if (axis >= sizes.size() || sizes.get(axis) > Integer.MAX_VALUE) {
            throw unsupported(
                    "tensor '%s' has the shape %s, which is none of this architecture; the file is damaged, download it again"
                            .formatted(tensor, tensor(tensor).shape()));
        }
        return (int) (long) sizes.get(axis);
    }

    CheckpointException unsupported(String what) {
        return new CheckpointException("%s: %s".formatted(metadata.file(), what));
    }

    /// Writes the keys of the architecture that nobody looked at, under their own names: nobody
    /// will read them there either, and the load is refused with their names.
    void writeUnread() {
        for (String key : metadata.keys()) {
            boolean ofArchitecture = key.startsWith(architecture + ".");
            if (ofArchitecture && !isKnown(key.substring(architecture.length() + 1))) {
                metadata.value(key).ifPresent(value -> write(key, value));
            }
        }
    }

    private boolean isKnown(String key) {
        return read.contains(key) || withoutEffect.contains(key);
    }

    private void write(String key, GgufValue value) {
        switch (value) {
            case GgufValue.Whole(long number) -> json.put(key, number);
            case GgufValue.Real(double number) -> json.put(key, number);
            case GgufValue.Flag(boolean flag) -> json.put(key, flag);
            case GgufValue.Text(String text) -> json.put(key, text);
            case GgufValue.Array array -> json.put(key, GgufMetadata.shown(array));
        }
    }
}
