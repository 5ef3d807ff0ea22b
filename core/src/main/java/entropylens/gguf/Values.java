package entropylens.gguf;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads values of the metadata.
final class Values {
    /// Of one text; chat templates are the longest.
    private static final long MAX_TEXT = 16_000_000;

    /// Of arrays in arrays.
    private static final int MAX_DEPTH = 4;

    /// Of an array that is taken apart: above any vocabulary, below what memory could not hold.
    static final long MAX_ELEMENTS = 10_000_000;

    private Values() {}

    /// The type that stands next.
    static GgufType type(Bytes bytes, String what) {
        int code = bytes.i32("the type of " + what);
        if (code < 0 || code >= GgufType.values().length) {
            throw bytes.damaged(
                    "%s has the type %s, but types go from 0 to %d"
                            .formatted(
                                    what,
                                    Integer.toUnsignedString(code),
                                    GgufType.values().length - 1));
        }
        return GgufType.values()[code];
    }

    static GgufValue read(Bytes bytes, GgufType type, String what) {
        return switch (type) {
            case UINT8 -> new GgufValue.Whole(bytes.u8(what));
            case INT8 -> new GgufValue.Whole((byte) bytes.u8(what));
            case UINT16 -> new GgufValue.Whole(Short.toUnsignedLong(bytes.i16(what)));
            case INT16 -> new GgufValue.Whole(bytes.i16(what));
            case UINT32 -> new GgufValue.Whole(Integer.toUnsignedLong(bytes.i32(what)));
            case INT32 -> new GgufValue.Whole(bytes.i32(what));
            case UINT64, INT64 -> new GgufValue.Whole(bytes.i64(what));
            case FLOAT32 -> GgufValue.Real.of(Float.intBitsToFloat(bytes.i32(what)));
            case FLOAT64 -> new GgufValue.Real(Double.longBitsToDouble(bytes.i64(what)));
            case BOOL -> new GgufValue.Flag(flag(bytes, what));
            case STRING -> new GgufValue.Text(bytes.text(what, MAX_TEXT));
            case ARRAY -> array(bytes, what, 1);
        };
    }

    private static boolean flag(Bytes bytes, String what) {
        int value = bytes.u8(what);
        if (value > 1) {
            throw bytes.damaged("%s is neither true nor false, but %d".formatted(what, value));
        }
        return value == 1;
    }

    /// Walks over it: only so can be known where it ends.
    private static GgufValue.Array array(Bytes bytes, String what, int depth) {
        GgufType type = type(bytes, what);
        long count = bytes.count("the length of " + what, type.least());
        long from = bytes.position();
        if (type.isFixed()) {
            bytes.skip(count * type.least(), what);
        } else if (type == GgufType.STRING) {
            for (long i = 0; i < count; i++) {
                bytes.skip(bytes.i64(what), what);
            }
        } else if (depth == MAX_DEPTH) {
            throw bytes.damaged("%s holds arrays in more than %d arrays".formatted(what, depth));
        } else {
            for (long i = 0; i < count; i++) {
                array(bytes, what, depth + 1);
            }
        }
        return new GgufValue.Array(type, count, bytes.since(from));
    }

    /// The elements of an array.
    ///
    /// @throws entropylens.checkpoint.CheckpointException when they are too many, or damaged
    static List<GgufValue> elements(Path file, GgufValue.Array array, String what) {
        MemorySegment data = array.bytes();
        Bytes bytes = new Bytes(file, data);
        if (array.count() > MAX_ELEMENTS) {
            throw bytes.damaged(
                    "%s has %,d elements, but %,d are the most"
                            .formatted(what, array.count(), MAX_ELEMENTS));
        }
        var elements = new ArrayList<GgufValue>((int) array.count());
        for (long i = 0; i < array.count(); i++) {
            elements.add(read(bytes, array.type(), what));
        }
        return elements;
    }
}
