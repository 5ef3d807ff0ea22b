package entropylens.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The JSON header of a safetensors file, streamed: what it costs grows with the bytes that are
/// there, not with the numbers that they declare. It takes and refuses what the safetensors library
/// (0.8) does: white space around the object, `__metadata__` that is null, fields that no entry
/// has, an entry as a list, and of two entries of one name the last.
final class SafetensorsHeader {

    /// What one tensor's entry says; offsets count from the end of the header.
    record Entry(String name, DType dtype, List<Long> shape, long begin, long end) {}

    /// Header, entry, list are three levels; the rest is for fields that no entry has.
    private static final JsonFactory FACTORY = StrictJson.factory(64, true);

    private static final String METADATA = "__metadata__";

    /// In the order of an entry that is a list.
    private static final List<String> FIELDS = List.of("dtype", "shape", "data_offsets");

    private final Path file;
    private final long dataSize;
    private final JsonParser parser;
    private final BiConsumer<String, String> metadata;

    private SafetensorsHeader(
            Path file, long dataSize, JsonParser parser, BiConsumer<String, String> metadata) {
        this.file = file;
        this.dataSize = dataSize;
        this.parser = parser;
        this.metadata = metadata;
    }

    /// The entries in the order of their data. They tile `dataSize` bytes exactly.
    static List<Entry> parse(Path file, byte[] header, long dataSize) {
        return parse(file, header, dataSize, (_, _) -> {});
    }

