package entropylens.data;

import entropylens.chat.Chat;
import entropylens.checkpoint.StrictJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Conversations in cells of a user's rows: a list of messages, or the JSON of one as text, as
/// cells of CSV have it.
final class Conversations {
    private static final String CONTENT = "content";

    private Conversations() {}

    /// The conversation of a row.
    ///
    /// @throws DataException when there is none
    static Chat of(Path file, InputRecord row, String column) {
        JsonNode value = row.values().path(column);
        if (value.isMissingNode()) {
            throw Fields.missing(file, row, column);
        }
        JsonNode json = value.isString() ? parsed(file, row, column, value.stringValue()) : value;
        if (Fields.hasHalfCharacter(json)) {
            throw Fields.wrong(
                    file, row, column, "holds half a character (a lone surrogate); remove it");
        }
        try {
            Chat chat = Chat.of(json);
            if (chat.messages().isEmpty()) {
                throw Fields.wrong(
                        file, row, column, "has no messages; fill it or leave the row out");
            }
            for (int i = 0; i < chat.messages().size(); i++) {
                requireContent(i + 1, chat.messages().get(i));
            }
            return chat;
        } catch (IllegalArgumentException e) {
            throw Fields.wrong(file, row, column, String.valueOf(e.getMessage()));
        }
    }

    /// A template prints what is not there as nothing, and a prompt that nobody wrote would be
    /// measured. What an assistant says may be in other values: calls of tools, thoughts.
    private static void requireContent(int number, Map<String, @Nullable Object> message) {
        Object content = message.get(CONTENT);
        boolean said = content instanceof String || content instanceof List;
        boolean elsewhere =
                content == null
                        && "assistant".equals(message.get("role"))
                        && message.values().stream().filter(Objects::nonNull).count() > 1;
        if (!said && !elsewhere) {
            throw new IllegalArgumentException(
                    content == null
                            ? "message %d has no '%s'".formatted(number, CONTENT)
                            : "message %d must have text or a list of parts as its '%s'"
                                    .formatted(number, CONTENT));
        }
    }

    private static JsonNode parsed(Path file, InputRecord row, String column, String text) {
        try {
            return JsonText.parse(text);
        } catch (JacksonException e) {
            throw Fields.wrong(
                    file,
                    row,
                    column,
                    "must hold a list of messages, but is no JSON: " + StrictJson.reason(e));
        }
    }

    /// The conversation of a row that has one, as text.
    static String text(InputRecord row, String column) {
        JsonNode value = row.values().path(column);
        return value.isString() ? value.stringValue() : value.toString();
    }
}
