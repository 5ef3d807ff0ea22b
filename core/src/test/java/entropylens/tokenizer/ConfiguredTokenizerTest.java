package entropylens.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tokenizers of several kinds, with tokenizer_config.json and its like beside them, against
/// AutoTokenizer (transformers 5.18). Made by tools/make_tokenizer_files.py.
class ConfiguredTokenizerTest {
    private static final JsonNode GOLDEN =
            JsonMapper.shared().readTree(Path.of("src/test/resources/tokenizers/variants.json"));

    @TempDir Path directory;

    static Stream<String> variants() {
        return GOLDEN.path("variants").propertyStream().map(entry -> entry.getKey());
    }

    @ParameterizedTest
    @MethodSource("variants")
    void idsAndTextAreThoseOfAutoTokenizer(String name) throws IOException {
        JsonNode golden = GOLDEN.path("variants").path(name);
        for (var file : golden.path("files").properties()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue().toString());
        }
        Tokenizer tokenizer = Tokenizers.open(directory);
        for (int at = 0; at < GOLDEN.path("texts").size(); at++) {
            String text = GOLDEN.path("texts").path(at).asString();
            int[] ids = ints(golden.path("ids").path(at));
            assertThat(tokenizer.encode(text)).as(text).containsExactly(ids);
            assertThat(tokenizer.encodeWithoutSpecialTokens(text))
                    .as(text)
                    .containsExactly(ints(golden.path("ids_alone").path(at)));
            assertThat(tokenizer.decode(ids))
                    .as(text)
                    .isEqualTo(golden.path("decoded").path(at).asString());
        }
    }

    private static int[] ints(JsonNode list) {
        return list.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    @Test
    void tokensThatOnlyTheConfigurationAddsAreRead() {
        Tokenizer tokenizer =
                Tokenizers.open(Path.of("src/test/resources/cases/tokenizer-config-added-token"));
        assertThat(tokenizer.encode("<|im_start|>the dog")).containsExactly(365, 83, 256, 345);
        assertThat(tokenizer.token(366)).isEqualTo("<|eot|>");
        assertThat(tokenizer.size()).isEqualTo(367);
    }

    @Test
    void aSettingThatIsNoSettingIsRefusedByName() throws IOException {
        Files.copy(
                Path.of("src/test/resources/cases/tokenizer-config-added-token/tokenizer.json"),
                directory.resolve("tokenizer.json"));
        Files.writeString(
                directory.resolve("tokenizer_config.json"), "{\"split_special_tokens\": \"yes\"}");
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tokenizer_config.json: split_special_tokens must be true");
    }
}
