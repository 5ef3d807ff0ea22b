package entropylens.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Plain text, cut into stories: at `<|endoftext|>`, as the files of TinyStories are, where that
/// stands in the first megabyte; at empty lines otherwise.
final class PlainTextRecords implements InputRecords {
    static final String SEPARATOR = "<|endoftext|>";
    private static final int LOOKED_AT = 1 << 20;

    private final Path file;
    private final Utf8Lines lines;
    private final boolean separated;
    private String rest = "";
    private boolean hasRest;
    private long rows;

    PlainTextRecords(Path file) {
        this.file = file;
        this.separated = hasSeparator(file);
        this.lines = new Utf8Lines(file);
    }

    private static boolean hasSeparator(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            // the separator is ASCII, so any encoding that keeps ASCII finds it
            return new String(in.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1)
                    .contains(SEPARATOR);
        } catch (IOException e) {
            throw FileKind.unreadable(file, e);
        }
    }

    @Override
    public @Nullable InputRecord next() {
        StringBuilder story = new StringBuilder();
        long begin = 0;
        for (String line = line(); line != null; line = line()) {
            int end = separated ? line.indexOf(SEPARATOR) : line.isBlank() ? 0 : -1;
            String part = end < 0 ? line : line.substring(0, end);
            if (!part.isBlank() && begin == 0) {
                begin = lines.number();
            }
            append(story, part);
            if (end >= 0) {
                keepRest(line, end);
                if (begin > 0) {
                    return row(story, begin);
                }
                story.setLength(0);
            }
        }
        return begin > 0 ? row(story, begin) : null;
    }

    private @Nullable String line() {
        if (hasRest) {
            hasRest = false;
            return rest;
        }
        String line = lines.next();
        return line != null && line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private void keepRest(String line, int end) {
        hasRest = separated && line.length() > end + SEPARATOR.length();
        rest = hasRest ? line.substring(end + SEPARATOR.length()) : "";
    }

    private void append(StringBuilder story, String part) {
        story.append(part).append('\n');
        if (story.length() > Utf8Lines.LONGEST) {
            throw new DataException(
                    "%s: line %d: this story is longer than %,d characters; separate stories by an empty line or by %s"
                            .formatted(file, lines.number(), Utf8Lines.LONGEST, SEPARATOR));
        }
    }

    private InputRecord row(StringBuilder story, long begin) {
        rows++;
        ObjectNode values = JsonText.MAPPER.createObjectNode();
        values.put("text", story.toString().strip());
        return new InputRecord(rows, "story %d (line %d)".formatted(rows, begin), values);
    }

    @Override
    public void close() {
        lines.close();
    }
}
