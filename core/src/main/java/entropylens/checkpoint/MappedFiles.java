package entropylens.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The weight files of a model as they were when they were mapped. A mapped file must stay as it
/// is: one that is cut off makes the JVM fail where it reads the rest, and one that is written over
/// gives other numbers without a word.
///
/// A file that is replaced by another of its name is no change: the mapping keeps the old one.
public final class MappedFiles {
    /// Of weights that are in memory.
    public static final MappedFiles NONE = new MappedFiles(List.of());

    private final List<Stamp> stamps;

    private MappedFiles(List<Stamp> stamps) {
        this.stamps = List.copyOf(stamps);
    }

    static MappedFiles of(List<Path> files) {
        return new MappedFiles(files.stream().map(MappedFiles::stamp).toList());
    }

    /// These files and others.
    public MappedFiles and(MappedFiles others) {
        return new MappedFiles(
                Stream.concat(stamps.stream(), others.stamps.stream()).distinct().toList());
    }

    /// @param key what the system knows the file by, whatever it is called; null where it has none
    private record Stamp(Path file, @Nullable Object key, long size, FileTime modified) {
        static Stamp of(Path file) throws IOException {
            var found = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(file, found.fileKey(), found.size(), found.lastModifiedTime());
        }

        /// How the file differs from what it was; empty where it does not, or where another file
        /// has its name.
        Optional<String> change() {
            try {
                Stamp now = of(file);
                if (key != null && !key.equals(now.key)) {
                    return Optional.empty();
                }
                if (size != now.size) {
                    return Optional.of("had %,d bytes and has %,d".formatted(size, now.size));
                }
                return modified.equals(now.modified)
                        ? Optional.empty()
                        : Optional.of("was written to at " + now.modified);
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of("cannot be read any more (%s)".formatted(e.getMessage()));
            }
        }
    }

    private static Stamp stamp(Path file) {
        try {
            return Stamp.of(file);
        } catch (IOException e) {
            throw new CheckpointException(
                    "%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
        }
    }

    /// Does work that reads the weights.
    ///
    /// @throws FileChangedException when a file was changed meanwhile: the result would be worth
    ///   nothing
    public <T extends @Nullable Object> T reading(Supplier<T> work) {
        T result;
        try {
            result = work.get();
        } catch (InternalError e) {
            if (!isFault(e)) {
                throw e;
            }
            throw fault(e);
        }
        requireUnchanged();
        return result;
    }

    private void requireUnchanged() {
        for (Stamp stamp : stamps) {
            Optional<String> change = stamp.change();
            if (change.isPresent()) {
                throw changed(stamp.file, change.get());
            }
        }
    }

    /// Whether the JVM says so that a mapped file could not be read.
    public static boolean isFault(Throwable e) {
        return e instanceof InternalError
                && String.valueOf(e.getMessage()).contains("unsafe memory access");
    }

    private RuntimeException fault(InternalError e) {
        RuntimeException explained;
        try {
            requireUnchanged();
            explained =
                    new FileChangedException(
                            "%s: could not be read any more while it was in use; the file changed, or its disk or network failed"
                                    .formatted(
                                            stamps.stream()
                                                    .map(stamp -> stamp.file.toString())
                                                    .collect(Collectors.joining(", "))));
        } catch (FileChangedException changed) {
            explained = changed;
        }
        explained.initCause(e);
        return explained;
    }

    private static FileChangedException changed(Path file, String how) {
        return new FileChangedException(
                "%s: changed while it was in use: it %s; put the file back as it was, and leave it alone during a run"
                        .formatted(file, how));
    }
}
