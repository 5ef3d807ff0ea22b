package entropylens.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Finds the weight files of a directory: `model.safetensors`, or else the shards that
/// `model.safetensors.index.json` names.
final class WeightFiles {

    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private static final int MAX_INDEX = 100_000_000;

    private WeightFiles() {}

    static void requireDirectory(Path directory) {
        if (Files.isDirectory(directory)) {
            return;
        }
        throw new CheckpointException(
                Files.exists(directory)
                        ? "%s: is not a directory; give the directory that holds config.json and the weights"
                                .formatted(directory)
                        : "%s: there is no such directory; give the directory that holds config.json and the weights"
                                .formatted(directory));
    }

    /// Tensor name to shard name, as the index has it. Every shard is a plain name in `directory`
    /// and is there.
    static SortedMap<String, String> readIndex(Path directory) {
        Path index = directory.resolve(INDEX);
        ObjectNode root = StrictJson.object(index, StrictJson.bytes(index, MAX_INDEX));
        if (!(root.get("weight_map") instanceof ObjectNode map) || map.isEmpty()) {
            throw new CheckpointException(
                    "%s: must hold a 'weight_map' object with the file of every tensor; download it again"
                            .formatted(index));
        }
        var shards = new TreeMap<String, String>();
        for (var entry : map.properties()) {
            if (!entry.getValue().isString() || !isPlainName(entry.getValue().asString())) {
                throw new CheckpointException(
                        "%s: tensor '%s' is said to be in %s, which is not the plain name of a .safetensors file in this directory; download the index again from a source you trust"
                                .formatted(index, entry.getKey(), entry.getValue()));
            }
            shards.put(entry.getKey(), entry.getValue().asString());
        }
        requireAll(directory, index, shards);
        return shards;
    }

    /// A symbolic link under a plain name is fine: the Hugging Face cache is made of them.
    private static boolean isPlainName(String name) {
        if (!name.endsWith(".safetensors") || name.contains("/") || name.contains("\\")) {
            return false;
        }
        try {
            Path path = Path.of(name);
            return !path.isAbsolute() && path.getNameCount() == 1 && path.getRoot() == null;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static void requireAll(Path directory, Path index, Map<String, String> shards) {
        var missing = new TreeSet<String>();
        for (String shard : new TreeSet<>(shards.values())) {
            if (!Files.isRegularFile(directory.resolve(shard))) {
                missing.add(shard);
            }
        }
        if (!missing.isEmpty()) {
            throw new CheckpointException(
                    "%s: names %d shards that are not in the directory: %s; finish the download"
                            .formatted(index, missing.size(), String.join(", ", missing)));
        }
    }

    /// Why there is nothing to open, by what is there instead.
    static CheckpointException noWeights(Path directory) {
        var safetensors = new ArrayList<String>();
        var others = new ArrayList<String>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .sorted()
                    .forEach(name -> {
                        if (name.endsWith(".safetensors")) {
                            safetensors.add(name);
                        } else if (name.matches(".*\\.(bin|gguf|pt|pth|ckpt|h5|msgpack)")) {
                            others.add(name);
                        }
                    });
        } catch (IOException e) {
            return new CheckpointException("%s: cannot be read (%s)".formatted(directory, e), e);
        }
        return new CheckpointException(
                "%s: holds neither %s nor %s%s"
                        .formatted(
                                directory, SINGLE, INDEX, advice(directory, safetensors, others)));
    }

    private static String advice(Path directory, List<String> safetensors, List<String> others) {
        if (!safetensors.isEmpty()) {
            return ", but %s; download the index too, or, if one of them is the whole model, rename it to %s"
                    .formatted(first(safetensors), SINGLE);
        }
        if (others.stream().anyMatch(name -> name.endsWith(".gguf"))) {
            return ", but %s; GGUF is not read: download the original safetensors checkpoint, from which it was made"
                    .formatted(first(others));
        }
        if (!others.isEmpty()) {
            return (", but %s; only safetensors are read. Convert with Python:"
                            + " from transformers import AutoModelForCausalLM;"
                            + " AutoModelForCausalLM.from_pretrained('%s').save_pretrained('%s-safetensors')")
                    .formatted(first(others), directory, directory);
        }
        return "; is this a Hugging Face checkpoint directory, and is its download complete?";
    }

    private static String first(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(3, names.size())));
        return names.size() <= 3 ? shown : shown + " and %d more".formatted(names.size() - 3);
    }
}
