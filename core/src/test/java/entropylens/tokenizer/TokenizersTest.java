package entropylens.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Directories without a tokenizer.json: `vocab.json` and `merges.txt` against the ids of
/// transformers (`tools/make_bpe_files.py`), and what cannot be used.
class TokenizersTest {

    private static final Path BPE = Path.of("src/test/resources/bpe");
    private static final JsonNode GOLDEN =
            JsonMapper.shared().readTree(BPE.resolve("variants.json").toFile());
    private static final String CONFIG = "tokenizer_config.json";
    private static final String GPT2 = "{\"tokenizer_class\": \"GPT2Tokenizer\"";

    @TempDir Path directory;

    static Stream<String> variants() {
        return GOLDEN.path("variants").propertyNames().stream();
    }

    private static JsonNode writeVariant(String name, Path directory) throws IOException {
        for (String file : List.of("vocab.json", "merges.txt")) {
            Files.copy(BPE.resolve(file), directory.resolve(file));
        }
        JsonNode variant = GOLDEN.path("variants").path(name);
        for (var file : variant.path("files").properties()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue().toString());
        }
        return variant;
    }

    private static int[] ids(JsonNode list) {
        return list.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    private void refuses(ThrowingCallable what, String... saying) {
        assertThatThrownBy(what)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContainingAll(saying);
    }

    private void refuses(String file, String content, String... saying) throws IOException {
        Files.writeString(directory.resolve(file), content);
        refuses(() -> Tokenizers.find(directory), saying);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void vocabularyAndMergesGiveTheIdsOfTransformers(String name) throws IOException {
        JsonNode golden = writeVariant(name, directory);
        Tokenizer tokenizer = Tokenizers.open(directory);
        int at = 0;
        for (JsonNode node : GOLDEN.path("texts").values()) {
            String text = node.asString();
            int[] ids = ids(golden.path("ids").path(at));
            assertThat(tokenizer.encode(text)).as(text).containsExactly(ids);
            assertThat(tokenizer.encodeWithoutSpecialTokens(text))
                    .as(text)
                    .containsExactly(ids(golden.path("ids_alone").path(at)));
            assertThat(tokenizer.decode(ids)).isEqualTo(golden.path("decoded").path(at).asString());
            at++;
        }
        assertThat(at).isEqualTo(18);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void tokensAreAddedWithTheFlagsOfTransformers(String name) throws IOException {
        JsonNode golden = writeVariant(name, directory);
        JsonNode made = JsonMapper.shared().readTree(BytePairFiles.read(directory));
        assertThat(made.path("added_tokens").valueStream())
                .containsExactlyInAnyOrderElementsOf(golden.path("added_tokens").values());
    }

    @Test
    void aTokenizerJsonIsPreferred() throws IOException {
        writeVariant("opt", directory);
        TestTokenizers.write(directory, TestTokenizers.sentencePiece());
        assertThat(Tokenizers.open(directory).token(1)).isEqualTo("<s>");
        // and <pad>, which only special_tokens_map.json has
        assertThat(Tokenizers.open(directory).size()).isEqualTo(267);
    }

    @Test
    void windowsLineEndsAreNoPartOfAMerge() throws IOException {
        JsonNode golden = writeVariant("gpt-neo", directory);
        Path merges = directory.resolve("merges.txt");
        Files.writeString(merges, Files.readString(merges).replace("\n", "\r\n"));
        assertThat(Tokenizers.open(directory).encode(GOLDEN.path("texts").path(14).asString()))
                .containsExactly(ids(golden.path("ids").path(14)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer.model", "spiece.model", "tekken.json", "vocab.txt"})
    void anotherFormatAloneIsToldHowToBecomeATokenizerJson(String name) throws IOException {
        Files.createFile(directory.resolve(name));
        assertThat(Tokenizers.find(directory)).isEmpty();
        refuses(
                () -> Tokenizers.open(directory),
                "tokenizer.json: is not there; " + name + " alone is not read, convert it",
                "AutoTokenizer.from_pretrained('" + directory,
                "save_pretrained");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        refuses(() -> Tokenizers.open(directory), "tokenizer.json: is not there; download it");
        Files.copy(BPE.resolve("vocab.json"), directory.resolve("vocab.json"));
        assertThat(Tokenizers.find(directory)).isEmpty();
        refuses(() -> Tokenizers.open(directory), "vocab.json would do as well", "merges.txt");
    }

    @Test
    void filesOfAnotherKindOfTokenizerAreRefused() throws IOException {
        writeVariant("bare", directory);
        refuses("config.json", "{\"model_type\": \"roberta\"}", "model_type 'roberta'", "convert");
        refuses("config.json", "{\"tokenizer_class\": \"CLIPTokenizer\"}", "'CLIPTokenizer'");
        refuses(CONFIG, "{\"tokenizer_class\": \"Qwen2Tokenizer\"}", "'Qwen2Tokenizer'", CONFIG);
        refuses(CONFIG, GPT2 + ", \"auto_map\": {}}", "auto_map");
        refuses(CONFIG, GPT2 + ", \"split_special_tokens\": true}", "split_special_tokens");
    }

    @Test
    void damagedFilesAreRefusedByTheirReason() throws IOException {
        writeVariant("opt", directory);
        String good = Files.readString(directory.resolve("merges.txt"));
        refuses("merges.txt", good + "\n", "merges.txt: line 46 must be two entries", "is ''");
        refuses("merges.txt", good + "a b c\n", "is 'a b c'");
        refuses(
                "merges.txt",
                good + "a \uD83D\uDE00\n",
                "vocab.json: the tokenizer library refuses");
        Files.write(directory.resolve("merges.txt"), new byte[] {'a', ' ', (byte) 0xFF});
        refuses(() -> Tokenizers.find(directory), "merges.txt: is not UTF-8 text");
        Files.writeString(directory.resolve("merges.txt"), good);
        refuses(CONFIG, GPT2 + ", \"add_bos_token\": \"yes\"}", "add_bos_token must be true or");
        refuses(CONFIG, GPT2 + "}}", "tokenizer_config.json: is not valid JSON");
        Files.writeString(directory.resolve(CONFIG), GPT2 + "}");
        refuses("special_tokens_map.json", "[]", "must hold a JSON object");
        refuses("special_tokens_map.json", "{\"bos_token\": 7}", "bos_token must be a token");
        Files.writeString(directory.resolve("special_tokens_map.json"), "{}");
        refuses("vocab.json", "{\"a\": \"b\"}", "vocab.json: the id of 'a' is no integer");
        refuses("vocab.json", "{\"a\": 1, \"a\": 2}", "Duplicate");
        refuses("vocab.json", "{}", "no model with a vocabulary");
    }

    @Test
    void anIdThatTheVocabularyCannotGiveIsRefused() throws IOException {
        writeVariant("bare", directory);
        String token = ", \"added_tokens_decoder\": {\"%s\": {\"content\": \"<new>\"}}}";
        refuses(CONFIG, GPT2 + token.formatted("400"), "'<new>' is said to have the id 400", "305");
        refuses(CONFIG, GPT2 + token.formatted("x"), "an added token has the id x");
        Files.writeString(directory.resolve(CONFIG), GPT2 + token.formatted("305"));
        assertThat(Tokenizers.open(directory).encode("<new>")).containsExactly(305);
        Files.delete(directory.resolve(CONFIG));
        refuses("added_tokens.json", "{\"<a>\": 305, \"<b>\": 305}", "share the id 305");
        refuses("added_tokens.json", "{\"<a>\": 306}", "is said to have the id 306");
    }
}
