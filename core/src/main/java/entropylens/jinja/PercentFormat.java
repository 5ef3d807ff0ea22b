package entropylens.jinja;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Python's `text % values`.
final class PercentFormat {
    private static final Pattern FIELD =
            Pattern.compile(
                    "%(?:\\(([^)]*)\\))?([-#0 +]*)(\\d*)(?:\\.(\\d*))?[hlL]?(.?)", Pattern.DOTALL);

    private final Object values;
    private final List<Object> positional;
    private final Budget budget;
    private int next;

    private PercentFormat(Object values, Budget budget) {
        this.values = values;
        this.positional = values instanceof Tuple(List<Object> items) ? items : List.of(values);
        this.budget = budget;
    }

    static String format(String text, Object values, Budget budget) {
        return new PercentFormat(values, budget).format(text);
    }

    private String format(String text) {
        StringBuilder out = new StringBuilder();
        Matcher fields = FIELD.matcher(text);
        int done = 0;
        while (fields.find()) {
            out.append(text, done, fields.start()).append(field(fields));
            done = fields.end();
        }
        if (next < positional.size() && !(values instanceof Map<?, ?>)) {
            throw new Fault("not all arguments of % are used by its text");
        }
        return budget.take(out.append(text.substring(done)).toString());
    }

    private String field(Matcher field) {
        String type = field.group(5);
        if (type.equals("%")) {
            return "%";
        }
        if (type.isEmpty() || "srdiufFeEgGxXoc".indexOf(type) < 0) {
            throw Fault.unsupported("the format '" + field.group() + "'");
        }
        Object value = value(field.group(1));
        return switch (type.charAt(0)) {
            case 's' -> format(field, 's').text(PythonText.str(value, budget), budget);
            case 'r' -> format(field, 's').text(PythonText.repr(value, budget), budget);
            case 'c' -> format(field, 's').text(character(value), budget);
            case 'f', 'F', 'e', 'E', 'g', 'G' ->
                    format(field, type.charAt(0)).real(real(value), budget);
            default -> format(field, type.charAt(0)).whole(whole(value), budget);
        };
    }

    private Object value(@Nullable String name) {
        if (name != null) {
            if (!(values instanceof Map<?, ?> map)) {
                throw new Fault("%(name) needs a dict, but is given " + Values.type(values));
            }
            Object value = map.get(name);
            if (value == null) {
                throw new Fault("what % is given has no " + name);
            }
            return value;
        }
        if (next >= positional.size()) {
            throw new Fault("not enough arguments for the text of %");
        }
        return positional.get(next++);
    }

    private static NumberFormat format(Matcher field, char type) {
        String flags = field.group(2);
        boolean left = flags.indexOf('-') >= 0;
        boolean zeros = flags.indexOf('0') >= 0 && !left && type != 's';
        return new NumberFormat(
                zeros ? "0" : " ",
                left ? '<' : zeros ? '=' : '>',
                flags.indexOf('+') >= 0 ? '+' : flags.indexOf(' ') >= 0 ? ' ' : '-',
                flags.indexOf('#') >= 0,
                number(field.group(3), 0),
                "",
                field.group(4) == null ? -1 : number(field.group(4), 0),
                type);
    }

    static int number(String digits, int otherwise) {
        if (digits.length() > 9) {
            throw new Fault("a width of %s".formatted(digits));
        }
        return digits.isEmpty() ? otherwise : Integer.parseInt(digits);
    }

    private static String character(Object value) {
        if (value instanceof Long code && code >= 0 && code <= Character.MAX_CODE_POINT) {
            return Character.toString(code.intValue());
        }
        String text = Values.string(value, "what %c writes");
        if (text.codePointCount(0, text.length()) != 1) {
            throw new Fault("%c requires one character");
        }
        return text;
    }

    private static double real(Object value) {
        if (!Operators.isNumber(value)) {
            throw new Fault("% needs a number here, but is given " + Values.type(value));
        }
        return Operators.real(value);
    }

    private static long whole(Object value) {
        return value instanceof Double number
                ? Numbers.truncated(number)
                : Values.integer(value, "what %d writes");
    }
}
