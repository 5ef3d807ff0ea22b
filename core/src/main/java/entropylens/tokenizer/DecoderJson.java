package entropylens.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads the "decoder" of a tokenizer.json: ByteLevel, Metaspace, and a Sequence of Replace (of a
/// String), ByteFallback, Fuse and Strip (of leading spaces) become a [TokenDecoder]; the others
/// must see the whole text.
final class DecoderJson {
    private static final List<String> ORDER = List.of("Replace", "ByteFallback", "Fuse", "Strip");

    private final List<TokenDecoder.Replacement> replacements = new ArrayList<>();
    private boolean byteFallback;
    private int spacesToStrip;

    private DecoderJson() {}

    /// Empty where single tokens cannot be decoded.
    static Optional<TokenDecoder> read(JsonNode json) {
        if (json.isNull()) {
            return Optional.of(new TokenDecoder.Words());
        }
        List<JsonNode> steps = steps(json);
        if (steps.size() == 1 && type(steps.getFirst()).equals("ByteLevel")) {
            return Optional.of(new TokenDecoder.ByteLevel());
        }
        return steps.size() == 1 && type(steps.getFirst()).equals("Metaspace")
                ? metaspace(steps.getFirst())
                : new DecoderJson().pieces(steps);
    }

    private static List<JsonNode> steps(JsonNode json) {
        return type(json).equals("Sequence")
                ? List.copyOf(json.path("decoders").values())
                : List.of(json);
    }

    private static String type(JsonNode step) {
        return step.path("type").asString("");
    }

    private static Optional<TokenDecoder> metaspace(JsonNode step) {
        String mark = step.path("replacement").asString("");
        String scheme = step.path("prepend_scheme").asString("always");
        if (mark.codePointCount(0, mark.length()) != 1
                || !List.of("always", "first", "never").contains(scheme)) {
            return Optional.empty();
        }
        boolean prefixed = step.path("add_prefix_space").asBoolean(true);
        return Optional.of(new TokenDecoder.Metaspace(mark, prefixed && !scheme.equals("never")));
    }

    /// Replacements, ByteFallback, Fuse, Strip: each may be missing, none may come earlier.
    private Optional<TokenDecoder> pieces(List<JsonNode> steps) {
        int stage = 0;
        boolean fused = false;
        for (JsonNode step : steps) {
            int next = ORDER.indexOf(type(step));
            if (next < stage || !take(step)) {
                return Optional.empty();
            }
            stage = next;
            fused |= type(step).equals("Fuse");
        }
        return spacesToStrip > 0 && !fused
                ? Optional.empty()
                : Optional.of(
                        new TokenDecoder.Pieces(
                                List.copyOf(replacements), byteFallback, spacesToStrip));
    }

    /// Whether a step is one that can be taken token by token.
    private boolean take(JsonNode step) {
        return switch (type(step)) {
            case "Replace" -> replacement(step);
            case "ByteFallback" -> byteFallback = true;
            case "Fuse" -> true;
            default -> strip(step);
        };
    }

    private boolean replacement(JsonNode step) {
        String pattern = step.path("pattern").path("String").asString("");
        if (pattern.isEmpty() || !step.path("content").isString()) {
            return false;
        }
        return replacements.add(
                new TokenDecoder.Replacement(pattern, step.path("content").asString()));
    }

    private boolean strip(JsonNode step) {
        JsonNode start = step.path("start");
        boolean leadingSpaces =
                step.path("content").asString("").equals(" ") && step.path("stop").asInt(-1) == 0;
        if (!leadingSpaces || !start.isInt() || start.asInt() < 0) {
            return false;
        }
        spacesToStrip += start.asInt();
        return true;
    }
}
