package entropylens.pull;

import entropylens.hub.HubCache;
import entropylens.hub.ModelId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/// Puts files into a snapshot of the cache, each at once.
final class SnapshotWriter {
    private final HubCache cache;
    private final ModelId id;
    private final String commit;
    private final boolean links;

    /// @param links whether files may be symbolic links, where the file system has them
    SnapshotWriter(HubCache cache, ModelId id, String commit, boolean links) {
        this.cache = cache;
        this.id = id;
        this.commit = commit;
        this.links = links;
    }

    Path directory() {
        return cache.snapshot(id, commit);
    }

    Path file(String name) {
        return directory().resolve(name);
    }

    /// Makes a file of the snapshot a link to a blob, or a copy of it.
    ///
    /// @param name its path in the model
    void put(String name, Path blob) throws IOException {
        Path file = file(name);
        Path folder = file.resolveSibling("");
        Files.createDirectories(folder);
        Path temporary = temporary();
        try {
            if (!link(temporary, folder.relativize(blob))) {
                Files.copy(blob, temporary);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private boolean link(Path link, Path target) {
        if (!links) {
            return false;
        }
        try {
            Files.createSymbolicLink(link, target);
            return true;
        } catch (UnsupportedOperationException | IOException e) {
            return false; // Windows wants a privilege for it; whatever else is wrong, a copy meets
            // too
        }
    }

    /// Makes the revision point to this snapshot.
    void refer() throws IOException {
        if (id.revision().equals(commit)) {
            return;
        }
        Path ref = cache.ref(id);
        Files.createDirectories(ref.getParent());
        Path temporary = temporary();
        try {
            Files.writeString(temporary, commit, StandardCharsets.US_ASCII);
            Files.move(temporary, ref, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Path temporary() {
        return cache.repository(id).resolve("." + UUID.randomUUID() + ".tmp");
    }
}
