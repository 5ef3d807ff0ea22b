package entropylens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoriesTest {
    @TempDir Path folder;

    private Path file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Story> read(Path file) {
        return Stories.read(file, Optional.empty()).stories();
    }

    private static void refused(Path file, String... parts) {
        refused(file, Optional.empty(), parts);
    }

    private static void refused(Path file, Optional<String> column, String... parts) {
        assertThatThrownBy(() -> Stories.read(file, column))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString())
                .message()
                .hasLineCount(1)
                .contains(parts);
    }

    @Test
    void aStoryIsTheSameInEveryKindOfFile() {
        String json = "{\"id\": 7, \"text\": \"Once, \\\"upon\\\"\\na time 🌱\"}";
        List<Story> expected = List.of(new Story("7", "Once, \"upon\"\na time 🌱"));
        assertThat(read(file("a.jsonl", "\n" + json + "\r\n\n"))).isEqualTo(expected);
        assertThat(read(file("a.json", " [\n" + json + "\n]\n"))).isEqualTo(expected);
        assertThat(read(file("unnamed", json))).isEqualTo(expected);
        assertThat(read(file("a.csv", "id,text\r\n7,\"Once, \"\"upon\"\"\na time 🌱\"\r\n")))
                .isEqualTo(expected);
        assertThat(read(file("a.txt", "\n\nOnce, \"upon\"\na time 🌱\n\n")))
                .isEqualTo(List.of(new Story("1", expected.getFirst().text())));
        Path parquet =
                Parquet.write(
                        folder.resolve("it's [1]*.parquet"),
                        "SELECT 7 AS id, E'Once, \"upon\"\\na time 🌱' AS text");
        assertThat(read(parquet)).isEqualTo(expected);
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() {
        assertThat(read(file("a.csv", "\uFEFFtext\nx\n"))).containsExactly(new Story("1", "x"));
        assertThat(read(file("a.jsonl", "\uFEFF{\"text\":\"x\"}"))).hasSize(1);
        assertThat(read(file("a.json", "\uFEFF[{\"text\":\"x\"}]"))).hasSize(1);
        assertThat(read(file("a.txt", "\uFEFFx"))).containsExactly(new Story("1", "x"));
    }

    @Test
    void storiesOfTinyStoriesAreSeparatedByTheirMark() {
        String text =
                "One.\n\nStill one.\n<|endoftext|>\n\nTwo.\n<|endoftext|>Three<|endoftext|><|endoftext|>\n";
        assertThat(read(file("a.txt", text)))
                .extracting(Story::text)
                .containsExactly("One.\n\nStill one.", "Two.", "Three");
    }

    @Test
    void theColumnIsTheOneNamedOrTheUsualOrTheOnlyOne() {
        Path two = file("two.csv", "text,prompt\na,b\n");
        assertThat(Stories.read(two, Optional.of("prompt")).stories())
                .containsExactly(new Story("1", "b"));
        assertThat(read(two)).containsExactly(new Story("1", "a"));
        assertThat(read(file("one.csv", "anything\na\n"))).containsExactly(new Story("1", "a"));
        refused(
                file("none.csv", "textt,other\na,b\n"),
                "there is no column 'text'",
                "(textt?)",
                "there are 'textt', 'other'");
        refused(
                two,
                Optional.of("promt"),
                "row 1 (line 2): there is no column 'promt' (did you mean 'prompt'?)",
                "there are 'text', 'prompt'");
    }

    @Test
    void onlyAsManyAreReadAsAreAskedFor() {
        Path file = file("a.jsonl", "{\"text\":\"a\"}\n{\"text\":\"b\"}\nbroken\n");
        assertThat(Stories.read(file, Optional.empty(), 2).stories()).hasSize(2);
        refused(file, "line 3, column 1: is not valid JSON");
    }

    @Test
    void duplicatesAreNoticed() {
        Path once = file("a.txt", "a\n\nb\n\na\n");
        assertThat(Stories.read(once, Optional.empty()).warnings())
                .containsExactly(once + ": story 3 (line 5) has the same text as story 1 (line 1)");
        Path more = file("b.txt", "a\n\na\n\na\n");
        assertThat(Stories.read(more, Optional.empty()).warnings())
                .hasSize(1)
                .allMatch(warning -> warning.endsWith("and 1 more texts occur twice"));
        assertThat(Stories.read(file("c.txt", "a\n\nb"), Optional.empty()).warnings()).isEmpty();
    }

    @Test
    void anIdTwiceIsRefused() {
        refused(
                file("a.csv", "id,text\nx,a\ny,b\nx,c\n"),
                "row 3 (line 4), column 'id': 'x' is the id of row 1 (line 2) too");
    }

    @Test
    void aWrongCellIsNamedByRowAndColumn() {
        refused(file("a.csv", "id,text\n1,a\n2,\n"), "row 2 (line 3), column 'text': is empty");
        refused(
                file("b.csv", "text,n\n\"a\nb\",1\nc\n"),
                "row 2 (line 4): has 1 cells, but there are 2 columns");
        refused(file("c.csv", "text\na \"b\" c\n"), "line 2, column 3: a quote inside a cell");
        refused(file("d.csv", "text\n\"a\"b\n"), "line 2, column 4: a comma must follow");
        refused(
                file("e.csv", "text,n\n1,\"abc\n\n"),
                "line 2, column 3: this quote is never closed");
        refused(file("f.csv", "text,text\na,b\n"), "two columns are called 'text'");
        refused(
                file("a.jsonl", "{\"text\":\"a\"}\n{\"text\":5}"),
                "line 2, column 'text': must hold text, but holds a number");
        refused(
                file("b.jsonl", "{\"text\":null}"),
                "line 1, column 'text': must hold text, but holds null");
        refused(file("c.jsonl", "{\"text\":\" \\n\"}"), "line 1, column 'text': is empty");
        refused(
                file("d.jsonl", "{\"text\":\"\\ud800\"}"),
                "line 1, column 'text': holds half a character");
        refused(
                file("e.jsonl", "{\"text\":\"a\"}\n[1]"),
                "line 2: must hold an object { ... }, but holds a list");
        refused(file("f.jsonl", "{\"text\":\"a\",\"text\":\"b\"}"), "line 1, column ", "Duplicate");
        refused(file("g.jsonl", "{\"text\":\"a\"\n}"), "line 1, column ");
        refused(file("h.jsonl", "{\"text\":\"a\"} {\"text\":\"b\"}"), "line 1, column ");
        refused(file("a.json", "[{\"text\":\"a\"},\n7]"), "row 2 (line 2): must be an object");
        refused(file("b.json", "[{\"text\":\"a\"},"), "b.json: ");
        refused(file("c.json", "[{\"text\":\"a\"}] x"), "c.json: ");
        refused(
                Parquet.write(
                        folder.resolve("a.parquet"), "SELECT 'a' AS text UNION ALL SELECT NULL"),
                "row 2, column 'text': must hold text, but holds null");
    }

    @Test
    void whatIsNotUtf8IsNamedByItsPlace() {
        byte[] latin = "text\nabc\nd\u00E9f\n".getBytes(StandardCharsets.ISO_8859_1);
        refused(file("a.csv", latin), "line 3, column 2: byte 0xE9 is not UTF-8");
        refused(file("a.txt", latin), "line 3, column 2: byte 0xE9 is not UTF-8");
        byte[] mixed =
                "{\"text\":\"\u00E9\"}\n{\"text\":\"\u00E9\"}\n".getBytes(StandardCharsets.UTF_8);
        mixed[mixed.length - 5] = 'e';
        refused(file("a.jsonl", mixed), "line 2, column 11: byte 0xA9 is not UTF-8");
        byte[] list =
                "[{\"text\":\"a\"},\n{\"text\":\"\u00E9\"}]".getBytes(StandardCharsets.ISO_8859_1);
        refused(file("a.json", list), "line 2, column 10: byte 0xE9 is not UTF-8");
        refused(
                file("b.txt", "x".getBytes(Charset.forName("UTF-16"))),
                "is UTF-16 text; save it as UTF-8");
    }

    @Test
    void anotherKindOfFileIsRefusedByName() {
        refused(file("a.csv", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10}), "is a PNG picture");
        refused(file("a.jsonl", new byte[] {0x1F, (byte) 0x8B, 8}), "is compressed with gzip");
        refused(file("a.txt", new byte[] {'a', 0, 'b'}), "is binary, not text");
        refused(file("b.csv", "PAR1xxxx"), "is a Parquet file by its content");
        refused(file("a.parquet", "id,text\n"), "is no Parquet file, which begins with PAR1");
        refused(file("b.parquet", "PAR1 and more, but no footer"), "cannot be read as Parquet");
        refused(folder, "is a directory");
        refused(folder.resolve("none.csv"), "there is no such file");
        for (String name :
                List.of("empty.csv", "empty.jsonl", "empty.json", "empty.txt", "empty")) {
            refused(file(name, ""), " is empty".repeat(name.endsWith("csv") ? 1 : 0));
        }
        refused(file("header.csv", "text\n"), "holds no texts");
        refused(file("list.json", "[]"), "holds no texts");
    }

    @Test
    void aLongFileIsReadInLittleMemory() throws IOException {
        Path file = folder.resolve("long.txt");
        try (var out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < 50_000; i++) {
                out.write("Story " + i + "\n\n");
            }
        }
        assertThat(read(file)).hasSize(50_000).endsWith(new Story("50000", "Story 49999"));
    }
}
