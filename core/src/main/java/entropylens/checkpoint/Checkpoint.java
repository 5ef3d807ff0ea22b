package entropylens.checkpoint;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// The weights of a model: every tensor of one safetensors file, or of the shards of an index,
/// mapped and not copied. It remembers which tensors were taken, so that a family which overlooks
/// one (a bias, a second norm) is found out by [#refuseLeftOver].
///
/// Any number of threads may use it, as long as the arena allows it: open it in a shared arena.
public final class Checkpoint {

    private final Path directory;
    private final List<SafetensorsFile> files;
    private final SortedMap<String, Tensor> tensors = new TreeMap<>();
    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    private Checkpoint(Path directory, List<SafetensorsFile> files) {
        this.directory = directory;
        this.files = List.copyOf(files);
        files.forEach(file -> tensors.putAll(file.tensors()));
        if (tensors.isEmpty()) {
            throw new CheckpointException(
                    "%s: its weight files hold no tensors; download it again".formatted(directory));
        }
    }

    /// Maps the weights in `directory` into `arena`, which the caller owns: `model.safetensors`, or
    /// else the shards that `model.safetensors.index.json` lists.
    ///
    /// @throws CheckpointException when a file is missing or damaged, or index and shards disagree
    public static Checkpoint open(Path directory, Arena arena) {
        WeightFiles.requireDirectory(directory);
        Path single = directory.resolve(WeightFiles.SINGLE);
        if (Files.exists(single)) {
            return new Checkpoint(directory, List.of(SafetensorsFile.open(single, arena)));
        }
        if (Files.exists(directory.resolve(WeightFiles.INDEX))) {
            return new Checkpoint(directory, openShards(directory, arena));
        }
        throw WeightFiles.noWeights(directory);
    }

    private static List<SafetensorsFile> openShards(Path directory, Arena arena) {
        Path index = directory.resolve(WeightFiles.INDEX);
        var shardOf = WeightFiles.readIndex(directory);
        var files = new TreeMap<String, SafetensorsFile>();
        for (String shard : new TreeSet<>(shardOf.values())) {
            files.put(shard, SafetensorsFile.open(directory.resolve(shard), arena));
        }
        files.forEach((shard, file) -> checkListed(index, shard, file, shardOf));
        shardOf.forEach((tensor, shard) -> {
            SafetensorsFile file = files.get(shard);
            if (file == null || !file.tensors().containsKey(tensor)) {
                throw new CheckpointException(
                        "%s: tensor '%s' should be in %s, but is not there; index and shards are of different downloads, download both again"
                                .formatted(index, tensor, shard));
            }
        });
        return List.copyOf(files.values());
    }

    private static void checkListed(
            Path index, String shard, SafetensorsFile file, Map<String, String> shardOf) {
        for (String tensor : file.tensors().keySet()) {
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

    /// The tensor `name`, which must be there with this shape and a type that can be computed with.
    /// No sizes at all mean a scalar. The tensor counts as taken.
    ///
    /// @throws CheckpointException when it is missing or other than expected
    public Tensor require(String name, long... shape) {
        return find(name, shape).orElseThrow(() -> missing(name, shape));
    }

    /// The tensor `name` if there is one; if so, as strict as [#require].
    ///
    /// @throws CheckpointException when it is there, but other than expected
    public Optional<Tensor> find(String name, long... shape) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            return Optional.empty();
        }
        if (!tensor.shape().equals(Arrays.stream(shape).boxed().toList())) {
            throw new CheckpointException(
                    "%s: tensor '%s' has the shape %s, but config.json calls for %s; are both of the same model?"
                            .formatted(
                                    tensor.file(), name, tensor.shape(), Arrays.toString(shape)));
        }
        if (!tensor.dtype().isComputable()) {
            throw new CheckpointException(
                    "%s: tensor '%s' is %s, but this program computes with %s; use the unquantised checkpoint, or convert it to BF16"
                            .formatted(tensor.file(), name, tensor.dtype(), DType.computable()));
        }
        taken.add(name);
        return Optional.of(tensor);
    }

    private CheckpointException missing(String name, long... shape) {
        var near = NearNames.of(name, tensors.keySet());
        return new CheckpointException(
                "%s: the weights hold no tensor '%s' (of shape %s)%s; is this the architecture that config.json names?"
                        .formatted(
                                directory,
                                name,
                                Arrays.toString(shape),
                                near.isEmpty() ? "" : ", but " + quoted(near)));
    }

    /// Whether there is a tensor of this name; it does not count as taken.
    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /// The names of all tensors, sorted.
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    /// Stops the load when a tensor was neither taken nor is `harmless` (a stored mask, say): a
    /// model without one of its weights is another model.
    ///
    /// @throws CheckpointException when such tensors are left
    public void refuseLeftOver(Predicate<String> harmless) {
        var left = new ArrayList<String>();
        for (String name : tensors.keySet()) {
            if (!taken.contains(name) && !harmless.test(name)) {
                left.add(name);
            }
        }
        if (!left.isEmpty()) {
            var first = left.subList(0, Math.min(5, left.size()));
            throw new CheckpointException(
                    "%s: %d of %d tensors have no place in this architecture, and without them the numbers would be wrong: %s%s; this variant of the model is not supported"
                            .formatted(
                                    directory,
                                    left.size(),
                                    tensors.size(),
                                    quoted(first),
                                    first.size() < left.size() ? ", ..." : ""));
        }
    }

    /// SHA-256 of the headers of all weight files, in the order of the files' names: names, types,
    /// shapes and places of all tensors. It costs nothing, and tells architectures and layouts
    /// apart, not two trainings of the same one.
    public String sha256() {
        var digest = StrictJson.sha256();
        files.forEach(file -> digest.update(file.header().asByteBuffer()));
        return HexFormat.of().formatHex(digest.digest());
    }

    /// The size of all tensors together.
    public long bytes() {
        return tensors.values().stream().mapToLong(tensor -> tensor.data().byteSize()).sum();
    }

    /// The element type of most weights, for display.
    public DType dtype() {
        var counts = new EnumMap<DType, Long>(DType.class);
        tensors.values().forEach(t -> counts.merge(t.dtype(), t.elements(), Long::sum));
        return Collections.max(counts.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    /// Where the checkpoint lies, as it was given.
    public Path directory() {
        return directory;
    }

    /// The mapped files, for tests that must see every tensor.
    List<SafetensorsFile> files() {
        return files;
    }

    private static String quoted(List<String> names) {
        return "'" + String.join("', '", names) + "'";
    }
}
