package entropylens.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import entropylens.gguf.GgufWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tokenizers of the vocabularies in GGUF files.
class GgufTokenizerTest {
    private static final Path OWN = Path.of("../zoo/models/tinytown-llama-4/tokenizer.json");
    private static final List<String> ODD =
            List.of(
                    "",
                    " ",
                    "   three  spaces\t\ttabs\n\nlines\r\n",
                    "I'm we'll THEY'VE 1234567 3.14",
                    "<|bos|>Hello<|bos|> world",
                    "déjà vu, 東京, \u0928\u092e\u0938\u094d\u0924\u0947, 👩‍👩‍👧 e\u0301",
                    "\u0000\u0001\uFFFD\u200B");

    @TempDir Path folder;

    /// As llama.cpp's converter writes the vocabulary of a tokenizer.json: tokens by their ids,
    /// control tokens marked.
    private static GgufWriter tinytown(String pre) throws IOException {
        JsonNode json = new JsonMapper().readTree(Files.readString(OWN));
        TreeMap<Integer, String> tokens = new TreeMap<>();
        json.get("model")
                .get("vocab")
                .properties()
                .forEach(entry -> tokens.put(entry.getValue().asInt(), entry.getKey()));
        int[] types = new int[tokens.size()];
        Arrays.fill(types, 1);
        for (JsonNode added : json.get("added_tokens")) {
            types[added.get("id").asInt()] = 3;
        }
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : json.get("model").get("merges")) {
            merges.add(
                    merge.isString()
                            ? merge.asString()
                            : merge.get(0).asString() + " " + merge.get(1).asString());
        }
        return GgufWriter.of("llama")
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", pre)
                .texts("tokenizer.ggml.tokens", List.copyOf(tokens.values()))
                .integers("tokenizer.ggml.token_type", types)
                .texts("tokenizer.ggml.merges", merges)
                .integer("tokenizer.ggml.bos_token_id", 0)
                .flag("tokenizer.ggml.add_bos_token", true);
    }

    private Path file(GgufWriter writer) {
        return writer.write(folder.resolve("some.gguf"));
    }

    /// The Tinytown models cut off digits, as StarCoder does.
    @Test
    void aByteLevelVocabularyGivesTheIdsOfItsTokenizerJson() throws IOException {
        Tokenizer own = DjlTokenizer.open(OWN);
        Tokenizer made = Tokenizers.open(file(tinytown("starcoder")));
        for (String text : ODD) {
            int[] ids = own.encode(text);
            assertThat(made.encode(text)).as(text).isEqualTo(ids);
            assertThat(made.encodeWithoutSpecialTokens(text))
                    .as(text)
                    .isEqualTo(own.encodeWithoutSpecialTokens(text));
            assertThat(made.decode(ids)).as(text).isEqualTo(own.decode(ids));
        }
    }

    /// StarCoder cuts off every digit, GPT-2 cuts numbers off whole: only there do digits merge.
    @ParameterizedTest
    @CsvSource({"gpt-2, 3 2", "starcoder, 0 1 2"})
    void theNameOfTheCutDecidesWhatMerges(String pre, String ids) {
        GgufWriter writer =
                GgufWriter.of("llama")
                        .text("tokenizer.ggml.model", "gpt2")
                        .text("tokenizer.ggml.pre", pre)
                        .texts("tokenizer.ggml.tokens", List.of("1", "2", "a", "12"))
                        .texts("tokenizer.ggml.merges", List.of("1 2"));
        int[] expected = Arrays.stream(ids.split(" ")).mapToInt(Integer::parseInt).toArray();
        assertThat(Tokenizers.open(file(writer)).encode("12a")).isEqualTo(expected);
    }

    /// Every text merges into one token, but for the cuts. `|` stands for a cut, `~` for a line
    /// break.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    qwen2;        e|\u0301x| |1|2
                    qwen35;       e\u0301x| |1|2
                    qwen2;        a|!~|b
                    seed-coder;   a|!|~|b
                    bailingmoe;   x|'D| |1|y
                    bloom;        ab|,| cd12
                    viking;       ab|,| cd|1|2
                    poro-chat;    ab|\u3002| cd12
                    chameleon;    ab|  |7|8|!|?|c
                    superbpe;     a b |12|345
                    gpt-4o;       Hello\u4E16\u754Cab|C| |123|4
                    minimax-m2;   Hello\u4E16\u754Cab|C| |123|4
                    solar-open;   a|!~|b| |1|2
                    mellum2;      ab|'|1|2| c
                    jais-2;       a|  | | b|!~|123|4
                    dbrx;         a|   | b|!~|123|4
                    kimi-k2;      Hello|\u4E16\u754C|ab|C| |123|4
                    kimi-k2;      a|!~|b
                    deepseek-llm; ab| cd|~|12|\u4E2D|e|\u00E9|!
                    default;      ab|'|123|45| c
                    gpt-2;        ab|'|12345| c
                    """)
    void eachWayToCutCutsWhereItsPatternSays(String pre, String cut) {
        String text = cut.replace('~', '\n');
        Tokenizer made = Tokenizers.open(file(mergingAll(pre, text.replace("|", ""))));
        List<String> pieces = new ArrayList<>();
        for (int id : made.encodeWithoutSpecialTokens(text.replace("|", ""))) {
            pieces.add(made.decode(new int[] {id}));
        }
        assertThat(pieces).containsExactly(text.split("\\|"));
    }

    /// A vocabulary of all pieces of a text, with merges that make any piece from left to right.
    private static GgufWriter mergingAll(String pre, String text) {
        StringBuilder all = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            all.append(TestTokenizers.letter(Byte.toUnsignedInt(b)));
        }
        String letters = all.toString();
        List<String> tokens = new ArrayList<>();
        List<String> merges = new ArrayList<>();
        for (int from = 0; from < letters.length(); from++) {
            for (int to = from + 1; to <= letters.length(); to++) {
                String piece = letters.substring(from, to);
                if (tokens.contains(piece)) {
                    continue;
                }
                tokens.add(piece);
                if (piece.length() > 1) {
                    int last = piece.length() - 1;
                    merges.add(piece.substring(0, last) + " " + piece.substring(last));
                }
            }
        }
        return GgufWriter.of("llama")
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", pre)
                .texts("tokenizer.ggml.tokens", tokens)
                .texts("tokenizer.ggml.merges", merges)
                .integer("tokenizer.ggml.bos_token_id", 0);
    }

    @Test
    void withoutAWayToCutTextIsRefused() throws IOException {
        GgufWriter writer =
                GgufWriter.of("llama")
                        .text("tokenizer.ggml.model", "gpt2")
                        .texts("tokenizer.ggml.tokens", List.of("1", "2", "12"))
                        .texts("tokenizer.ggml.merges", List.of("1 2"));
        Path file = file(writer);
        assertThatThrownBy(() -> Tokenizers.find(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("there is no tokenizer.ggml.pre");
    }

    /// Vocabularies that llama.cpp publishes, with texts and the ids it gives them
    /// (`models/ggml-vocab-*.gguf`, `.inp`, `.out`): `-Dgguf.vocabularies=DIR/models`.
    @Test
    @EnabledIfSystemProperty(named = "gguf.vocabularies", matches = ".+")
    void vocabulariesOfLlamaCppGiveItsIds() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("gguf.vocabularies")))) {
            for (Path texts : files.filter(f -> f.toString().endsWith(".inp")).sorted().toList()) {
                Path file =
                        texts.resolveSibling(texts.getFileName().toString().replace(".inp", ""));
                if (Files.exists(file)) {
                    compare(file, texts);
                }
            }
        }
    }

    private static void compare(Path file, Path texts) throws IOException {
        Tokenizer tokenizer;
        try {
            tokenizer = Tokenizers.open(file);
        } catch (CheckpointException e) {
            System.out.println("refused: " + e.getMessage());
            return;
        }
        String[] in = Files.readString(texts).split("\n__ggml_vocab_test__\n", -1);
        Path results = Path.of(texts.toString().replace(".inp", ".out"));
        List<String> out = Files.readAllLines(results);
        assertThat(out).as(file.toString()).isNotEmpty();
        for (int i = 0; i < out.size(); i++) {
            int[] ids =
                    Arrays.stream(out.get(i).strip().split("\\s+"))
                            .filter(id -> !id.isEmpty())
                            .mapToInt(Integer::parseInt)
                            .toArray();
            assertThat(tokenizer.encodeWithoutSpecialTokens(in[i]))
                    .as("%s, text %d: %s", file.getFileName(), i, in[i])
                    .isEqualTo(ids);
        }
        System.out.printf("%s: %d texts, all ids%n", file.getFileName(), out.size());
    }

    private static GgufWriter sentencePiece() {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int i = 0; i < 256; i++) {
            tokens.add("<0x%02X>".formatted(i));
        }
        tokens.addAll(List.of("▁", "a", "b", "c", "ab", "bc", "abc", "▁a", "▁ab"));
        float[] scores = new float[tokens.size()];
        float[] last = {-9, -8, -7, -6, -2, -1, -3, -4, -5};
        System.arraycopy(last, 0, scores, 259, last.length);
        int[] types = new int[tokens.size()];
        Arrays.fill(types, 1);
        types[0] = 2;
        types[1] = 3;
        types[2] = 3;
        Arrays.fill(types, 3, 259, 6);
        return GgufWriter.of("llama")
                .text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", tokens)
                .numbers("tokenizer.ggml.scores", scores)
                .integers("tokenizer.ggml.token_type", types)
                .integer("tokenizer.ggml.bos_token_id", 1);
    }

    @Test
    void piecesWithHigherScoresAreMadeFirst() {
        Tokenizer made = Tokenizers.open(file(sentencePiece()));
        int first = 259;
        // bc scores highest, so abc is made of a and bc, and ▁ stays alone
        assertThat(made.encode("abc")).containsExactly(1, first, first + 6);
        assertThat(made.encode("ab")).containsExactly(1, first + 8);
        assertThat(made.decode(made.encode("abc ab"))).isEqualTo("abc ab");
    }

    @Test
    void whatIsNoTokenIsWrittenInBytes() {
        Tokenizer made = Tokenizers.open(file(sentencePiece()));
        assertThat(made.encodeWithoutSpecialTokens("é")).containsExactly(259, 3 + 0xC3, 3 + 0xA9);
        assertThat(made.decode(made.encode("é!"))).isEqualTo("é!");
    }

    @ParameterizedTest
    @CsvSource({
        "tokenizer.ggml.pre, jina-v2-code, a way to cut text that is not known",
        "tokenizer.ggml.model, t5, only gpt2 and llama are read"
    })
    void whatIsNotKnownIsRefusedByName(String key, String value, String why) throws IOException {
        Path file = file(tinytown("starcoder").text(key, value));
        assertThatThrownBy(() -> Tokenizers.find(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("some.gguf")
                .hasMessageContaining(key)
                .hasMessageContaining("'" + value + "'")
                .hasMessageContaining(why);
    }

    /// More with -Dgguf.damages=100000.
    @Test
    void damagedVocabulariesAreRefusedOrUsable() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        byte[] whole = sentencePiece().bytes();
        int damages = Integer.getInteger("gguf.damages", 300);
        int refused = 0;
        for (int i = 0; i < damages; i++) {
            byte[] bytes = whole.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Path file = Files.write(folder.resolve("some.gguf"), bytes);
            try {
                Tokenizers.find(file).ifPresent(found -> found.encode("abc é <s>"));
            } catch (CheckpointException e) {
                refused++;
            }
        }
        System.out.printf("%,d damaged vocabularies, %,d refused%n", damages, refused);
        assertThat(refused).isPositive();
    }
}
