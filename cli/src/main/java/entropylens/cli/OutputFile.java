package entropylens.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/// A file to be written: checked before the work starts, and put in its place only when complete.
/// What is not a plain file (`/dev/null`, a pipe) is written to as it is.
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
        if (isDevice()) {
            return;
        }
        if (Files.exists(path) && !force) {
            throw exists();
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

    private CliException exists() {
        return new CliException(
                "%s: %s exists already; --force overwrites it".formatted(option, path));
    }

    private boolean isDevice() {
        return Files.exists(path) && !Files.isRegularFile(path);
    }

    private Path folder() {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path : parent;
    }

    void write(Content content) {
        try {
            if (isDevice()) {
                try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.WRITE)) {
                    content.writeTo(out);
                }
            } else {
                writePlain(content);
            }
        } catch (FileAlreadyExistsException e) {
            throw exists();
        } catch (IOException e) {
            throw new CliException(
                    "%s: cannot write %s: %s".formatted(option, path, Failures.reason(e)), e);
        }
    }

    /// Text, in UTF-8.
    void writeText(Consumer<PrintWriter> text) {
        write(out -> {
            PrintWriter writer = new PrintWriter(out, false, StandardCharsets.UTF_8);
            text.accept(writer);
            if (writer.checkError()) {
                throw new IOException("the disk may be full");
            }
        });
    }

    private void writePlain(Content content) throws IOException {
        // not createTempFile: its files are for their owner's eyes only
        Path temporary =
                folder().resolve(
                                ".entropy-lens-%d-%d.part"
                                        .formatted(
                                                ProcessHandle.current().pid(), System.nanoTime()));
        try {
            try (OutputStream out =
                    Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
                content.writeTo(out);
            }
            if (force) {
                Files.move(
                        temporary,
                        path,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(temporary, path); // refuses what was created meanwhile
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
