package entropylens.chat;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.StrictJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A conversation.
///
/// @param messages each with a `role` and whatever templates read of it, as JSON has it
/// @param variables what else a template is given: `tools`, `enable_thinking` and their like
public record Chat(
        List<Map<String, @Nullable Object>> messages, Map<String, @Nullable Object> variables) {
    private static final int MAX_BYTES = 64_000_000;
    private static final int MAX_DEPTH = 64;
    private static final String MESSAGES = "messages";
    private static final JsonMapper MAPPER =
            JsonMapper.builder(StrictJson.factory(MAX_DEPTH))
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    public Chat {
        messages = List.copyOf(messages);
    }

    /// A question.
    ///
    /// @param system what the system says first, or null
    public static Chat of(@Nullable String system, String user) {
        List<Map<String, @Nullable Object>> messages = new ArrayList<>();
        if (system != null) {
            messages.add(message("system", system));
        }
        messages.add(message("user", user));
        return new Chat(messages, Map.of());
    }

    private static Map<String, @Nullable Object> message(String role, String content) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", content);
        return message;
    }

    /// The same conversation, gone on with.
    ///
    /// @param role who speaks: `system`, `user`, `assistant`
    public Chat and(String role, String content) {
        List<Map<String, @Nullable Object>> more = new ArrayList<>(messages);
        more.add(message(role, content));
        return new Chat(more, variables);
    }

    /// A conversation in a file: a list of messages in JSON, or an object with `messages` and the
    /// variables of the template.
    ///
    /// @throws CheckpointException when the file is no such JSON
    public static Chat read(Path file) {
        JsonNode json = parse(file, StrictJson.bytes(file, MAX_BYTES));
        try {
            return of(json);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /// A conversation in JSON: a list of messages, or an object with `messages` and the variables
    /// of the template.
    ///
    /// @throws IllegalArgumentException that says what it must be
    public static Chat of(JsonNode json) {
        JsonNode list = json.isObject() ? json.path(MESSAGES) : json;
        if (!list.isArray()) {
            throw new IllegalArgumentException(
                    "must hold a list of messages, or an object with 'messages'");
        }
        List<Map<String, @Nullable Object>> messages = new ArrayList<>();
        for (JsonNode message : list) {
            if (!message.isObject() || !message.path("role").isString()) {
                throw new IllegalArgumentException(
                        "message %d must be an object with a 'role'"
                                .formatted(messages.size() + 1));
            }
            messages.add(object(message));
        }
        Map<String, @Nullable Object> variables =
                json.isObject() ? object(json) : new LinkedHashMap<>();
        variables.remove(MESSAGES);
        return new Chat(messages, variables);
    }

    private static JsonNode parse(Path file, byte[] bytes) {
        try {
            return MAPPER.readTree(StrictJson.utf8(bytes, bytes.length));
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "%s: is not valid JSON: %s".formatted(file, StrictJson.reason(e)), e);
        }
    }

    @SuppressWarnings("unchecked") // an object of JSON has names and values
    private static Map<String, @Nullable Object> object(JsonNode json) {
        return MAPPER.treeToValue(json, LinkedHashMap.class);
    }
}
