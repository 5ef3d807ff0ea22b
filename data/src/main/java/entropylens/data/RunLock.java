package entropylens.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// That a run is being written. The system lets go of it when the program ends, however it ends.
final class RunLock implements AutoCloseable {
    /// A program holds a file's lock as a whole, and loses it when any of its channels on that file
    /// is closed. So a file that is held is not even opened a second time.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final int LONGEST_PID = 20;

    private final Path file;
    private final FileChannel channel;

    private RunLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// @throws DataException when the run is being written already
    static RunLock of(Path directory, Path file) throws IOException {
        Path held = directory.toRealPath().resolve(file.getFileName());
        if (!HELD.add(held)) {
            throw new DataException(
                    "%s: this program is writing this run already".formatted(directory));
        }
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            held,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new DataException(
                        "%s: another process%s is writing this run; wait until it is done, or stop it"
                                .formatted(directory, holder(channel)));
            }
            sign(channel);
            return new RunLock(held, channel);
        } catch (IOException | DataException e) {
            if (channel != null) {
                channel.close();
            }
            HELD.remove(held);
            throw e;
        }
    }

    private static void sign(FileChannel channel) throws IOException {
        channel.truncate(0);
        String pid = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static String holder(FileChannel channel) throws IOException {
        String pid = AtomicFile.read(channel, LONGEST_PID);
        return pid.matches("\\d+") ? " (process id " + pid + ")" : "";
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD.remove(file);
    }
}
