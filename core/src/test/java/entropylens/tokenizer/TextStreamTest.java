package entropylens.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextStreamTest {

    @TempDir Path directory;

    private static List<String> pieces(Tokenizer tokenizer, int... ids) {
        var stream = tokenizer.stream();
        var pieces = new ArrayList<String>();
        for (int id : ids) {
            pieces.add(stream.add(id));
        }
        pieces.add(stream.end());
        return pieces;
    }

    @Test
    void aCharacterComesOutWhole() {
        var tokenizer = TestTokenizers.open(directory, TestTokenizers.byteLevel());
        assertThat(pieces(tokenizer, 0xF0, 0x9F, 0x98, 0x80, 'x'))
                .containsExactly("", "", "", "😀", "x", "");
    }

    @Test
    void tokensMayBeginAndEndInsideCharacters() {
        var tokenizer = TestTokenizers.open(directory, TestTokenizers.byteLevel());
        // E2 82 | AC E2 | 82 AC
        assertThat(pieces(tokenizer, 259, 261, 260)).containsExactly("", "€", "€", "");
    }

    @Test
    void bytesThatNeverCompleteDoNotStallTheStream() {
        var tokenizer = TestTokenizers.open(directory, TestTokenizers.byteLevel());
        assertThat(pieces(tokenizer, 0xE2, 0xE2, 0xE2, 'x', 0x80, 0xF0, 0x9F))
                .containsExactly("", "\uFFFD", "\uFFFD", "\uFFFDx", "\uFFFD", "", "", "\uFFFD");
    }

    @Test
    void aGenuineReplacementCharacterIsNotHeldBack() {
        var tokenizer = TestTokenizers.open(directory, TestTokenizers.byteLevel());
        assertThat(pieces(tokenizer, 0xEF, 0xBF, 0xBD)).containsExactly("", "", "\uFFFD", "");
    }

    @Test
    void specialTokensSayNothing() {
        var tokenizer = TestTokenizers.open(directory, TestTokenizers.sentencePiece());
        assertThat(pieces(tokenizer, 1, 262, 259, 262, 2))
                .containsExactly("", "a", " ", " a", "", "");
    }

    @Test
    void onlyTheFirstSpaceOfTheWholeTextIsTakenOff() {
        var tokenizer = TestTokenizers.open(directory, TestTokenizers.sentencePiece());
        assertThat(pieces(tokenizer, 1, 264, 264, 260)).containsExactly("", " ", "  ", "a", "");
        assertThat(pieces(tokenizer, 259, 259, 260)).containsExactly("", " ", "a", "");
        assertThat(pieces(tokenizer, 260, 259, 260)).containsExactly("a", " ", "a", "");
    }

    @Test
    void aStreamEndsOnce() {
        var tokenizer = TestTokenizers.open(directory, TestTokenizers.byteLevel());
        var stream = tokenizer.stream();
        assertThat(stream.add('x')).isEqualTo("x");
        assertThatThrownBy(() -> stream.add(264)).isInstanceOf(IllegalArgumentException.class);
        assertThat(stream.add('y')).isEqualTo("y");
        assertThat(stream.end()).isEmpty();
        assertThat(stream.end()).isEmpty();
        assertThatThrownBy(() -> stream.add('z')).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void wholeCharactersInABrokenByteRunStay() {
        // Hugging Face replaces the whole run of byte tokens; a stream has long returned the "A".
        var tokenizer = TestTokenizers.open(directory, TestTokenizers.sentencePiece());
        int[] ids = {3 + 'A', 3 + 0xE2, 3 + 0x82};
        assertThat(tokenizer.decode(ids)).isEqualTo("A\uFFFD");
        assertThat(tokenizer.nativeDecode(ids)).isEqualTo("\uFFFD\uFFFD\uFFFD");
    }

    @Test
    void illFormedBytesAreReplacedOncePerMaximalPart() {
        // Unicode 17, table 3-8, and what surrogates and too high code points give in WHATWG's
        // decoder
        assertThat(
                        utf8(
                                0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62, 0x80, 0x63, 0x80,
                                0xBF, 0x64))
                .isEqualTo("a\uFFFD\uFFFD\uFFFDb\uFFFDc\uFFFD\uFFFDd");
        assertThat(utf8(0xED, 0xA0, 0x80)).isEqualTo("\uFFFD\uFFFD\uFFFD");
        assertThat(utf8(0xF4, 0x90, 0x80, 0x80)).isEqualTo("\uFFFD\uFFFD\uFFFD\uFFFD");
        assertThat(utf8(0xC0, 0xAF, 0xF5)).isEqualTo("\uFFFD\uFFFD\uFFFD");
        assertThat(utf8(0xE0, 0x9F, 0xF0, 0x8F)).isEqualTo("\uFFFD\uFFFD\uFFFD\uFFFD");
    }

    @Test
    void everyCodePointSurvives() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                String text = Character.toString(c);
                String decoded = Utf8.decode(text.getBytes(StandardCharsets.UTF_8));
                if (!decoded.equals(text)) {
                    throw new AssertionError("U+%04X became %s".formatted(c, decoded));
                }
            }
        }
    }

    private static String utf8(int... bytes) {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return Utf8.decode(all);
    }
}
