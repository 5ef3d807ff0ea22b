package entropylens.checkpoint;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// The files that an index lists: each is there, and index and files agree about every tensor.
final class Shards {

    private static final int MAX_INDEX = 100_000_000;

    private final WeightFormat format;
    private final Path directory;
    private final Path index;

    private Shards(WeightFormat format, Path directory) {
        this.format = format;
        this.directory = directory;
        this.index = directory.resolve(format.index());
    }

    /// The shards of this format in `directory`, in the order of their names.
    ///
    /// @throws CheckpointException when one is missing or damaged, or disagrees with the index
    static List<WeightFile> open(WeightFormat format, Path directory, Arena arena) {
        return new Shards(format, directory).open(arena);
    }

    private List<WeightFile> open(Arena arena) {
        SortedMap<String, String> shardOf = readIndex();
        var files = new TreeMap<String, WeightFile>();
        for (String shard : new TreeSet<>(shardOf.values())) {
            files.put(shard, format.open(directory.resolve(shard), arena));
        }
        files.forEach((shard, file) -> checkListed(shard, file, shardOf));
        shardOf.forEach((tensor, shard) -> {
            WeightFile file = files.get(shard);
            if (file == null || !file.names().contains(tensor)) {
                throw new CheckpointException(
                        "%s: tensor '%s' should be in %s, but is not there; index and shards are of different downloads, download both again"
                                .formatted(index, tensor, shard));
            }
        });
        return List.copyOf(files.values());
    }

    private void checkListed(String shard, WeightFile file, SortedMap<String, String> shardOf) {
        for (String tensor : file.names()) {
            String listed = shardOf.get(tensor);
            if (!shard.equals(listed)) {
                throw new CheckpointException(
                        "%s: tensor '%s' is in %s, but the index %s; index and shards are of different downloads, download both again"
                                .formatted(
                                        index,
                                        tensor,
                                        shard,
                                        listed == null
                                                ? "does not list it"
                                                : "says it is in " + listed));
            }
        }
    }

    /// Tensor name to shard name, as the index has it. Every shard is a plain name in the directory
    /// and is there.
    private SortedMap<String, String> readIndex() {
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
                        "%s: tensor '%s' is said to be in %s, which is not the plain name of a %s file in this directory; download the index again from a source you trust"
                                .formatted(
                                        index, entry.getKey(), entry.getValue(), format.suffix()));
            }
            shards.put(entry.getKey(), entry.getValue().asString());
        }
        requireAll(shards);
        return shards;
    }

    /// A symbolic link under a plain name is fine: the Hugging Face cache is made of them.
    private boolean isPlainName(String name) {
        if (!name.endsWith(format.suffix()) || name.contains("/") || name.contains("\\")) {
            return false;
        }
        try {
            Path path = Path.of(name);
            return !path.isAbsolute() && path.getNameCount() == 1 && path.getRoot() == null;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private void requireAll(SortedMap<String, String> shards) {
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
}
