package entropylens.web;

import entropylens.checkpoint.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The fields of a request's JSON object, read strictly: a name that nobody knows, a value of
/// another kind or out of bounds is refused by name.
final class Fields {
    private static final int MAX_DEPTH = 32;
    private static final int SHOWN = 60;
    private static final JsonMapper MAPPER =
            JsonMapper.builder(StrictJson.factory(MAX_DEPTH))
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final JsonNode json;

    private Fields(JsonNode json) {
        this.json = json;
    }

    /// @param known names that may be there
    /// @throws ApiException when it is no JSON object, or has other names
    static Fields parse(byte[] body, Set<String> known) {
        JsonNode json;
        try {
            json = MAPPER.readTree(new String(body, StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            throw ApiException.wrong("the body is not valid JSON: %s", StrictJson.reason(e));
        }
        if (json == null || !json.isObject()) {
            throw ApiException.wrong("the body must be a JSON object, but is %s", shown(json));
        }
        for (String name : json.propertyNames()) {
            if (!known.contains(name)) {
                throw ApiException.wrongField(
                        cut(name),
                        "there is no field '%s' here; there are %s"
                                .formatted(cut(name), String.join(", ", new TreeSet<>(known))));
            }
        }
        return new Fields(json);
    }

    boolean has(String name) {
        return json.has(name) && !json.get(name).isNull();
    }

    /// A value as it is.
    ///
    /// @throws IllegalStateException when there is none
    JsonNode value(String name) {
        if (!has(name)) {
            throw new IllegalStateException("no field " + name);
        }
        return json.get(name);
    }

    /// What is wrong with the value of a field.
    ApiException wrong(String name, String expected) {
        return wrong(name, expected, value(name));
    }

    Optional<String> text(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = json.get(name);
        if (!value.isString()) {
            throw wrong(name, "a text", value);
        }
        requireShort(name, value.asString());
        return Optional.of(value.asString());
    }

    /// @throws ApiException when a text has too many characters
    static void requireShort(String name, String text) {
        if (text.length() > Limits.CHARACTERS) {
            throw new ApiException(
                    ApiException.TOO_LARGE,
                    "'%s' may have %,d characters, but has %,d"
                            .formatted(name, Limits.CHARACTERS, text.length()),
                    name);
        }
    }

    boolean flag(String name) {
        if (!has(name)) {
            return false;
        }
        if (!json.get(name).isBoolean()) {
            throw wrong(name, "true or false", json.get(name));
        }
        return json.get(name).asBoolean();
    }

    int whole(String name, int otherwise, int least, int most) {
        return has(name) ? (int) whole(name, json.get(name), least, most) : otherwise;
    }

    long seed(String name) {
        return has(name) ? whole(name, json.get(name), Long.MIN_VALUE, Long.MAX_VALUE) : 0;
    }

    private static long whole(String name, JsonNode value, long least, long most) {
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.asLong() < least
                || value.asLong() > most) {
            throw wrong(name, "a whole number of %,d to %,d".formatted(least, most), value);
        }
        return value.asLong();
    }

    double number(String name, double otherwise) {
        return has(name) ? number(name, json.get(name)) : otherwise;
    }

    private static double number(String name, JsonNode value) {
        if (!value.isNumber()) {
            throw wrong(name, "a number", value);
        }
        return value.asDouble();
    }

    List<Double> numbers(String name) {
        return list(name).stream().map(value -> number(name, value)).toList();
    }

    /// Orders of Rényi entropies: numbers, or `"inf"`.
    List<Double> orders(String name) {
        return list(name).stream()
                .map(value ->
                        value.isString() && value.asString().equals("inf")
                                ? Double.POSITIVE_INFINITY
                                : number(name, value))
                .toList();
    }

    List<String> words(String name) {
        List<String> words = new ArrayList<>();
        for (JsonNode value : list(name)) {
            if (!value.isString()) {
                throw wrong(name, "a list of words", value);
            }
            words.add(value.asString());
        }
        return words;
    }

    /// Whole numbers, none where the field is missing.
    int[] wholes(String name, int least, int most) {
        return list(name).stream()
                .mapToInt(value -> (int) whole(name, value, least, most))
                .toArray();
    }

    /// Whole numbers of a list inside a field.
    static int[] wholes(String name, JsonNode list, int least, int most) {
        return list.values().stream()
                .mapToInt(value -> (int) whole(name, value, least, most))
                .toArray();
    }

    private List<JsonNode> list(String name) {
        if (!has(name)) {
            return List.of();
        }
        JsonNode value = json.get(name);
        if (!value.isArray()) {
            throw wrong(name, "a list", value);
        }
        return List.copyOf(value.values());
    }

    /// Messages of a chat, each an object with a role.
    List<Map<String, @Nullable Object>> messages(String name) {
        List<Map<String, @Nullable Object>> messages = new ArrayList<>();
        for (JsonNode message : list(name)) {
            if (!message.isObject() || !message.path("role").isString()) {
                throw wrong(name, "a list of objects with a 'role'", message);
            }
            messages.add(object(message));
        }
        return messages;
    }

    @SuppressWarnings("unchecked") // an object of JSON has names and values
    private static Map<String, @Nullable Object> object(JsonNode json) {
        return MAPPER.treeToValue(json, LinkedHashMap.class);
    }

    private static ApiException wrong(String name, String expected, JsonNode found) {
        return ApiException.wrongField(
                name, "'%s' must be %s, but has %s".formatted(name, expected, shown(found)));
    }

    private static String shown(@Nullable JsonNode found) {
        return found == null || found.isMissingNode() ? "nothing" : cut(found.toString());
    }

    private static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
