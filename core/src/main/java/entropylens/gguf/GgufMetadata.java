package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/// The key-value pairs of a GGUF file. A key that is there with another type than asked for is an
/// error: what it means is then not what is thought.
final class GgufMetadata {
    private final Path file;
    private final Map<String, GgufValue> values;

    GgufMetadata(Path file, Map<String, GgufValue> values) {
        this.file = file;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// The file, for messages.
    Path file() {
        return file;
    }

    Set<String> keys() {
        return values.keySet();
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Optional<GgufValue> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    OptionalInt integer(String key) {
        return switch (values.get(key)) {
            case null -> OptionalInt.empty();
            case GgufValue.Whole(long value) when value == (int) value ->
                    OptionalInt.of((int) value);
            case GgufValue other -> throw wrong(key, "an integer of 32 bits", other);
        };
    }

    int requireInteger(String key) {
        return integer(key).orElseThrow(() -> missing(key));
    }

    OptionalDouble number(String key) {
        return switch (values.get(key)) {
            case null -> OptionalDouble.empty();
            case GgufValue.Whole(long value) -> OptionalDouble.of(value);
            case GgufValue.Real(double value) when Double.isFinite(value) ->
                    OptionalDouble.of(value);
            case GgufValue other -> throw wrong(key, "a finite number", other);
        };
    }

    boolean flag(String key, boolean otherwise) {
        return switch (values.get(key)) {
            case null -> otherwise;
            case GgufValue.Flag(boolean value) -> value;
            case GgufValue other -> throw wrong(key, "true or false", other);
        };
    }

    Optional<String> text(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case GgufValue.Text(String value) -> Optional.of(value);
            case GgufValue other -> throw wrong(key, "a text", other);
        };
    }

    String requireText(String key) {
        return text(key).orElseThrow(() -> missing(key));
    }

    boolean isList(String key) {
        return values.get(key) instanceof GgufValue.Array;
    }

    /// The texts listed at a key; none where it is not there.
    List<String> texts(String key) {
        var texts = new ArrayList<String>();
        for (GgufValue value : list(key)) {
            if (!(value instanceof GgufValue.Text(String text))) {
                throw wrong(key, "a list of texts", value);
            }
            texts.add(text);
        }
        return texts;
    }

    /// The integers listed at a key; none where it is not there.
    int[] integers(String key) {
        List<GgufValue> list = list(key);
        int[] integers = new int[list.size()];
        for (int i = 0; i < integers.length; i++) {
            if (!(list.get(i) instanceof GgufValue.Whole(long value)) || value != (int) value) {
                throw wrong(key, "a list of integers of 32 bits", list.get(i));
            }
            integers[i] = (int) value;
        }
        return integers;
    }

    /// The numbers listed at a key; none where it is not there.
    double[] numbers(String key) {
        List<GgufValue> list = list(key);
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] =
                    switch (list.get(i)) {
                        case GgufValue.Whole(long value) -> value;
                        case GgufValue.Real(double value) -> value;
                        case GgufValue other -> throw wrong(key, "a list of numbers", other);
                    };
        }
        return numbers;
    }

    /// The flags listed at a key; none where it is not there.
    List<Boolean> flags(String key) {
        var flags = new ArrayList<Boolean>();
        for (GgufValue value : list(key)) {
            if (!(value instanceof GgufValue.Flag(boolean flag))) {
                throw wrong(key, "a list of flags", value);
            }
            flags.add(flag);
        }
        return flags;
    }

    private List<GgufValue> list(String key) {
        return switch (values.get(key)) {
            case null -> List.of();
            case GgufValue.Array array -> Values.elements(file, array, "'" + key + "'");
            case GgufValue other -> throw wrong(key, "a list", other);
        };
    }

    private CheckpointException missing(String key) {
        return new CheckpointException(
                "%s: its metadata have no '%s'; the file is damaged, or no language model"
                        .formatted(file, key));
    }

    private CheckpointException wrong(String key, String expected, GgufValue found) {
        return new CheckpointException(
                "%s: its metadata must have %s at '%s', but have %s; the file is damaged, download it again"
                        .formatted(file, expected, key, shown(found)));
    }

    /// A value for a message.
    static String shown(GgufValue value) {
        return switch (value) {
            case GgufValue.Whole(long number) -> Long.toString(number);
            case GgufValue.Real(double number) -> Double.toString(number);
            case GgufValue.Flag(boolean flag) -> Boolean.toString(flag);
            case GgufValue.Text(String text) ->
                    "the text '%s'"
                            .formatted(text.length() <= 40 ? text : text.substring(0, 40) + "...");
            case GgufValue.Array array ->
                    "a list of %,d %s"
                            .formatted(array.count(), array.type().name().toLowerCase(Locale.ROOT));
        };
    }
}
