package entropylens.checkpoint;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
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
import java.util.stream.Stream;

/// The weights of a model: every tensor of one file of safetensors or torch, or of the shards of an
/// index, mapped and not copied. It remembers which tensors were taken, so that a family which
/// overlooks one (a bias, a second norm) is found out by [#refuseLeftOver].
///
/// Any number of threads may use it, as long as the arena allows it: open it in a shared arena.
public final class Checkpoint {

    private final Path directory;
    private final List<WeightFile> files;
    private final MappedFiles mapped;
    private final Arena arena;
    private final SortedMap<String, Tensor> tensors = new TreeMap<>();
    private final Map<String, DerivedTensor> derived = new TreeMap<>();
    private final Map<String, Tensor> copies = new ConcurrentHashMap<>();
    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    private Checkpoint(Path directory, List<WeightFile> files, Arena arena) {
        this.directory = directory;
        this.files = List.copyOf(files);
        this.mapped = MappedFiles.of(files.stream().map(WeightFile::path).toList());
        this.arena = arena;
        for (WeightFile file : files) {
            tensors.putAll(file.tensors());
            derived.putAll(file.derived());
        }
        if (tensors.isEmpty() && derived.isEmpty()) {
            throw new CheckpointException(
                    "%s: its weight files hold no tensors; download it again".formatted(directory));
        }
    }

    /// Maps the weights in `directory` into `arena`, which the caller owns: `model.safetensors`, or
    /// else the shards that `model.safetensors.index.json` lists; where there are neither,
    /// `pytorch_model.bin`, or else the shards of its index.
    ///
    /// @throws CheckpointException when a file is missing or damaged, index and shards disagree, or
    ///   the weights are quantised by a method that is not read, or that config.json does not name
    public static Checkpoint open(Path directory, Arena arena) {
        List<WeightFile> files = WeightFiles.open(directory, arena);
        Quantised.refuse(directory, files);
        return new Checkpoint(directory, files, arena);
    }

    /// Maps one file of weights into `arena`, which the caller owns: safetensors, or what
    /// `torch.save` wrote where its name ends in `.bin` or `.pt`.
    ///
    /// @throws CheckpointException when it is missing or damaged
    public static Checkpoint ofFile(Path file, Arena arena) {
        boolean torch = file.toString().endsWith(".bin") || file.toString().endsWith(".pt");
        WeightFormat format = torch ? WeightFormat.TORCH : WeightFormat.SAFETENSORS;
        return of(format.open(file, arena), arena);
    }

    static Checkpoint of(WeightFile file, Arena arena) {
        Path directory = file.path().toAbsolutePath().getParent();
        return new Checkpoint(directory == null ? file.path() : directory, List.of(file), arena);
    }

    /// What a file of safetensors says of itself (`__metadata__`), by name.
    ///
    /// @throws CheckpointException when it is missing or damaged
    public static SortedMap<String, String> metadata(Path safetensors) {
        return SafetensorsFile.metadata(safetensors);
    }

    /// SHA-256 of one file.
    ///
    /// @throws CheckpointException when it cannot be read
    public static String sha256(Path file) {
        return ContentIdentity.ofFile(file);
    }

    /// The weights of files that another room read.
    ///
    /// @param where they lie, for messages: a directory or a file
    /// @param arena that they are mapped into, for what must be written out
    /// @throws CheckpointException when they hold no tensors
    public static Checkpoint of(Path where, List<ForeignFile> files, Arena arena) {
        return new Checkpoint(where, List.copyOf(files), arena);
    }

    /// Whether there are weights in a directory, in a format that [#open] reads.
    public static boolean isIn(Path directory) {
        return WeightFiles.areIn(directory);
    }

