package entropylens.pull;

import entropylens.hub.HubCache;
import entropylens.hub.HubException;
import entropylens.hub.HubSettings;
import entropylens.hub.ModelId;
import entropylens.hub.ModelName;
import entropylens.hub.WeightNames;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/// Fetches a model from the hub into the cache: what is needed to run it, and not yet there.
public final class Pull {
    private final ModelId id;
    private final Optional<String> quantisation;
    private final Hub hub;
    private final String commit;
    private final FileList files;
    private final HubCache cache;
    private final SnapshotWriter snapshot;
    private final PullListener listener;
    private final Set<String> placed = new HashSet<>();

    private Pull(ModelName name, Hub hub, HubCache cache, boolean links, PullListener listener) {
        this.id = name.id();
        this.quantisation = name.quantisation();
        this.hub = hub;
        this.listener = listener;
        Hub.Listing listing = hub.list(id);
        this.commit = listing.commit();
        this.files = new FileList(id, listing.files());
        this.cache = cache;
        this.snapshot = new SnapshotWriter(cache, id, commit, links);
    }

    /// Fetches a model; what is in the cache already is not fetched again, and what an earlier
    /// attempt began is finished.
    ///
    /// @param name with a quantisation, the model in GGUF; without, safetensors or PyTorch's own
    /// @return the directory of the model in the cache; of one in GGUF, its file, or the first part
    /// @throws HubException when it cannot be had; what has arrived stays for another attempt
    public static Path model(ModelName name, HubSettings settings, PullListener listener) {
        return model(name, settings, listener, Thread::sleep);
    }

    static Path model(
            ModelName name, HubSettings settings, PullListener listener, Retries.Pause pause) {
        ConnectionSettings connection = new ConnectionSettings(settings);
        if (connection.offline()) {
            throw new HubException(
                    "%s: nothing is downloaded while HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE is set; unset it, or use a model that is in the cache, %s"
                            .formatted(name, settings.cache()));
        }
        HubCache cache = new HubCache(settings.cache());
        try (Hub hub = new Hub(connection, pause, listener::note)) {
            return new Pull(name, hub, cache, connection.links(), listener).run();
        }
    }

    private Path run() {
        try {
            List<RemoteFile> wanted = wanted();
            Map<String, Long> missing = new LinkedHashMap<>();
            for (RemoteFile file : wanted) {
                if (!isThere(file)) {
                    missing.put(file.etag(), file.size() - begun(file));
                }
            }
            long toFetch = missing.values().stream().mapToLong(Long::longValue).sum();
            requireSpace(toFetch);
            listener.planned(
                    wanted.size(), wanted.stream().mapToLong(RemoteFile::size).sum(), toFetch);
            for (RemoteFile file : wanted) {
                if (!placed.contains(file.name())) {
                    fetch(file);
                }
            }
            snapshot.refer();
            return quantisation.isEmpty()
                    ? snapshot.directory()
                    : snapshot.file(wanted.getFirst().name());
        } catch (IOException e) {
            String reason = NetworkReasons.of(e);
            throw new HubException(
                    "%s: cannot write to the cache, %s (%s); free space there or make it writable, or set HF_HUB_CACHE to another folder"
                            .formatted(
                                    id,
                                    cache.root(),
                                    e instanceof FileSystemException system
                                            ? system.getFile() + ": " + reason
                                            : reason),
                    e);
        }
    }

    /// All files that are needed. Of weights in shards, this takes reading their index.
    private List<RemoteFile> wanted() throws IOException {
        List<RemoteFile> wanted = new ArrayList<>();
        if (quantisation.isPresent()) {
            for (String name : files.gguf(quantisation.get())) {
                wanted.add(hub.file(id, commit, name));
            }
            return wanted;
        }
        List<String> names = new ArrayList<>(files.small());
        WeightNames weights = files.weights();
        if (files.isSingle(weights)) {
            names.add(weights.single());
        } else {
            RemoteFile index = hub.file(id, commit, weights.index());
            fetch(index);
            SortedSet<String> shards = weights.shards(snapshot.file(index.name()));
            files.requireShards(weights, shards);
            names.addAll(shards);
            wanted.add(index);
        }
        for (String name : names) {
            wanted.add(hub.file(id, commit, name));
        }
        return wanted;
    }

    private boolean isThere(RemoteFile file) throws IOException {
        return isComplete(snapshot.file(file.name()), file)
                || isComplete(cache.blob(id, file.etag()), file);
    }

    private static boolean isComplete(Path path, RemoteFile file) throws IOException {
        return Files.isRegularFile(path) && Files.size(path) == file.size();
    }

    private long begun(RemoteFile file) throws IOException {
        Path part = Transfer.incomplete(cache.blob(id, file.etag()));
        return Files.isRegularFile(part) ? Math.min(Files.size(part), file.size()) : 0;
    }

    private void requireSpace(long bytes) throws IOException {
        Path folder = cache.root();
        while (!Files.isDirectory(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        FileStore store = Files.getFileStore(folder);
        if (bytes > store.getUsableSpace()) {
            throw new HubException(
                    "%s: %,d MB are to be downloaded, but there are only %,d MB free at %s; free some, or set HF_HUB_CACHE to a folder on another disk"
                            .formatted(
                                    id,
                                    bytes / 1_000_000 + 1,
                                    store.getUsableSpace() / 1_000_000,
                                    folder));
        }
    }

    private void fetch(RemoteFile file) throws IOException {
        placed.add(file.name());
        if (isComplete(snapshot.file(file.name()), file)) {
            listener.finished(file.name(), file.size(), false);
            return;
        }
        Path blob = cache.blob(id, file.etag());
        boolean[] fetched = new boolean[1];
        FileLocks.holding(
                cache.lock(id, file.etag()),
                listener::note,
                () -> {
                    if (!isComplete(blob, file)) {
                        fetched[0] = true;
                        new Transfer(hub, id, commit, file, blob, listener).run();
                    }
                    snapshot.put(file.name(), blob);
                });
        listener.finished(file.name(), file.size(), fetched[0]);
    }
}
