package entropylens.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The lines of a file in UTF-8, with their numbers. A byte-order mark at its beginning is left
/// out; what is not UTF-8 is named with its place.
final class Utf8Lines implements AutoCloseable {
    /// Far longer than any context; what is longer has no line ends where it should.
    static final int LONGEST = 16 << 20;

    private static final int BUFFER = 1 << 16;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Path file;
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
    private long number;

    Utf8Lines(Path file) {
        this.file = file;
        try {
            this.in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
            skipByteOrderMark();
        } catch (IOException e) {
            throw FileKind.unreadable(file, e);
        }
    }

    private void skipByteOrderMark() throws IOException {
        in.mark(BYTE_ORDER_MARK.length);
        if (!java.util.Arrays.equals(in.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
            in.reset();
        }
    }

    /// The number of the line read last, from 1.
    long number() {
        return number;
    }

    /// The next line without its line feed (a carriage return before it stays), or null after the
    /// last one.
    @Nullable String next() {
        try {
            number++;
            line.reset();
            int b = in.read();
            if (b < 0) {
                return null;
            }
            while (b >= 0 && b != '\n') {
                if (line.size() == LONGEST) {
                    throw new DataException(
                            "%s: line %d is longer than %,d bytes; is this the right file?"
                                    .formatted(file, number, LONGEST));
                }
                line.write(b);
                b = in.read();
            }
            return decoded(line.toByteArray());
        } catch (IOException e) {
            throw FileKind.unreadable(file, e);
        }
    }

    private String decoded(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CharBuffer to = CharBuffer.allocate(bytes.length);
        decoder.reset();
        CoderResult result = decoder.decode(from, to, true);
        if (result.isError()) {
            int wrong = Byte.toUnsignedInt(bytes[from.position()]);
            throw new DataException(
                    "%s: line %d, column %d: byte 0x%02X is not UTF-8; save the file as UTF-8"
                            .formatted(file, number, to.position() + 1, wrong));
        }
        return to.flip().toString();
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw FileKind.unreadable(file, e);
        }
    }
}
