package entropylens.data;

import entropylens.chat.Chat;
import entropylens.checkpoint.StrictJson;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Conversations in cells of a user's rows: a list of messages, or the JSON of one as text, as
/// cells of CSV have it.
final class Conversations {
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
            return chat;
        } catch (IllegalArgumentException e) {
            throw Fields.wrong(file, row, column, String.valueOf(e.getMessage()));
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
