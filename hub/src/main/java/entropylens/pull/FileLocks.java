package entropylens.pull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Work that only one thread of one program may do at a time, held by a file.
final class FileLocks {

    /// A program holds a file's lock as a whole, so its threads need one of their own.
    private static final ConcurrentHashMap<Path, ReentrantLock> OF_THREADS =
            new ConcurrentHashMap<>();

    private FileLocks() {}

    /// Work on files.
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /// Waits for the lock of `file`, which is made where it is missing, and works. The file stays:
    /// to delete it would take it from under whoever waits for it.
    ///
    /// @param note told when there is something to wait for
    static void holding(Path file, Consumer<String> note, Work work) throws IOException {
        ReentrantLock threads =
                OF_THREADS.computeIfAbsent(file.toAbsolutePath(), _ -> new ReentrantLock());
        threads.lock();
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel =
                            FileChannel.open(
                                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = lock(channel, file, note)) {
                work.run();
            }
        } finally {
            threads.unlock();
        }
    }

    private static FileLock lock(FileChannel channel, Path file, Consumer<String> note)
            throws IOException {
        FileLock lock = channel.tryLock();
        if (lock != null) {
            return lock;
        }
        note.accept("another program downloads this file; waiting for it (%s)".formatted(file));
        return channel.lock();
    }
}
