package entropylens.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON read with suspicion: UTF-8 only, no duplicate names, bounded depth and size, nothing after
/// the object. The tokenizer's file is read with it too.
public final class StrictJson {

    /// Deep enough for any configuration, shallow enough for any stack.
    private static final int MAX_DEPTH = 64;

    /// Python writes bare `NaN` and `Infinity`; they are let in here, and refused where a number is
    /// asked for.
    private static final JsonFactory FACTORY =
            factory(MAX_DEPTH).rebuild().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private StrictJson() {}

    /// A factory whose parsers refuse duplicate names and more than `depth` levels. Strings may be
    /// as long as the text: its size is bounded before it is parsed.
    public static JsonFactory factory(int depth) {
        return factory(depth, false);
    }

    /// @param duplicates whether an object may have two properties of one name
    static JsonFactory factory(int depth, boolean duplicates) {
        var limits =
                StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build();
        return JsonFactory.builder()
                .streamReadConstraints(limits)
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, !duplicates)
                .build();
    }

    /// The whole file, or a refusal when it is longer than `limit`.
    public static byte[] bytes(Path file, int limit) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(limit);
            if (in.read() >= 0) {
                throw new CheckpointException(
                        "%s: is larger than %,d bytes and cannot be what its name says; download it again"
                                .formatted(file, limit));
            }
            return bytes;
        } catch (IOException e) {
            throw new CheckpointException("%s: cannot be read (%s)".formatted(file, e), e);
        }
    }

    /// The object that is the whole of `bytes`, which came from `file`.
    public static ObjectNode object(Path file, byte[] bytes) {
        JsonNode node;
        try {
            node = JsonTree.of(FACTORY, utf8(bytes, bytes.length));
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "%s: is not valid JSON: %s; download it again".formatted(file, reason(e)), e);
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new CheckpointException(
                "%s: must hold a JSON object { ... }, but holds %s; download it again"
                        .formatted(file, kind(node)));
    }

    /// Decodes as it is read, so it costs a buffer, and fails on what is not UTF-8.
    public static Reader utf8(byte[] bytes, int length) {
        var decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        return new InputStreamReader(new ByteArrayInputStream(bytes, 0, length), decoder);
    }

    /// What the parser objected to and where, on one line.
    public static String reason(JacksonException e) {
        if (e instanceof JacksonIOException && e.getCause() instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        }
        String text = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
        var at = e.getLocation();
        return at == null || at.getLineNr() < 0
                ? text
                : "%s (line %d, column %d)".formatted(text, at.getLineNr(), at.getColumnNr());
    }

    /// How a message calls a value of this type: "a string", "an object".
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case NUMBER -> "a number";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case BINARY, MISSING, POJO -> "nothing";
        };
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
