package entropylens.tokenizer;

import entropylens.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Reads the "decoder" of a tokenizer.json, and refuses what [TokenDecoder] cannot do.
final class DecoderJson {

    private final Path file;
    private final List<TokenDecoder.Replacement> replacements = new ArrayList<>();
    private boolean byteFallback;
    private int spacesToStrip;

    private DecoderJson(Path file) {
        this.file = file;
    }

    static TokenDecoder read(Path file, JsonNode json) {
        if (json.isNull()) {
            return new TokenDecoder.Words();
        }
        List<JsonNode> steps = steps(json);
        if (steps.size() == 1 && type(steps.getFirst()).equals("ByteLevel")) {
            return new TokenDecoder.ByteLevel();
        }
        if (steps.size() == 1 && type(steps.getFirst()).equals("Metaspace")) {
            return new DecoderJson(file).metaspace(steps.getFirst());
        }
        return new DecoderJson(file).pieces(steps, json);
    }

    private static List<JsonNode> steps(JsonNode json) {
        return type(json).equals("Sequence")
                ? List.copyOf(json.path("decoders").values())
                : List.of(json);
    }

    private static String type(JsonNode step) {
        return step.path("type").asString("");
    }

    private TokenDecoder metaspace(JsonNode step) {
        String mark = step.path("replacement").asString("");
        String scheme = step.path("prepend_scheme").asString("always");
        if (mark.codePointCount(0, mark.length()) != 1
                || !List.of("always", "first", "never").contains(scheme)) {
            throw unsupported(step);
        }
        boolean prefixed = step.path("add_prefix_space").asBoolean(true);
        return new TokenDecoder.Metaspace(mark, prefixed && !scheme.equals("never"));
    }

    /// Replacements, ByteFallback, Fuse, Strip: each may be missing, none may come earlier.
    private TokenDecoder pieces(List<JsonNode> steps, JsonNode json) {
        var order = List.of("Replace", "ByteFallback", "Fuse", "Strip");
        int stage = 0;
        boolean fused = false;
        for (JsonNode step : steps) {
            int next = order.indexOf(type(step));
            if (next < stage) {
                throw unsupported(json);
            }
            stage = next;
            switch (type(step)) {
                case "Replace" -> replacements.add(replacement(step));
                case "ByteFallback" -> byteFallback = true;
                case "Fuse" -> fused = true;
                default -> spacesToStrip += strip(step);
            }
        }
        if (steps.isEmpty() || (spacesToStrip > 0 && !fused)) {
            throw unsupported(json);
        }
        return new TokenDecoder.Pieces(List.copyOf(replacements), byteFallback, spacesToStrip);
    }

    private TokenDecoder.Replacement replacement(JsonNode step) {
        String pattern = step.path("pattern").path("String").asString("");
        if (pattern.isEmpty() || !step.path("content").isString()) {
            throw unsupported(step);
        }
        return new TokenDecoder.Replacement(pattern, step.path("content").asString());
    }

    private int strip(JsonNode step) {
        JsonNode start = step.path("start");
        boolean leadingSpaces =
                step.path("content").asString("").equals(" ") && step.path("stop").asInt(-1) == 0;
        if (!leadingSpaces || !start.isInt() || start.asInt() < 0) {
            throw unsupported(step);
        }
        return start.asInt();
    }

    private CheckpointException unsupported(JsonNode json) {
        String text = json.toString();
        return new CheckpointException(
                "%s: the decoder %s is not supported; supported are ByteLevel, Metaspace, and a Sequence of Replace (of a String), ByteFallback, Fuse and Strip (of leading spaces)"
                        .formatted(
                                file,
                                text.length() <= 200 ? text : text.substring(0, 200) + "..."));
    }
}
