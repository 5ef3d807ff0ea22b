package entropylens.data;

import entropylens.checkpoint.StrictJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One JSON list of objects, read object by object.
final class JsonListRecords implements InputRecords {
    private final Path file;
    private final JsonParser parser;
    private long rows;

    JsonListRecords(Path file) {
        this.file = file;
        try {
            // strict, as Files.newBufferedReader is: what is not UTF-8 stops it
            BufferedReader reader = Files.newBufferedReader(file);
            skipByteOrderMark(reader);
            this.parser = JsonText.MAPPER.createParser(reader);
            parser.nextToken(); // the bracket, by which the file was known
        } catch (IOException e) {
            throw encodingOr(e);
        } catch (JacksonException e) {
            throw invalid(e);
        }
    }

    private static void skipByteOrderMark(Reader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
    }

    @Override
    public @Nullable InputRecord next() {
        try {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.END_ARRAY) {
                requireEnd();
                return null;
            }
            if (token == null) {
                throw new DataException(
                        "%s: the list is not closed with ]; the file is cut off".formatted(file));
            }
            rows++;
            String where = "row %d (line %d)".formatted(rows, parser.currentLocation().getLineNr());
            JsonNode node = parser.readValueAsTree();
            if (node instanceof ObjectNode object) {
                return new InputRecord(rows, where, object);
            }
            throw new DataException(
                    "%s: %s: must be an object { ... }, but is %s"
                            .formatted(file, where, JsonText.kind(node)));
        } catch (JacksonException e) {
            throw invalid(e);
        }
    }

    private void requireEnd() {
        if (parser.nextToken() != null) {
            throw new DataException(
                    "%s: line %d: something follows the list"
                            .formatted(file, parser.currentLocation().getLineNr()));
        }
    }

    private DataException invalid(JacksonException e) {
        if (e instanceof JacksonIOException && e.getCause() instanceof IOException cause) {
            return encodingOr(cause);
        }
        return new DataException(
                "%s: is not valid JSON: %s".formatted(file, StrictJson.reason(e)), e);
    }

    /// Where it is the encoding that is wrong, a second look finds the place.
    private DataException encodingOr(IOException e) {
        try (Utf8Lines lines = new Utf8Lines(file)) {
            while (lines.next() != null) {
                // only to find what is wrong
            }
        } catch (DataException place) {
            return place;
        }
        return FileKind.unreadable(file, e);
    }

    @Override
    public void close() {
        parser.close();
    }
}
