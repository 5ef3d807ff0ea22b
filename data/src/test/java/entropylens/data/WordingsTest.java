package entropylens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingsTest {
    private static final Map<String, Wordings.Shape> SHAPES =
            new TreeMap<>(
                    Map.of(
                            "tasks",
                            new Wordings.Shape(List.of("count", "go on"), Optional.empty()),
                            "formats",
                            new Wordings.Shape(List.of("chat", "poem"), Optional.of("{topic}"))));

    @TempDir Path folder;

    private Path file(String content) throws IOException {
        return Files.write(folder.resolve("w.json"), content.getBytes(StandardCharsets.UTF_8));
    }

    private void refused(String content, String... said) throws IOException {
        Path file = file(content);
        assertThatThrownBy(() -> Wordings.read(file, SHAPES))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString() + ": ")
                .hasMessageContainingAll(said)
                .hasMessageNotContaining("\n");
    }

    @Test
    void wordingsAreKeptInOrderByStudyAndClass() throws IOException {
        Wordings read =
                Wordings.read(
                        file(
                                "\uFEFF{\"formats\": {\"poem\": [\"P {topic}?\"], \"chat\": [\"B {topic}\", \"A {topic}\"]}}"),
                        SHAPES);
        assertThat(read.of("tasks")).isEmpty();
        Map<String, List<String>> formats = read.of("formats").orElseThrow();
        assertThat(formats.keySet()).containsExactly("chat", "poem");
        assertThat(formats).containsEntry("chat", List.of("B {topic}", "A {topic}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]|must be an object { ... } with one list of wordings per class, but is a list",
                "{}|holds no wordings; give those of at least one of 'formats', 'tasks'",
                "{\"task\": {}}|'task' is no study (did you mean 'tasks'?); there are 'formats', 'tasks'",
                "{\"tasks\": [\"a\"]}|'tasks' must be an object { ... } with one list of wordings per class, but is a list",
                "{\"tasks\": {\"count\": [\"a\"]}}|'tasks' has no class 'go on'; expected all of 'count', 'go on', found 'count'",
                "{\"tasks\": {\"cuont\": [\"a\"]}}|'cuont' is no class of 'tasks' (did you mean 'count'?); there are 'count', 'go on'",
                "{\"tasks\": {\"count\": \"a\", \"go on\": [\"b\"]}}|tasks.count must be a list of wordings, but is text",
                "{\"tasks\": {\"count\": [], \"go on\": [\"b\"]}}|tasks.count is an empty list; give at least one wording",
                "{\"tasks\": {\"count\": [\"a\", 3], \"go on\": [\"b\"]}}|tasks.count[1] must be text, but is a number",
                "{\"tasks\": {\"count\": [\" \"], \"go on\": [\"b\"]}}|tasks.count[0] is empty; write a wording or take the entry out",
                "{\"tasks\": {\"count\": [\"a\\n\"], \"go on\": [\"b\"]}}|tasks.count[0] begins or ends with white space: “a”; take it away",
                "{\"tasks\": {\"count\": [\"\\ud800\"], \"go on\": [\"b\"]}}|tasks.count[0] holds half a character",
                "{\"tasks\": {\"count\": [\"a\"], \"go on\": [\"b\", \"a\"]}}|tasks.go on[1] is the same wording as tasks.count[0], “a”; wordings of a study must differ",
                "{\"tasks\": {\"count\": [\"a {story}\"], \"go on\": [\"b\"]}}|tasks.count[0] must have no placeholder, since the text stands beside it, but has {story}",
                "{\"formats\": {\"chat\": [\"a chat\"], \"poem\": [\"b {topic}\"]}}|formats.chat[0] must have the placeholder {topic} once, but has none: “a chat”",
                "{\"formats\": {\"chat\": [\"{topic} {topic}\"], \"poem\": [\"b {topic}\"]}}|formats.chat[0] must have the placeholder {topic} once, but has {topic}, {topic}",
                "{\"formats\": {\"chat\": [\"{thing}\"], \"poem\": [\"b {topic}\"]}}|must have the placeholder {topic} once, but has {thing}",
                "{\"tasks\": {}, \"tasks\": {}}|is not valid JSON: Duplicate",
                "{\"tasks\": |is not valid JSON: Unexpected end-of-input",
                "{\"tasks\": {\"count\": [\"a\"], \"go on\": [\"b\"]}} {}|is not valid JSON: Trailing token",
            })
    void whatIsWrongIsNamedWithItsPlace(String content, String said) throws IOException {
        refused(content, said);
    }

    @Test
    void emptyMissingAndForeignFilesAreRefused() throws IOException {
        refused(" \n", "is empty; expected a JSON object of wordings");
        Files.write(folder.resolve("latin.json"), new byte[] {'{', (byte) 0xe9, '}'});
        assertThatThrownBy(() -> Wordings.read(folder.resolve("latin.json"), SHAPES))
                .hasMessageContaining("line 1, column 2: byte 0xE9 is not UTF-8");
        assertThatThrownBy(() -> Wordings.read(folder.resolve("none.json"), SHAPES))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none.json");
    }
}
