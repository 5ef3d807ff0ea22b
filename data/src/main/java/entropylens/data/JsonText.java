package entropylens.data;

import entropylens.checkpoint.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON as it is read and written here: duplicate names, bare NaN and what follows a value are
/// refused, and depth is bounded.
final class JsonText {
    private static final int MAX_DEPTH = 64;

    static final JsonMapper MAPPER =
            JsonMapper.builder(StrictJson.factory(MAX_DEPTH))
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private static final ObjectWriter SORTED =
            MAPPER.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

    private JsonText() {}

    /// @throws JacksonException when it is not JSON; [StrictJson#reason] says why
    static JsonNode parse(String text) {
        return MAPPER.readTree(text);
    }

    static String indented(JsonNode node) {
        return MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(node);
    }

    /// The same text for equal trees, whatever the order of their keys.
    static String canonical(JsonNode node) {
        return SORTED.writeValueAsString(node);
    }

    /// The tree of `value`, as it comes back from a file: 1 is the same number whatever its type.
    static ObjectNode tree(Object value) {
        return (ObjectNode) parse(MAPPER.writeValueAsString(value));
    }

    static String list(java.util.List<String> values) {
        return MAPPER.writeValueAsString(values);
    }

    /// A list of texts as [#list] wrote it.
    static java.util.List<String> strings(String list) {
        java.util.List<String> values = new java.util.ArrayList<>();
        parse(list).forEach(value -> values.add(value.stringValue()));
        return values;
    }

    /// How a message calls a value: "a number", "a list".
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case NUMBER -> "a number";
            case OBJECT -> "an object";
            case STRING -> "text";
            case BINARY, MISSING, POJO -> "nothing";
        };
    }
}
