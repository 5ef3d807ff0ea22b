package entropylens.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// UTF-8 decoded byte by byte. Ill-formed bytes become U+FFFD, one for each maximal part of a
/// character, as in the Unicode and WHATWG standards and in Rust's `from_utf8_lossy`. (The JDK's
/// own decoder makes one of an encoded surrogate where those make three.)
final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';

    private int codePoint;
    private int missing;
    private int lowest = 0x80;
    private int highest = 0xBF;

    /// Appends to `out` what becomes final with the next byte.
    void add(byte next, StringBuilder out) {
        int b = Byte.toUnsignedInt(next);
        if (missing > 0 && b >= lowest && b <= highest) {
            continueWith(b, out);
            return;
        }
        end(out);
        if (b < 0x80) {
            out.append((char) b);
        } else if (b >= 0xC2 && b <= 0xF4) {
            begin(b);
        } else {
            out.append(REPLACEMENT);
        }
    }

    /// Appends U+FFFD if a character is incomplete, and forgets it.
    void end(StringBuilder out) {
        if (missing > 0) {
            out.append(REPLACEMENT);
            missing = 0;
        }
    }

    private void begin(int b) {
        missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        codePoint = b & (0x3F >> missing);
        // no overlong forms, no surrogates, nothing above U+10FFFF
        lowest = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        highest = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    }

    private void continueWith(int b, StringBuilder out) {
        codePoint = (codePoint << 6) | (b & 0x3F);
        lowest = 0x80;
        highest = 0xBF;
        missing--;
        if (missing == 0) {
            out.appendCodePoint(codePoint);
        }
    }

    /// All of `bytes` as text.
    static String decode(byte[] bytes) {
        var out = new StringBuilder(bytes.length);
        var utf8 = new Utf8();
        for (byte b : bytes) {
            utf8.add(b, out);
        }
        utf8.end(out);
        return out.toString();
    }

    /// `bytes` for the eye: whole characters as they are unless invisible, other bytes as `<0xE2>`.
    static String shown(byte[] bytes) {
        var shown = new StringBuilder();
        for (int i = 0; i < bytes.length; ) {
            int length = lengthOfCharacter(bytes, i);
            if (length == 0) {
                shown.append("<0x%02X>".formatted(bytes[i]));
                i++;
            } else {
                String character = new String(bytes, i, length, StandardCharsets.UTF_8);
                shown.append(visible(character.codePointAt(0)));
                i += length;
            }
        }
        return shown.toString();
    }

    /// How many bytes the whole character at `start` has; 0 if there is none.
    private static int lengthOfCharacter(byte[] bytes, int start) {
        for (int end = start + 1; end <= Math.min(start + 4, bytes.length); end++) {
            byte[] part = Arrays.copyOfRange(bytes, start, end);
            String text = decode(part);
            if (text.codePointCount(0, text.length()) == 1
                    && Arrays.equals(part, text.getBytes(StandardCharsets.UTF_8))) {
                return end - start;
            }
        }
        return 0;
    }

    private static String visible(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                    switch (Character.getType(codePoint)) {
                        case Character.CONTROL,
                                Character.FORMAT,
                                Character.LINE_SEPARATOR,
                                Character.PARAGRAPH_SEPARATOR ->
                                String.format(Locale.ROOT, "\\u%04X", codePoint);
                        default -> Character.toString(codePoint);
                    };
        };
    }
}
