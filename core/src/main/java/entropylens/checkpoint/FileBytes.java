package entropylens.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// Reads pieces of a file before any of it is mapped.
final class FileBytes {

    private FileBytes() {}

    /// `count` bytes from `position` on, little-endian, ready to be read.
    ///
    /// @throws CheckpointException when the file ends before
    static ByteBuffer read(Path file, FileChannel channel, long position, int count)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new CheckpointException(
                        "%s: became shorter while it was read".formatted(file));
            }
        }
        return buffer.flip();
    }
}
