package entropylens.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Python's `json.dumps`, as the filter `tojson` of transformers calls it.
final class JsonText {
    private final boolean ascii;
    private final @Nullable String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sorted;
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    private JsonText(
            boolean ascii,
            @Nullable String indent,
            String itemSeparator,
            String keySeparator,
            boolean sorted,
            Budget budget) {
        this.ascii = ascii;
        this.indent = indent;
        this.itemSeparator = itemSeparator;
        this.keySeparator = keySeparator;
        this.sorted = sorted;
        this.budget = budget;
    }

    /// The filter's arguments: ensure_ascii, indent, separators, sort_keys.
    static String of(Object value, Given given, Budget budget) {
        @Nullable Object[] bound =
                given.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        String indent = indent(bound[1], budget);
        List<Object> separators =
                bound[2] == null || bound[2] == None.NONE
                        ? List.of(indent == null ? ", " : ",", ": ")
                        : Values.list(bound[2], budget);
        if (separators.size() != 2) {
            throw new Fault("tojson: separators must be two texts");
        }
        var json =
                new JsonText(
                        bound[0] != null && Values.isTrue(bound[0]),
                        indent,
                        Values.string(separators.get(0), "a separator of tojson"),
                        Values.string(separators.get(1), "a separator of tojson"),
                        bound[3] != null && Values.isTrue(bound[3]),
                        budget);
        json.write(value, 0);
        return json.out.toString();
    }

    private static @Nullable String indent(@Nullable Object indent, Budget budget) {
        return switch (indent) {
            case null -> null;
            case None none -> null;
            case String text -> text;
            default -> {
                int width = Math.max(0, Values.index(indent, "indent of tojson"));
                budget.take(width);
                yield " ".repeat(width);
            }
        };
    }

    private void write(Object value, int level) {
        budget.enter();
        int before = out.length();
        switch (value) {
            case None none -> out.append("null");
            case Boolean flag -> out.append(flag);
            case Long number -> out.append(number);
            case Double number -> out.append(number(number));
            case String text -> quoted(text);
            case Markup(String text) -> quoted(text);
            case Range range -> throw notSerializable(value);
            case List<?> list -> list(list, level);
            case Tuple(List<Object> items) -> list(items, level);
            case Map<?, ?> map -> object(map, level);
            default -> throw notSerializable(value);
        }
        budget.take(out.length() - before);
        budget.leave();
    }

    private static Fault notSerializable(Object value) {
        return value instanceof Undefined(String reason)
                ? new Fault("filter 'tojson': " + reason)
                : new Fault(
                        "filter 'tojson': an object of type %s cannot be written as JSON"
                                .formatted(Values.type(value)));
    }

    private static String number(double value) {
        return Double.isNaN(value)
                ? "NaN"
                : Double.isInfinite(value)
                        ? value > 0 ? "Infinity" : "-Infinity"
                        : PythonText.number(value);
    }

    private void list(List<?> list, int level) {
        if (list.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
            line(level + 1);
            write(items.next(), level + 1);
            out.append(items.hasNext() ? itemSeparator : "");
        }
        line(level);
        out.append(']');
    }

    private void object(Map<?, ?> map, int level) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (sorted) {
            entries.sort((a, b) -> Comparisons.compare(a.getKey(), b.getKey(), budget));
        }
        out.append('{');
        for (Iterator<Map.Entry<?, ?>> rest = entries.iterator(); rest.hasNext(); ) {
            Map.Entry<?, ?> entry = rest.next();
            line(level + 1);
            quoted(key(entry.getKey()));
            out.append(keySeparator);
            write(entry.getValue(), level + 1);
            out.append(rest.hasNext() ? itemSeparator : "");
        }
        line(level);
        out.append('}');
    }

    private static String key(Object key) {
        return switch (key) {
            case String text -> text;
            case None none -> "null";
            case Boolean flag -> flag.toString();
            case Long number -> number.toString();
            case Double number -> number(number);
            default ->
                    throw new Fault(
                            "filter 'tojson': a key must be a text or a number, but is '%s'"
                                    .formatted(Values.type(key)));
        };
    }

    private void line(int level) {
        if (indent != null) {
            budget.take((long) indent.length() * level);
            out.append('\n').append(indent.repeat(level));
        }
    }

    private void quoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < ' ' || ascii && c > '~') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
