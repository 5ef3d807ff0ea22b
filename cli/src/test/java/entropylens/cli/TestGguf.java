package entropylens.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Models in GGUF of core's tests, and copies of them with more metadata.
final class TestGguf {
    private static final Path FOLDER = Path.of("../core/src/test/resources/gguf");

    /// Magic, version, number of tensors, number of pairs.
    private static final int HEAD = 24;

    private static final int PAIRS = 16;
    private static final int ALIGNMENT = 32;
    private static final int TEXT = 8;
    private static final int LIST = 9;

    private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    private int count;

    static Path golden(String name) {
        return FOLDER.resolve(name + ".gguf").toAbsolutePath().normalize();
    }

    /// A byte-level vocabulary of 29 tokens, the model's: letters, a space, a full stop, `th`.
    static TestGguf withVocabulary() {
        List<String> tokens = new ArrayList<>();
        for (char c = 'a'; c <= 'z'; c++) {
            tokens.add(String.valueOf(c));
        }
        tokens.addAll(List.of("\u0120", ".", "th"));
        return new TestGguf()
                .text("tokenizer.ggml.pre", "gpt-2")
                .texts("tokenizer.ggml.tokens", tokens)
                .texts("tokenizer.ggml.merges", List.of("t h"));
    }

    TestGguf text(String key, String value) {
        return pair(key, TEXT, string(value));
    }

    private TestGguf texts(String key, List<String> values) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes(buffer(12).putInt(TEXT).putLong(values.size()).array());
        values.forEach(value -> list.writeBytes(string(value)));
        return pair(key, LIST, list.toByteArray());
    }

    private TestGguf pair(String key, int type, byte[] value) {
        pairs.writeBytes(string(key));
        pairs.writeBytes(buffer(4).putInt(type).array());
        pairs.writeBytes(value);
        count++;
        return this;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return buffer(8 + bytes.length).putLong(bytes.length).put(bytes).array();
    }

    /// A copy of the model `llama` with these pairs in front.
    Path write(Path file) {
        // a pair that fills up, so that the tensors stay aligned
        String filler = "general.filler";
        int left = Math.floorMod(-(pairs.size() + string(filler).length + 4 + 8), ALIGNMENT);
        text(filler, "x".repeat(left));
        try {
            byte[] model = Files.readAllBytes(golden("llama"));
            ByteBuffer head = ByteBuffer.wrap(model, 0, HEAD).order(ByteOrder.LITTLE_ENDIAN);
            head.putLong(PAIRS, head.getLong(PAIRS) + count);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(model, 0, HEAD);
            all.writeBytes(pairs.toByteArray());
            all.write(model, HEAD, model.length - HEAD);
            String text = new String(all.toByteArray(), StandardCharsets.ISO_8859_1);
            Files.createDirectories(file.getParent());
            return Files.write(
                    file,
                    // llama's own says that there is none
                    text.replace("\0none", "\0gpt2").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
