package entropylens.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Whatever is in a file: it is read, or refused with an explanation.
class HostileInputTest {
    /// Opening DuckDB takes a tenth of a second.
    private static final int PARQUET_TRIES = 60;

    private static Path folder = Path.of("");
    private static byte[] parquet = {};

    @BeforeContainer
    static void prepare() throws IOException {
        folder = Files.createTempDirectory("hostile");
        Path file =
                Parquet.write(
                        folder.resolve("good.parquet"),
                        "SELECT 'story ' || i AS text, 'q' AS question, ['a','b','c','d'] AS choices, i % 4 AS answer FROM range(200) r(i)");
        parquet = Files.readAllBytes(file);
    }

    @AfterContainer
    static void cleanUp() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static void readOrRefuse(String name, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve(name), content);
        try {
            Stories.read(file, Optional.empty());
        } catch (DataException e) {
            requireOneLine(e);
        }
        try {
            Questions.read(file, true);
        } catch (DataException e) {
            requireOneLine(e);
        }
    }

    private static void requireOneLine(DataException e) {
        String message = String.valueOf(e.getMessage());
        if (message.lines().count() != 1 || !message.startsWith(folder.toString())) {
            throw new AssertionError("not one line that names the file: " + message, e);
        }
    }

    @Provide
    Arbitrary<String> endings() {
        return Arbitraries.of("jsonl", "json", "csv", "txt", "data");
    }

    /// Text made of what the formats are made of.
    @Provide
    Arbitrary<String> almost() {
        Arbitrary<String> pieces =
                Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        "\"",
                        ",",
                        ":",
                        "\n",
                        "\r\n",
                        " ",
                        "\\",
                        "\\u",
                        "d800",
                        "text",
                        "\"text\"",
                        "question",
                        "\"question\":\"q\"",
                        "choices",
                        "answer",
                        "\"choices\":[\"a\",\"b\",\"c\",\"d\"]",
                        "\"answer\":0",
                        "id",
                        "A",
                        "4",
                        "1e999",
                        "-",
                        "null",
                        "true",
                        "é",
                        "🌱",
                        "<|endoftext|>",
                        "\uFEFF",
                        "\t",
                        "{\"text\":\"a\"}\n",
                        "a,b\n",
                        "\u0001",
                        "stem",
                        "\"label\":");
        return pieces.list().ofMaxSize(60).map(list -> String.join("", list));
    }

    @Property(tries = 1500)
    void anyBytesAreReadOrRefused(@ForAll byte[] content, @ForAll("endings") String ending)
            throws IOException {
        readOrRefuse("bytes." + ending, content);
    }

    @Property(tries = 3000)
    void almostAnyTextIsReadOrRefused(
            @ForAll("almost") String content, @ForAll("endings") String ending) throws IOException {
        readOrRefuse("almost." + ending, content.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = PARQUET_TRIES)
    void damagedParquetIsReadOrRefused(@ForAll int place, @ForAll byte value, @ForAll boolean cut)
            throws IOException {
        byte[] damaged = parquet.clone();
        int at = Math.floorMod(place, damaged.length);
        if (cut) {
            damaged = java.util.Arrays.copyOf(damaged, at);
        } else {
            damaged[at] = value;
        }
        readOrRefuse("damaged.parquet", damaged);
    }
}
