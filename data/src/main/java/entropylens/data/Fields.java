package entropylens.data;

import entropylens.checkpoint.NearNames;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Values of a user's row, refused by row and column where they are not what they should be.
final class Fields {
    private static final int MAX_NAMES = 20;

    private Fields() {}

    /// The row's own id, or else its number.
    static String id(InputRecord row) {
        JsonNode id = row.values().path("id");
        boolean usable = id.isString() && !id.stringValue().isBlank() || id.isIntegralNumber();
        return usable ? id.asString() : Long.toString(row.number());
    }

    /// The text of a column: not empty, and of whole characters.
    static String text(Path file, InputRecord row, String column) {
        JsonNode value = row.values().path(column);
        if (value.isMissingNode()) {
            throw missing(file, row, column);
        }
        return text(file, row, column, value);
    }

    /// @param column what to call the place of `value`
    static String text(Path file, InputRecord row, String column, JsonNode value) {
        if (!value.isString()) {
            throw wrong(file, row, column, "must hold text, but holds " + JsonText.kind(value));
        }
        String text = value.stringValue();
        if (text.isBlank()) {
            throw wrong(file, row, column, "is empty; fill it or leave the row out");
        }
        if (hasHalfCharacter(text)) {
            throw wrong(file, row, column, "holds half a character (a lone surrogate); remove it");
        }
        return text;
    }

    /// Whether a text anywhere in a value holds one.
    static boolean hasHalfCharacter(JsonNode value) {
        return value.isString()
                ? hasHalfCharacter(value.stringValue())
                : value.valueStream().anyMatch(Fields::hasHalfCharacter);
    }

    /// Such halves can be escaped in JSON, but not written in UTF-8, so they would be lost.
    private static boolean hasHalfCharacter(String text) {
        return text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }

    static DataException missing(Path file, InputRecord row, String column) {
        Collection<String> there = row.values().propertyNames();
        List<String> near = NearNames.of(column, there);
        return new DataException(
                "%s: %s: there is no column '%s'%s; there are %s"
                        .formatted(
                                file,
                                row.where(),
                                Shown.of(column),
                                near.isEmpty()
                                        ? ""
                                        : " (did you mean '" + Shown.of(near.getFirst()) + "'?)",
                                names(there)));
    }

    static DataException wrong(Path file, InputRecord row, String column, String what) {
        return new DataException(
                "%s: %s, column '%s': %s".formatted(file, row.where(), Shown.of(column), what));
    }

    static String names(Collection<String> columns) {
        String names =
                columns.stream()
                        .limit(MAX_NAMES)
                        .map(name -> "'" + Shown.of(name) + "'")
                        .collect(Collectors.joining(", "));
        if (columns.isEmpty()) {
            return "none";
        }
        return columns.size() > MAX_NAMES
                ? names + " and " + (columns.size() - MAX_NAMES) + " more"
                : names;
    }
}
