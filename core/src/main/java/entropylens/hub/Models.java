package entropylens.hub;

import entropylens.checkpoint.Remedy;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where a name becomes the directory of a model.
public final class Models {
    private static final int SHOWN = 5;

    private static final String ADAPTER = "adapter_config.json";

    private Models() {}

    /// The directory of the adapter that `name` means: an existing directory, or else an adapter of
    /// the hub that is in the cache.
    ///
    /// @throws HubException when it is neither
    public static Path findAdapter(String name, HubSettings settings) {
        Optional<Path> path = path(name, settings);
        if (path.isPresent()) {
            return path.get();
        }
        HubCache cache = new HubCache(settings.cache());
        try {
            ModelId id = ModelId.parse(name);
            Optional<Path> snapshot = cache.commit(id).map(commit -> cache.snapshot(id, commit));
            if (snapshot.isPresent() && Files.isRegularFile(snapshot.get().resolve(ADAPTER))) {
                return snapshot.get();
            }
        } catch (HubException e) {
            // what is no id is no directory either: said below
        }
        throw new HubException(
                "%s: there is no such directory, and the Hugging Face cache, %s, does not hold an adapter of this name; download it with Hugging Face's own tool (hf download %s), or give the directory that holds its %s"
                        .formatted(name, cache.root(), name, ADAPTER));
    }

    /// The directory or the GGUF file of the model that `name` means: an existing path; a model of
    /// another program (see [LocalApps]); or else a model of the hub that is in the cache, of one
    /// with several GGUF files with a quantisation (`org/name:Q4_K_M`). What begins with `/`, `.`
    /// or `~` is always a path.
    ///
    /// @throws HubException when it is neither, or not all of it is in the cache
    public static Path find(String name, HubSettings settings) {
        Optional<Path> path = path(name, settings);
        if (path.isPresent()) {
            return path.get();
        }
        Optional<Path> local = LocalApps.find(name, settings);
        if (local.isPresent()) {
            return local.get();
        }
        if (GgufChoice.isModel(name)) {
            throw new HubException("%s: there is no such file".formatted(name));
        }
        ModelName id;
        try {
            id = ModelName.parse(name);
        } catch (HubException e) {
            throw new HubException(
                    "%s: there is no such directory, nor is it the id of a model on the Hugging Face hub, such as gpt2 or Qwen/Qwen3-0.6B@main (%s)"
                            .formatted(name, e.getMessage()),
                    e);
        }
        return cached(id, new HubCache(settings.cache()));
    }

    /// The path that `name` is, for certain or because it exists; one that is a path for certain
    /// need not exist: whoever opens it says what is missing.
    public static Optional<Path> path(String name, HubSettings settings) {
        try {
            Path path = settings.expanded(name);
            boolean certain = path.isAbsolute() || name.startsWith(".") || name.startsWith("~");
            return certain || Files.exists(path) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Path cached(ModelName name, HubCache cache) {
        ModelId id = name.id();
        Optional<String> commit = cache.commit(id);
        if (commit.isEmpty()) {
            throw missing(name, cache);
        }
        Path snapshot = cache.snapshot(id, commit.get());
        if (!Files.isDirectory(snapshot)) {
            throw missing(name, cache);
        }
        String lacking = name.quantisation().isPresent() ? "" : lacking(snapshot);
        List<String> gguf = GgufChoice.in(snapshot);
        if (name.quantisation().isPresent() || (!lacking.isEmpty() && !gguf.isEmpty())) {
            List<String> files = GgufChoice.choose(name, gguf, remedy(name));
            return snapshot.resolve(files.getFirst());
        }
        if (!lacking.isEmpty()) {
            throw new HubException(
                    "%s: in the cache, %s is incomplete: %s".formatted(id, snapshot, lacking),
                    new Remedy.Download(id.toString()));
        }
        return snapshot;
    }

    private static HubException missing(ModelName name, HubCache cache) {
        ModelId id = name.id();
        List<String> others = new ArrayList<>();
        cache.commits(id).forEach(commit -> others.add(id.name() + "@" + commit));
        if (others.isEmpty()) {
            return new HubException(
                    "%s: there is no such directory, and the Hugging Face cache, %s, does not hold a model of this name"
                            .formatted(id, cache.root()),
                    remedy(name));
        }
        String shown = String.join(", ", others.subList(0, Math.min(SHOWN, others.size())));
        return new HubException(
                "%s: the Hugging Face cache, %s, holds this model, but does not know its revision '%s'; there are %s%s"
                        .formatted(
                                id,
                                cache.root(),
                                id.revision(),
                                shown,
                                others.size() > SHOWN ? " …" : ""),
                remedy(name));
    }

    private static Remedy remedy(ModelName name) {
        return new Remedy.Download(name.toString());
    }

    /// What a snapshot lacks to be loaded; empty if nothing.
    private static String lacking(Path snapshot) {
        if (!Files.isRegularFile(snapshot.resolve("config.json"))) {
            return "there is no config.json";
        }
        for (WeightNames format : WeightNames.ALL) {
            if (Files.isRegularFile(snapshot.resolve(format.single()))) {
                return "";
            }
            Path index = snapshot.resolve(format.index());
            if (Files.isRegularFile(index)) {
                return lackingShards(snapshot, format.shards(index));
            }
        }
        return "there are no weights";
    }

    private static String lackingShards(Path snapshot, Iterable<String> shards) {
        int all = 0;
        List<String> lacking = new ArrayList<>();
        for (String shard : shards) {
            all++;
            if (!Files.isRegularFile(snapshot.resolve(shard))) {
                lacking.add(shard);
            }
        }
        return lacking.isEmpty()
                ? ""
                : "%d of %d shards are not there, the first is %s"
                        .formatted(lacking.size(), all, lacking.getFirst());
    }

    /// What to call the model in a directory: the id of a snapshot in the cache, or else the
    /// directory's own name; of a GGUF file, what Ollama calls it, or its name without what all
    /// have.
    public static String nameOf(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        if (Files.isRegularFile(path) && path.getFileName() != null) {
            return LocalApps.ollamaNameOf(path)
                    .orElseGet(() -> GgufChoice.withoutSuffix(path.getFileName().toString()));
        }
        int names = path.getNameCount();
        if (names >= 3 && path.getName(names - 2).toString().equals("snapshots")) {
            String repository = path.getName(names - 3).toString();
            if (repository.startsWith(ModelId.FOLDER)) {
                return repository.substring(ModelId.FOLDER.length()).replace("--", "/");
            }
        }
        return path.getFileName() == null ? path.toString() : path.getFileName().toString();
    }
}
