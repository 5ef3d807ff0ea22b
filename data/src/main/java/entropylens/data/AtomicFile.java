package entropylens.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Files that are there wholly or not at all.
final class AtomicFile {
    /// What a file is called until it is complete.
    static final String UNFINISHED = ".unfinished";

    private AtomicFile() {}

    static Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + UNFINISHED);
    }

    static void write(Path file, String text) throws IOException {
        Path unfinished = unfinished(file);
        Files.write(unfinished, text.getBytes(StandardCharsets.UTF_8));
        publish(unfinished, file);
    }

    /// Puts a complete file in its place, durably: once this returns, no power cut takes it back.
    static void publish(Path unfinished, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(
                unfinished,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        syncFolderOf(file);
    }

    private static void syncFolderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // some systems cannot; the name is then as durable as they make it
        }
    }

    static String read(FileChannel channel, int limit) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(limit);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
}
