package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Reads little-endian values one after the other, never past the end of the file.
final class Bytes {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment data;
    private long position;

    Bytes(Path file, MemorySegment data) {
        this.file = file;
        this.data = data;
    }

    long position() {
        return position;
    }

    long left() {
        return data.byteSize() - position;
    }

    /// What was read from a position on.
    MemorySegment since(long from) {
        return data.asSlice(from, position - from);
    }

    private long take(long count, String what) {
        if (count < 0 || count > left()) {
            throw damaged(
                    "%s at byte %,d needs %s bytes, but %,d are left"
                            .formatted(what, position, Long.toUnsignedString(count), left()));
        }
        long at = position;
        position += count;
        return at;
    }

    int u8(String what) {
        return data.get(ValueLayout.JAVA_BYTE, take(1, what)) & 0xFF;
    }

    short i16(String what) {
        return data.get(SHORT, take(2, what));
    }

    int i32(String what) {
        return data.get(INT, take(4, what));
    }

    long i64(String what) {
        return data.get(LONG, take(8, what));
    }

    void skip(long count, String what) {
        take(count, what);
    }

    /// A number of things of at least some bytes each, as many as can be there.
    long count(String what, long bytesEach) {
        long at = position;
        long count = i64(what);
        if (count < 0 || count > left() / bytesEach) {
            throw damaged(
                    "%s at byte %,d is %s, but the %,d bytes that follow have no room for so many"
                            .formatted(what, at, Long.toUnsignedString(count), left()));
        }
        return count;
    }

    /// A length, and as many bytes of UTF-8.
    ///
    /// @param most that it may be long
    String text(String what, long most) {
        long at = position;
        long length = i64(what);
        if (length < 0 || length > Math.min(most, left())) {
            throw damaged(
                    "%s at byte %,d is %s bytes long, but %,d are allowed and %,d are left"
                            .formatted(what, at, Long.toUnsignedString(length), most, left()));
        }
        ByteBuffer bytes = data.asSlice(take(length, what), length).asByteBuffer();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw damaged("%s at byte %,d is no UTF-8 text".formatted(what, at));
        }
    }

    CheckpointException damaged(String what) {
        return new CheckpointException(
                "%s: %s; the file is damaged, download it again".formatted(file, what));
    }
}
