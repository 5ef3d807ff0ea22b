package entropylens.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// What the end of a zip file says about its directory.
///
/// @param directoryBegin where the directory begins
/// @param directorySize its bytes
/// @param entries how many entries it holds
record ZipEnd(long directoryBegin, long directorySize, long entries) {

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT = 0xFFFF;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int LOCATOR64_BYTES = 20;
    private static final int END64 = 0x06064b50;
    private static final int END64_BYTES = 56;

    /// Finds the record at the end of the file; a directory within the file is guaranteed.
    ///
    /// @throws CheckpointException when there is none: the file is truncated
    static ZipEnd find(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        int tail = (int) Math.min(size, END_BYTES + MAX_COMMENT);
        ByteBuffer bytes = FileBytes.read(file, channel, size - tail, tail);
        for (int at = tail - END_BYTES; at >= 0; at--) {
            int comment = tail - at - END_BYTES;
            if (bytes.getInt(at) == END
                    && Short.toUnsignedInt(bytes.getShort(at + 20)) == comment) {
                return at(
                        file,
                        channel,
                        size - tail + at,
                        bytes.slice(at, END_BYTES).order(bytes.order()));
            }
        }
        throw damaged(
                file,
                "it begins as a zip file of torch, but does not end as one, after %,d bytes: it is truncated"
                        .formatted(size));
    }

    private static ZipEnd at(Path file, FileChannel channel, long position, ByteBuffer end)
            throws IOException {
        var small =
                new ZipEnd(
                        Integer.toUnsignedLong(end.getInt(16)),
                        Integer.toUnsignedLong(end.getInt(12)),
                        Short.toUnsignedInt(end.getShort(10)));
        boolean oneDisk = end.getShort(4) == 0 && end.getShort(6) == 0;
        ByteBuffer locator =
                position < LOCATOR64_BYTES
                        ? end
                        : FileBytes.read(
                                file, channel, position - LOCATOR64_BYTES, LOCATOR64_BYTES);
        boolean large = locator.getInt(0) == LOCATOR64;
        if (!oneDisk && !large) {
            throw damaged(file, "it is one of several parts of a zip file");
        }
        ZipEnd found = large ? zip64(file, channel, locator.getLong(8), position) : small;
        long limit = large ? position - LOCATOR64_BYTES : position;
        if (found.directoryBegin < 0
                || found.directorySize < 0
                || found.directorySize > limit
                || found.directoryBegin > limit - found.directorySize) {
            throw damaged(
                    file,
                    "its directory should have %s bytes at offset %s, but the file has room for 0..%,d"
                            .formatted(
                                    Long.toUnsignedString(found.directorySize),
                                    Long.toUnsignedString(found.directoryBegin),
                                    limit));
        }
        return found;
    }

    private static ZipEnd zip64(Path file, FileChannel channel, long at, long position)
            throws IOException {
        if (at < 0 || at > position - LOCATOR64_BYTES - END64_BYTES) {
            throw damaged(file, "its zip64 end should be at offset " + Long.toUnsignedString(at));
        }
        ByteBuffer end = FileBytes.read(file, channel, at, END64_BYTES);
        if (end.getInt(0) != END64) {
            throw damaged(file, "there is no zip64 end at offset %,d".formatted(at));
        }
        return new ZipEnd(end.getLong(48), end.getLong(40), end.getLong(32));
    }

    private static CheckpointException damaged(Path file, String what) {
        return new CheckpointException(
                "%s: %s; the file is damaged, download it again".formatted(file, what));
    }
}