    /// @param metadata told every entry of `__metadata__`
    static List<Entry> parse(
            Path file, byte[] header, long dataSize, BiConsumer<String, String> metadata) {
        int length = header.length;
        while (length > 0 && isSpace(header[length - 1])) {
            length--;
        }
        int first = 0;
        while (first < length && isSpace(header[first])) {
            first++;
        }
        if (length - first < 2 || header[first] != '{' || header[length - 1] != '}') {
            throw new CheckpointException(
                    "%s: the header is not a JSON object from '{' to '}' (with white space around it at most); this is no safetensors file, or a damaged one: download it again"
                            .formatted(file));
        }
        try (JsonParser parser =
                FACTORY.createParser(ObjectReadContext.empty(), StrictJson.utf8(header, length))) {
            var entries = new SafetensorsHeader(file, dataSize, parser, metadata).entries();
            checkTiling(file, entries, dataSize);
            return Collections.unmodifiableList(entries);
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "%s: the header is not valid JSON: %s; the file is damaged, download it again"
                            .formatted(file, StrictJson.reason(e)),
                    e);
        }
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || character == '\t' || character == '\n' || character == '\r';
    }

    private List<Entry> entries() {
        var byName = new HashMap<String, Entry>();
        boolean described = false;
        parser.nextToken();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (!name.equals(METADATA)) {
                byName.put(name, entry(name));
            } else if (described) {
                throw damaged(METADATA + " is there twice");
            } else {
                described = true;
                readMetadata();
            }
        }
        if (parser.nextToken() != null) {
            throw damaged("the header goes on after its closing '}'");
        }
        var entries = new ArrayList<>(byName.values());
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return entries;
    }

    private void readMetadata() {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.START_OBJECT) {
            throw damaged(METADATA + " must be an object of strings, but is " + shown());
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            expect(JsonToken.VALUE_STRING, "__metadata__['" + key + "'] must be a string");
            metadata.accept(key, parser.getString());
        }
    }

    private Entry entry(String name) {
        JsonToken token = parser.nextToken();
        if (token != JsonToken.START_OBJECT && token != JsonToken.START_ARRAY) {
            throw damaged(
                    "tensor '%s' must be described by an object, but is %s"
                            .formatted(name, shown()));
        }
        boolean listed = token == JsonToken.START_ARRAY;
        String dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        int fields = 0;
        while (listed ? fields < FIELDS.size() : parser.nextToken() != JsonToken.END_OBJECT) {
            String field = listed ? FIELDS.get(fields) : parser.currentName();
            fields++;
            String what = "tensor '" + name + "': " + field;
            switch (field) {
                case "dtype" -> {
                    once(what, dtype);
                    expect(JsonToken.VALUE_STRING, what + " must be a string");
                    dtype = parser.getString();
                }
                case "shape" -> {
                    once(what, shape);
                    shape = sizes(what, Integer.MAX_VALUE);
                }
                case "data_offsets" -> {
                    once(what, offsets);
                    offsets = sizes(what, 2);
                }
                default -> {
                    parser.nextToken();
                    parser.skipChildren();
                }
            }
        }
        if (listed) {
            expect(JsonToken.END_ARRAY, "tensor '" + name + "' must be described by " + FIELDS);
        }
        if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
            throw damaged(
                    "tensor '%s' needs a dtype, a shape and two data_offsets, but has dtype %s, shape %s, data_offsets %s"
                            .formatted(name, dtype, shape, offsets));
        }
        return checked(
                new Entry(
                        name,
                        DType.parse(dtype, file, name),
                        List.copyOf(shape),
                        offsets.getFirst(),
                        offsets.getLast()));
    }

    private void once(String what, @Nullable Object before) {
        if (before != null) {
            throw damaged(what + " is there twice");
        }
    }

    private List<Long> sizes(String what, int most) {
        expect(JsonToken.START_ARRAY, what + " must be a list of integers");
        var sizes = new ArrayList<Long>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            boolean integer = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
            if (!integer || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                throw damaged(
                        "%s must hold integers of at most 63 bits, but holds %s"
                                .formatted(what, shown()));
            }
            if (parser.getLongValue() < 0) {
                throw damaged("%s holds the negative number %s".formatted(what, shown()));
            }
            if (sizes.size() == most) {
                throw damaged("%s holds more than %d numbers".formatted(what, most));
            }
            sizes.add(parser.getLongValue());
        }
        return sizes;
    }

    private Entry checked(Entry entry) {
        if (entry.begin > entry.end || entry.end > dataSize) {
            throw damaged(
                    "tensor '%s' lies at offsets %d..%d, but the file has room for 0..%d; it is truncated, or its header is wrong"
                            .formatted(entry.name, entry.begin, entry.end, dataSize));
        }
        long needed;
        try {
            needed = entry.dtype.bytes();
            for (long size : entry.shape) {
                needed = Math.multiplyExact(needed, size);
            }
        } catch (ArithmeticException e) {
            throw damaged(
                    "tensor '%s' has the shape %s, which overflows 63 bits"
                            .formatted(entry.name, entry.shape));
        }
        if (needed != entry.end - entry.begin) {
            throw damaged(
                    "tensor '%s' is %s%s and needs %,d bytes, but the header gives it %,d (offsets %d..%d)"
                            .formatted(
                                    entry.name,
                                    entry.dtype,
                                    entry.shape,
                                    needed,
                                    entry.end - entry.begin,
                                    entry.begin,
                                    entry.end));
        }
        return entry;
    }

    private static void checkTiling(Path file, List<Entry> entries, long dataSize) {
        long next = 0;
        for (Entry entry : entries) {
            if (entry.begin != next) {
                throw damaged(
                        file,
                        "tensor '%s' begins at offset %d, but the one before it ends at %d: %s"
                                .formatted(
                                        entry.name,
                                        entry.begin,
                                        next,
                                        entry.begin < next ? "they overlap" : "there is a hole"));
            }
            next = entry.end;
        }
        if (next != dataSize) {
            throw damaged(
                    file,
                    "the tensors end at offset %,d, but the file holds %,d bytes of data"
                            .formatted(next, dataSize));
        }
    }

    private void expect(JsonToken token, String otherwise) {
        if (parser.nextToken() != token) {
            throw damaged(otherwise + ", but is " + shown());
        }
    }

    private String shown() {
        String text = parser.currentToken() == null ? "nothing" : parser.getString();
        return text == null || text.length() <= 40 ? text + "" : text.substring(0, 40) + "...";
    }

    private CheckpointException damaged(String what) {
        return damaged(file, what);
    }

    private static CheckpointException damaged(Path file, String what) {
        return new CheckpointException(
                "%s: %s; the file is damaged, download it again".formatted(file, what));
    }
}
