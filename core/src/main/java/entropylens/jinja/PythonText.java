package entropylens.jinja;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// What Python prints: `str` and `repr`.
final class PythonText {
    private PythonText() {}

    static String str(Object value, Budget budget) {
        return switch (value) {
            case String text -> text;
            case Markup(String text) -> text;
            case Undefined undefined -> "";
            default -> repr(value, budget);
        };
    }

    static String repr(Object value, Budget budget) {
        StringBuilder out = new StringBuilder();
        repr(value, out, budget);
        return out.toString();
    }

    private static void repr(Object value, StringBuilder out, Budget budget) {
        budget.enter();
        int before = out.length();
        switch (value) {
            case None none -> out.append("None");
            case Boolean flag -> out.append(flag ? "True" : "False");
            case Long number -> out.append(number);
            case Double number -> out.append(number(number));
            case String text -> quoted(text, out);
            case Markup(String text) -> quoted(text, out.append("Markup(")).append(')');
            case Undefined undefined -> out.append("Undefined");
            case Range range -> out.append(range.repr());
            case List<?> list -> items(list.iterator(), out.append('['), budget).append(']');
            case Tuple(List<Object> items) ->
                    items(items.iterator(), out.append('('), budget)
                            .append(items.size() == 1 ? ",)" : ")");
            case Map<?, ?> map -> pairs(map, out.append('{'), budget).append('}');
            case View(String kind, List<Object> items) ->
                    items(items.iterator(), out.append(kind).append("(["), budget).append("])");
            case Namespace(Map<String, Object> attributes) ->
                    pairs(attributes, out.append("<Namespace {"), budget).append("}>");
            case LoopState loop -> out.append(loop.repr());
            case Macro macro -> quoted(macro.name(), out.append("<Macro ")).append('>');
            default -> throw Fault.unsupported("printing a '%s'".formatted(Values.type(value)));
        }
        budget.take(out.length() - before);
        budget.leave();
    }

    private static StringBuilder items(Iterator<?> items, StringBuilder out, Budget budget) {
        while (items.hasNext()) {
            repr(items.next(), out, budget);
            out.append(items.hasNext() ? ", " : "");
        }
        return out;
    }

    private static StringBuilder pairs(Map<?, ?> map, StringBuilder out, Budget budget) {
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            repr(entry.getKey(), out, budget);
            repr(entry.getValue(), out.append(": "), budget);
            separator = ", ";
        }
        return out;
    }

    /// In single quotes, or in double ones where only single ones are inside.
    private static StringBuilder quoted(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '\n' -> out.append("\\n");
                        case '\r' -> out.append("\\r");
                        case '\t' -> out.append("\\t");
                        case '\\' -> out.append("\\\\");
                        default -> {
                            if (c == quote) {
                                out.append('\\').append(quote);
                            } else if (Characters.isPrintable(c)) {
                                out.appendCodePoint(c);
                            } else {
                                out.append(escaped(c));
                            }
                        }
                    }
                });
        return out.append(quote);
    }

    private static String escaped(int c) {
        return c < 0x100
                ? "\\x%02x".formatted(c)
                : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c);
    }

    /// The shortest digits that are read back as the same number, with an exponent below 1e-4 and
    /// from 1e16.
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        String unscaled = digits.unscaledValue().toString();
        int exponent = digits.precision() - digits.scale() - 1;
        String sign = value < 0 ? "-" : "";
        if (exponent >= -4 && exponent < 16) {
            String plain = digits.toPlainString();
            return sign + plain + (plain.indexOf('.') < 0 ? ".0" : "");
        }
        return "%s%c%s%se%c%02d"
                .formatted(
                        sign,
                        unscaled.charAt(0),
                        unscaled.length() > 1 ? "." : "",
                        unscaled.substring(1),
                        exponent < 0 ? '-' : '+',
                        Math.abs(exponent));
    }
}
