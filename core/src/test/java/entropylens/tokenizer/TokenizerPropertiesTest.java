package entropylens.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// On any ids and any text: streaming equals decoding, decoding equals the native library's, and
/// text survives the round trip.
class TokenizerPropertiesTest {

    private static Path directory;
    private static DjlTokenizer byteLevel;
    private static DjlTokenizer sentencePiece;
    private static DjlTokenizer metaspace;
    private static DjlTokenizer words;

    @BeforeContainer
    static void open() throws IOException {
        directory = Files.createTempDirectory("tokenizer");
        byteLevel = TestTokenizers.open(directory, TestTokenizers.byteLevel());
        sentencePiece = TestTokenizers.open(directory, TestTokenizers.sentencePiece());
        metaspace =
                TestTokenizers.open(
                        directory, TestTokenizers.unigram(TestTokenizers.METASPACE_DECODER));
        words = TestTokenizers.open(directory, TestTokenizers.unigram("null"));
    }

    @AfterContainer
    static void removeFiles() throws IOException {
        Files.deleteIfExists(directory.resolve("tokenizer.json"));
        Files.delete(directory);
    }

    @Property(tries = 500, seed = "1")
    void byteLevelStreamsWhatTheNativeLibraryDecodes(
            @ForAll @Size(max = 40) List<@IntRange(max = 265) Integer> list) {
        int[] ids = list.stream().filter(byteLevel::contains).mapToInt(i -> i).toArray();
        assertThat(streamed(byteLevel, ids))
                .isEqualTo(byteLevel.decode(ids))
                .isEqualTo(byteLevel.nativeDecode(ids));
    }

    @Property(tries = 300, seed = "2")
    void runsOfBytesStreamWhatTheNativeLibraryDecodes(
            @ForAll @Size(max = 30) List<@IntRange(min = 0x80, max = 0xF5) Integer> list) {
        int[] ids = list.stream().mapToInt(i -> i).toArray();
        assertThat(streamed(byteLevel, ids)).isEqualTo(byteLevel.nativeDecode(ids));
    }

    @Property(tries = 500, seed = "3")
    void byteFallbackStreamsWhatTheNativeLibraryDecodesUnlessItIsNotUtf8(
            @ForAll @Size(max = 12) List<@IntRange(max = 265) Integer> list) {
        int[] ids = list.stream().mapToInt(i -> i < 3 + 128 || i > 250 ? i : 259 + i % 7).toArray();
        String text = sentencePiece.decode(ids);
        assertThat(streamed(sentencePiece, ids)).isEqualTo(text);
        if (text.indexOf('\uFFFD') < 0) {
            assertThat(text).isEqualTo(sentencePiece.nativeDecode(ids));
        }
    }

    @Property(tries = 300, seed = "4")
    void metaspaceAndWordsStreamWhatTheNativeLibraryDecodes(
            @ForAll @Size(max = 8) List<@IntRange(max = 6) Integer> list) {
        int[] ids = list.stream().mapToInt(i -> i).toArray();
        for (DjlTokenizer tokenizer : List.of(metaspace, words)) {
            assertThat(streamed(tokenizer, ids))
                    .isEqualTo(tokenizer.decode(ids))
                    .isEqualTo(tokenizer.nativeDecode(ids));
        }
    }

    @Property(tries = 500, seed = "5")
    void textSurvivesTheRoundTripInWholeCharacters(@ForAll String anything) {
        // SentencePiece itself cannot tell a "▁" of the text from a space
        String text = wellFormed(anything).replace("▁", "_") + " € 😀 the";
        for (DjlTokenizer tokenizer : List.of(byteLevel, sentencePiece)) {
            int[] ids = tokenizer.encode(text);
            assertThat(tokenizer.decode(ids)).isEqualTo(text);
            assertThat(tokenizer.nativeDecode(ids)).isEqualTo(text);
            var stream = tokenizer.stream();
            for (int id : ids) {
                String piece = stream.add(id);
                assertThat(wellFormed(piece)).isEqualTo(piece);
                assertThat(text).contains(piece);
            }
            assertThat(stream.end()).isEmpty();
        }
    }

    /// The native library ends the JVM where it panics: should this test do so after an upgrade of
    /// DJL, add what it found to NativeGuard.
    @Property(tries = 400, seed = "6", shrinking = ShrinkingMode.OFF)
    void aDamagedFileIsUsedOrRefused(@ForAll boolean first, @ForAll long seed) {
        String good = first ? TestTokenizers.byteLevel() : TestTokenizers.sentencePiece();
        Path file = TestTokenizers.write(directory, damaged(good, new Random(seed)));
        try {
            Tokenizer tokenizer = DjlTokenizer.open(file);
            for (int id : tokenizer.encode("Once the <s> é€😀\n")) {
                tokenizer.token(id);
            }
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContaining(file.toString());
        }
    }

    private static String damaged(String json, Random random) {
        var values =
                Pattern.compile("-?\\d+|\"[^\"]*\"|true|false|null|\\{[^{}]*}")
                        .matcher(json)
                        .results()
                        .toList();
        var value = values.get(random.nextInt(random.nextBoolean() ? 60 : values.size()));
        String[] others = {
            "0",
            "-1",
            "4294967296",
            "1e400",
            "null",
            "\"\"",
            "\"x\"",
            "\"\\u0000\"",
            "[]",
            "{}",
            "true",
            values.get(random.nextInt(values.size())).group()
        };
        return json.substring(0, value.start())
                + others[random.nextInt(others.length)]
                + json.substring(value.end());
    }

    private static String streamed(Tokenizer tokenizer, int[] ids) {
        var stream = tokenizer.stream();
        var text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.add(id));
        }
        return text.append(stream.end()).toString();
    }

    private static String wellFormed(String text) {
        var fixed = new StringBuilder();
        text.codePoints()
                .forEach(c -> fixed.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
        return fixed.toString();
    }
}
