package entropylens.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.RealModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DjlTokenizerTest {

    @TempDir Path directory;

    private DjlTokenizer byteLevel() {
        return TestTokenizers.open(directory, TestTokenizers.byteLevel());
    }

    private DjlTokenizer sentencePiece() {
        return TestTokenizers.open(directory, TestTokenizers.sentencePiece());
    }

    private void refuses(String json, String... saying) {
        Path file = TestTokenizers.write(directory, json);
        assertThatThrownBy(() -> DjlTokenizer.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.toString())
                .satisfies(e ->
                        Arrays.stream(saying)
                                .forEach(part -> assertThat(e).hasMessageContaining(part)));
    }

    @Test
    void thePostProcessorAddsItsSpecialTokensUnlessToldNotTo() {
        assertThat(byteLevel().encode(" the")).containsExactly(262, 258);
        assertThat(byteLevel().encodeWithoutSpecialTokens(" the")).containsExactly(258);
        assertThat(byteLevel().encode("")).containsExactly(262);
        assertThat(byteLevel().encodeWithoutSpecialTokens("")).isEmpty();
        assertThat(sentencePiece().encode("ab")).containsExactly(1, 262, 261);
    }

    @Test
    void nothingIsTruncatedOrPaddedThoughTheFileAsksForIt() {
        assertThat(byteLevel().encodeWithoutSpecialTokens("x".repeat(20_000))).hasSize(20_000);
        assertThat(byteLevel().encodeWithoutSpecialTokens("x")).hasSize(1);
    }

    @Test
    void aSpecialTokenSpelledOutIsThatToken() {
        assertThat(byteLevel().encodeWithoutSpecialTokens("x<|end|>")).containsExactly('x', 262);
    }

    @Test
    void specialTokensAreLeftOutOfTheText() {
        assertThat(byteLevel().decode(new int[] {262, 'h', 'i', 265, 263, 262}))
                .isEqualTo("hi[é x]");
        assertThat(byteLevel().decode(new int[0])).isEmpty();
    }

    @Test
    void anUnpairedSurrogateIsReadAsOneReplacementCharacter() {
        var tokenizer = byteLevel();
        int[] expected = tokenizer.encode("x\uFFFDy\uFFFD");
        assertThat(tokenizer.encode("x\uD83Dy\uDE00")).containsExactly(expected);
        assertThat(tokenizer.decode(tokenizer.encode("\0😀"))).isEqualTo("\0😀");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    65  ; A
                    258 ; ` the`
                    10  ; \\n
                    9   ; \\t
                    127 ; \\u007F
                    226 ; <0xE2>
                    259 ; <0xE2><0x82>
                    262 ; <|end|>
                    263 ; [é x]
                    264 ; <unused 264>
                    266 ; <unused 266>
                    """)
    void aTokenIsShownReadably(int id, String shown) {
        assertThat(byteLevel().token(id)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    1   | <s>
                    13  | \\n
                    229 | <0xE2>
                    259 | ` `
                    262 | ` a`
                    265 | 😀
                    """)
    void aPieceIsShownReadably(int id, String shown) {
        assertThat(sentencePiece().token(id)).isEqualTo(shown);
    }

    @Test
    void theVocabularyKnowsItsSizeAndHoles() {
        var tokenizer = byteLevel();
        assertThat(tokenizer.size()).isEqualTo(266);
        assertThat(tokenizer.contains(265)).isTrue();
        assertThat(IntStream.of(-1, 264, 266, Integer.MAX_VALUE, Integer.MIN_VALUE))
                .noneMatch(tokenizer::contains);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 264, 266, Integer.MAX_VALUE})
    void anUnknownIdIsAnErrorAndNotAnEmptyText(int id) {
        var tokenizer = byteLevel();
        assertThatThrownBy(() -> tokenizer.decode(new int[] {'x', id}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token id " + id + " is not in the vocabulary")
                .hasMessageContaining("0 to 265");
        if (id < 0) {
            assertThatThrownBy(() -> tokenizer.token(id))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void manyThreadsMayEncodeAtOnce() {
        var tokenizer = byteLevel();
        String text = "the cat € ".repeat(50);
        int[] expected = tokenizer.encode(text);
        assertThat(IntStream.range(0, 200).parallel().mapToObj(i -> tokenizer.encode(text)))
                .allSatisfy(ids -> assertThat(ids).containsExactly(expected));
    }

    @Test
    @SuppressWarnings("SystemOut")
    void nothingIsPrinted() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var caught = new ByteArrayOutputStream();
        try (var stream = new PrintStream(caught, true, StandardCharsets.UTF_8)) {
            System.setOut(stream);
            System.setErr(stream);
            byteLevel().encode("the");
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(caught.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aMissingFileIsSaid() throws Exception {
        Path file = directory.resolve("tokenizer.json");
        assertThatThrownBy(() -> DjlTokenizer.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tokenizer.json: is not there; download it");
        Files.createFile(directory.resolve("tokenizer.model"));
        assertThatThrownBy(() -> DjlTokenizer.open(file))
                .hasMessageContaining("tokenizer.model alone is not read, convert it");
    }

    @Test
    void aDamagedFileIsRefusedByItsName() {
        String good = TestTokenizers.byteLevel();
        refuses("", "not a JSON object");
        refuses("[]", "not a JSON object");
        refuses("{}", "no model with a vocabulary");
        refuses(good.substring(0, good.length() / 2), "is not valid JSON");
        refuses(good + "x", "is not valid JSON");
        refuses(good + "{}", "goes on after its closing");
        refuses(good.replace("\"BPE\"", "\"XYZ\""), "the tokenizer library refuses it");
        refuses(good.replace(":255,", ":254,"), "share the id 254");
        refuses(good.replace(":255,", ":4000000000,"), "is 4000000000, but ids run");
        refuses(good.replace(":255,", ":\"255\","), "is no integer");
        refuses(good.replace("Ġ t", "Ġ xyz"), "the tokenizer library refuses it");
    }

    @Test
    void whatWouldEndTheJvmIsRefusedBeforeTheNativeLibrarySeesIt() {
        String good = TestTokenizers.byteLevel();
        refuses(good.replace("{\"<|end|>\": {", "{\"<|no|>\": {"), "does not define it");
        refuses(
                good.replace(
                        "\"continuing_subword_prefix\": \"\"",
                        "\"continuing_subword_prefix\": \"####\""),
                "continuing_subword_prefix");
        refuses(good.replace("\"ByteLevel\", \"add_prefix_space\": true", "\"\\u0000\", \"x\": 1"));
    }

    @Test
    void aTextThatTheVocabularyCannotExpressIsRefusedByTheFilesName() {
        String json = TestTokenizers.unigram("null").replace("\"unk_id\": 0", "\"unk_id\": null");
        Tokenizer tokenizer = TestTokenizers.open(directory, json);
        assertThat(tokenizer.encode("a")).isNotEmpty();
        assertThatThrownBy(() -> tokenizer.encode("xyz"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tokenizer.json: the tokenizer library cannot encode");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'WordPiece', 'prefix': '##', 'cleanup': true}",
                "{'type': 'Replace', 'pattern': {'Regex': '▁'}, 'content': ' '}",
                "{'type': 'Strip', 'content': ' ', 'start': 1, 'stop': 0}",
                "{'type': 'Sequence', 'decoders': []}",
                "{'type': 'Sequence', 'decoders': [{'type': 'Fuse'}, {'type': 'ByteFallback'}]}",
                "{'type': 'Sequence', 'decoders': [{'type': 'Fuse'}, {'type': 'Strip', 'content': ' ', 'start': 1, 'stop': 1}]}",
                "{'type': 'Sequence', 'decoders': [{'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': true, 'use_regex': true}, {'type': 'Fuse'}]}"
            })
    void anyDecoderOfTheLibraryDecodes(String decoder) {
        DjlTokenizer tokenizer =
                TestTokenizers.open(directory, TestTokenizers.unigram(decoder.replace('\'', '"')));
        int[] ids = {2, 1, 3, 4, 5, 6, 2};
        assertThat(tokenizer.decode(ids)).isEqualTo(tokenizer.nativeDecode(ids));
        assertThat(tokenizer.token(4)).isEqualTo("b");
        assertThatThrownBy(() -> tokenizer.decode(new int[] {7}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token id 7");
    }

    /// The native library ends the JVM on such a number.
    @Test
    void aNumberBeyondFloatingPointIsRefused() {
        refuses(
                TestTokenizers.unigram(
                        "{\"type\": \"Strip\", \"content\": \" \", \"start\": 1e999, \"stop\": 0}"),
                "its decoder holds a number that is too large");
    }

    @Test
    void whatIsNoDecoderIsRefused() {
        refuses(TestTokenizers.unigram("7"), "the tokenizer library refuses it");
    }

    @Test
    void aRealTokenizerGivesTheIdsOfItsReference() {
        Tokenizer tokenizer = DjlTokenizer.open(RealModel.stories260K().resolve("tokenizer.json"));
        assertThat(tokenizer.encode("Once upon a time")).containsExactly(1, 403, 407, 261, 378);
        assertThat(tokenizer.size()).isEqualTo(512);
        assertThat(tokenizer.token(403)).isEqualTo(" Once");
        String text = "Once upon a time, a 日本 girl\nsaw 😀.  Fine!";
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }
}
