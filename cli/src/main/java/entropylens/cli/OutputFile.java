package entropylens.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file to be written: checked before the work starts, and put in its place only when complete.
///
/// @param option the option that named it, for messages
/// @param force overwrites what is there
record OutputFile(String option, Path path, boolean force) {
    /// What writes the file.
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /// @throws CliException when the file exists already, or could not be written
    void requireWritable() {
        if (Files.isDirectory(path)) {
            throw new CliException("%s: %s is a directory".formatted(option, path));
        }
        if (Files.exists(path) && !force) {
            throw new CliException(
                    "%s: %s exists already; --force overwrites it".formatted(option, path));
        }
        Path folder = folder();
        if (!Files.isDirectory(folder)) {
            throw new CliException(
                    "%s: there is no folder %s to write %s to"
                            .formatted(option, folder, path.getFileName()));
        }
        if (!Files.isWritable(folder)) {
            throw new CliException("%s: the folder %s is not writable".formatted(option, folder));
        }
    }

    private Path folder() {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path : parent;
    }

    void write(Content content) {
        try {
            Path temporary = Files.createTempFile(folder(), ".entropy-lens-", ".part");
            try {
                try (OutputStream out = Files.newOutputStream(temporary)) {
                    content.writeTo(out);
                }
                Files.move(
                        temporary,
                        path,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new CliException("%s: cannot write %s: %s".formatted(option, path, e), e);
        }
    }
}
