package entropylens.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directory of a run: which files it has, and whether a run may start or go on in it.
record RunDirectory(Path path) {
    /// How systems and DuckDB say that a disk, or what one may use of it, is full.
    private static final Pattern FULL =
            Pattern.compile("(?i)no space left|disk quota|not enough space|disk is full|enospc");

    Path manifest() {
        return path.resolve("manifest.json");
    }

    Path database() {
        return path.resolve("run.duckdb");
    }

    private Path lockFile() {
        return path.resolve("run.lock");
    }

    Path parquet(String table) {
        return path.resolve(table + ".parquet");
    }

    /// Holds the directory for a run that starts in it or, with `resume`, may go on.
    ///
    /// @throws DataException when it cannot be used, or holds something else
    RunLock claim(boolean resume) {
        try {
            Files.createDirectories(path);
            requireUsable(resume);
            RunLock lock = RunLock.of(path, lockFile());
            try {
                // again, now that nobody else starts a run here at the same moment
                requireUsable(resume);
                removeUnfinished();
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
            return lock;
        } catch (FileAlreadyExistsException e) {
            throw new DataException("%s: is a file; a run needs a directory".formatted(path), e);
        } catch (IOException e) {
            throw failure("cannot be used as the directory of a run", e);
        }
    }

    private void requireUsable(boolean resume) throws IOException {
        if (Files.exists(manifest())) {
            if (!resume) {
                throw new DataException(
                        "%s: holds a run already; --resume goes on with it, or choose another directory"
                                .formatted(path));
            }
            return;
        }
        Optional<String> other =
                entries().stream()
                        .map(entry -> entry.getFileName().toString())
                        .filter(name -> !name.equals(lockFile().getFileName().toString()))
                        .filter(name -> !name.contains(AtomicFile.UNFINISHED))
                        .min(String::compareTo);
        if (other.isPresent()) {
            throw new DataException(
                    "%s: holds other files (%s) and no run; give a new or an empty directory"
                            .formatted(path, other.get()));
        }
    }

    /// What a run that was killed had not finished.
    void removeUnfinished() throws IOException {
        for (Path entry : entries()) {
            String name = entry.getFileName().toString();
            if (name.contains(AtomicFile.UNFINISHED) && Files.isRegularFile(entry)) {
                Files.delete(entry);
            }
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.toList();
        }
    }

    /// What the system objected to.
    DataException failure(String what, IOException e) {
        return new DataException("%s: %s (%s)".formatted(path, what, explained(reason(e))), e);
    }

    /// A reason in words, where it is a full disk.
    String explained(String reason) {
        if (!FULL.matcher(reason).find()) {
            return reason;
        }
        try {
            long free = Files.getFileStore(path).getUsableSpace();
            return "the disk is full (%,d bytes are free); make room".formatted(free);
        } catch (IOException e) {
            return "the disk is full; make room";
        }
    }

    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason =
                e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return reason == null ? e.toString() : reason;
    }
}
