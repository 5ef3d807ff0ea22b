package entropylens.data;

import entropylens.checkpoint.StrictJson;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON Lines: an object in every line. Empty lines are left out.
final class JsonLineRecords implements InputRecords {
    private final Path file;
    private final Utf8Lines lines;
    private long rows;

    JsonLineRecords(Path file) {
        this.file = file;
        this.lines = new Utf8Lines(file);
    }

    @Override
    public @Nullable InputRecord next() {
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (!line.isBlank()) {
                return new InputRecord(++rows, "line " + lines.number(), object(line));
            }
        }
        return null;
    }

    private ObjectNode object(String line) {
        JsonNode node;
        try {
            node = JsonText.parse(line);
        } catch (JacksonException e) {
            throw new DataException(
                    "%s: line %d, column %d: is not valid JSON: %s; each line must hold one whole object"
                            .formatted(file, lines.number(), column(e), reason(e)),
                    e);
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new DataException(
                "%s: line %d: must hold an object { ... }, but holds %s"
                        .formatted(file, lines.number(), JsonText.kind(node)));
    }

    private static int column(JacksonException e) {
        return e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getColumnNr());
    }

    /// Without the place, which would be "line 1" in every line.
    private static String reason(JacksonException e) {
        return StrictJson.reason(e).replaceFirst(" \\(line \\d+, column \\d+\\)$", "");
    }

    @Override
    public void close() {
        lines.close();
    }
}