    /// The tensor `name` as its file holds it, where that is another form than the engine computes
    /// with; as strict as [#require], and it counts as taken. It is not written out.
    ///
    /// @throws CheckpointException when it is there, but other than expected
    public Optional<DerivedTensor> derived(String name, long... shape) {
        DerivedTensor view = derived.get(name);
        if (view != null) {
            check(name, view.dtype(), view.shape(), view.file(), shape);
            taken.add(name);
        }
        return Optional.ofNullable(view);
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
        Optional<DerivedTensor> view = derived(name, shape);
        if (view.isPresent()) {
            return Optional.of(copies.computeIfAbsent(name, n -> view.get().copied(arena)));
        }
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            return Optional.empty();
        }
        check(name, tensor.dtype(), tensor.shape(), tensor.file(), shape);
        taken.add(name);
        return Optional.of(tensor);
    }

    /// The tensor `name` as it is stored, if there is one, of whatever type and shape: codes of a
    /// quantised matrix, say. It counts as taken.
    ///
    /// @throws CheckpointException when its elements do not lie one after the other
    public Optional<Tensor> stored(String name) {
        if (derived.get(name) instanceof StridedTensor strided) {
            throw new CheckpointException(
                    "%s: tensor '%s' of shape %s is a view with strides %s, and codes are read only one after the other; %s"
                            .formatted(
                                    strided.file(),
                                    name,
                                    strided.shape(),
                                    strided.strides(),
                                    TorchFile.advice(strided.file())));
        }
        Tensor tensor = tensors.get(name);
        if (tensor != null) {
            taken.add(name);
        }
        return Optional.ofNullable(tensor);
    }

    /// The shape of the tensor `name`, if there is one; it does not count as taken.
    public Optional<List<Long>> shape(String name) {
        return tensors.containsKey(name)
                ? Optional.of(tensors.get(name).shape())
                : Optional.ofNullable(derived.get(name)).map(DerivedTensor::shape);
    }

    private static void check(
            String name, DType dtype, List<Long> shape, Path file, long... expected) {
        if (!shape.equals(Arrays.stream(expected).boxed().toList())) {
            throw new CheckpointException(
                    "%s: tensor '%s' has the shape %s, but config.json calls for %s; are both of the same model?"
                            .formatted(file, name, shape, Arrays.toString(expected)));
        }
        if (!dtype.isComputable()) {
            throw new CheckpointException(
                    "%s: tensor '%s' is %s, but this program computes with %s; use the unquantised checkpoint, or convert it to BF16"
                            .formatted(file, name, dtype, DType.computable()));
        }
    }

    private CheckpointException missing(String name, long... shape) {
        var near = NearNames.of(name, names());
        return new CheckpointException(
                "%s: the weights hold no tensor '%s' (of shape %s)%s; is this the architecture that config.json names?"
                        .formatted(
                                directory,
                                name,
                                Arrays.toString(shape),
                                near.isEmpty() ? "" : ", but " + quoted(near)));
    }

    /// What sizes of a configuration may be, by these tensors. A view that repeats its elements may
    /// claim any shape, and is not read.
    SizeBounds sizeBounds() {
        long largest =
                Stream.concat(
                                tensors.values().stream().map(Tensor::shape),
                                derived.values().stream()
                                        .filter(view -> !view.repeats())
                                        .map(DerivedTensor::shape))
                        .filter(shape -> !shape.contains(0L))
                        .flatMap(List::stream)
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(1);
        return SizeBounds.ofTensors(largest, tensors.size() + derived.size());
    }

    /// Whether there is a tensor of this name; it does not count as taken.
    public boolean has(String name) {
        return tensors.containsKey(name) || derived.containsKey(name);
    }

    /// The element type of a tensor, if there is one of this name; it does not count as taken.
    public Optional<DType> type(String name) {
        DerivedTensor view = derived.get(name);
        return view != null
                ? Optional.of(view.dtype())
                : Optional.ofNullable(tensors.get(name)).map(Tensor::dtype);
    }

    /// How many elements a tensor has; 0 if there is none of this name. It does not count as taken.
    public long elements(String name) {
        DerivedTensor view = derived.get(name);
        Tensor tensor = tensors.get(name);
        return view != null ? view.elements() : tensor != null ? tensor.elements() : 0;
    }

    /// The names of all tensors, sorted.
    public Set<String> names() {
        var names = new TreeSet<>(tensors.keySet());
        names.addAll(derived.keySet());
        return Collections.unmodifiableSet(names);
    }

    /// Stops the load when a tensor was neither taken nor is `harmless` (a stored mask, say): a
    /// model without one of its weights is another model. A second name of what was taken is no
    /// second tensor: torch stores tied weights under both.
    ///
    /// @throws CheckpointException when such tensors are left
    public void refuseLeftOver(Predicate<String> harmless) {
        var left = new ArrayList<String>();
        var all = names();
        for (String name : all) {
            if (!taken.contains(name) && !harmless.test(name) && !isTied(name)) {
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
                                    all.size(),
                                    quoted(first),
                                    first.size() < left.size() ? ", ..." : ""));
        }
    }

    /// Whether a tensor that was taken has the very same bytes, type and shape.
    private boolean isTied(String name) {
        Tensor tensor = tensors.get(name);
        return tensor != null
                && taken.stream()
                        .map(tensors::get)
                        .anyMatch(other ->
                                other != null
                                        && place(other).equals(place(tensor))
                                        && other.dtype() == tensor.dtype()
                                        && other.shape().equals(tensor.shape()));
    }

    /// Tensors that are tied have one place.
    private static List<Long> place(Tensor tensor) {
        return List.of(tensor.data().address(), tensor.data().byteSize());
    }

    /// SHA-256 of the headers of all weight files, in the order of the files' names: names, types,
    /// shapes and places of all tensors (of a torch file: its `data.pkl`). It costs nothing, and
    /// tells architectures and layouts apart, not two trainings of the same one.
    public String sha256() {
        var digest = StrictJson.sha256();
        files.forEach(file -> digest.update(file.header().asByteBuffer()));
        return HexFormat.of().formatHex(digest.digest());
    }

    /// SHA-256 over the content of all weight files: two trainings of one architecture differ in
    /// it. Reads every byte, except of files in the Hugging Face cache, whose names say it.
    ///
    /// @throws CheckpointException when a file cannot be read
    public String contentSha256() {
        return ContentIdentity.sha256(files.stream().map(WeightFile::path).toList());
    }

    /// The size of all tensors together, tied ones counted once.
    public long bytes() {
        var places = new HashSet<List<Long>>();
        long bytes = derived.values().stream().mapToLong(DerivedTensor::storedBytes).sum();
        for (Tensor tensor : tensors.values()) {
            bytes += places.add(place(tensor)) ? tensor.data().byteSize() : 0;
        }
        return bytes;
    }

    /// The element type of most weights that can be computed with as they are, for display.
    public DType dtype() {
        var counts = new EnumMap<DType, Long>(DType.class);
        tensors.values().forEach(t -> counts.merge(t.dtype(), t.elements(), Long::sum));
        derived.values().forEach(t -> counts.merge(t.dtype(), t.elements(), Long::sum));
        if (counts.keySet().stream().anyMatch(DType::isComputable)) {
            counts.keySet().removeIf(type -> !type.isComputable());
        }
        return Collections.max(counts.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    /// Where the checkpoint lies, as it was given.
    public Path directory() {
        return directory;
    }

    /// The files, as they must stay.
    public MappedFiles mapped() {
        return mapped;
    }

    /// The mapped files, for tests that must see every tensor.
    List<WeightFile> files() {
        return files;
    }

    private static String quoted(List<String> names) {
        return "'" + String.join("', '", names) + "'";
    }
}
