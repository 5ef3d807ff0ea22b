package entropylens.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python's `text.format(...)`, in Jinja2's sandbox.
final class FormatMethod {
    private static final Pattern SPEC =
            Pattern.compile(
                    "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d*)([,_])?(?:\\.(\\d+))?(.?)",
                    Pattern.DOTALL);
    private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)\\]");
    private static final Pattern FIRST = Pattern.compile("[^.\\[]*");

    private final Given given;
    private final Budget budget;
    private int next;

    private FormatMethod(Given given, Budget budget) {
        this.given = given;
        this.budget = budget;
    }

    static String format(String text, Given given, Budget budget) {
        return new FormatMethod(given, budget).format(text, 0);
    }

    private String format(String text, int level) {
        if (level > 1) {
            throw new Fault("format(): fields inside fields inside fields");
        }
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
            if (c != '{' && c != '}') {
                out.append(c);
            } else if (doubled) {
                out.append(c);
                at++;
            } else if (c == '}') {
                throw new Fault("format(): a single '}'");
            } else {
                int end = end(text, at);
                out.append(field(text.substring(at + 1, end), level));
                at = end;
            }
        }
        return budget.take(out.toString());
    }

    private static int end(String text, int begin) {
        int open = 0;
        for (int at = begin; at < text.length(); at++) {
            open += text.charAt(at) == '{' ? 1 : text.charAt(at) == '}' ? -1 : 0;
            if (open == 0) {
                return at;
            }
        }
        throw new Fault("format(): '{' without '}'");
    }

    private String field(String field, int level) {
        int colon = field.indexOf(':');
        String spec = colon < 0 ? "" : field.substring(colon + 1);
        String name = colon < 0 ? field : field.substring(0, colon);
        int mark = name.indexOf('!');
        Object value = value(mark < 0 ? name : name.substring(0, mark));
        if (mark >= 0) {
            value =
                    switch (name.substring(mark + 1)) {
                        case "s" -> PythonText.str(value, budget);
                        case "r" -> PythonText.repr(value, budget);
                        default -> throw Fault.unsupported("format(): '{" + field + "}'");
                    };
        }
        return written(value, spec.indexOf('{') < 0 ? spec : format(spec, level + 1));
    }

    private Object value(String name) {
        Matcher first = FIRST.matcher(name);
        String root = first.lookingAt() ? first.group() : "";
        Object value = root(root);
        Matcher steps = STEP.matcher(name).region(root.length(), name.length());
        int done = root.length();
        while (done < name.length() && steps.find() && steps.start() == done) {
            value =
                    steps.group(1) != null
                            ? Attributes.attribute(value, steps.group(1), budget)
                            : Attributes.item(value, key(steps.group(2)), budget);
            done = steps.end();
        }
        if (done < name.length()) {
            throw new Fault("format(): '{%s}' cannot be read".formatted(name));
        }
        return value;
    }

    private static Object key(String key) {
        return key.matches("\\d{1,9}") ? (Object) Long.valueOf(key) : key;
    }

    private Object root(String name) {
        if (name.isEmpty() || name.matches("\\d{1,9}")) {
            int index = name.isEmpty() ? next++ : Integer.parseInt(name);
            if (index >= given.positional().size()) {
                throw new Fault("format(): there is no argument %d".formatted(index));
            }
            return given.positional().get(index);
        }
        Object value = given.named().get(name);
        if (value == null) {
            throw new Fault("format(): there is no argument '%s'".formatted(name));
        }
        return value;
    }

    private String written(Object value, String spec) {
        if (spec.isEmpty()) {
            return PythonText.str(value, budget);
        }
        Matcher parts = SPEC.matcher(spec);
        if (!parts.matches()) {
            throw Fault.unsupported("format(): ':" + spec + "'");
        }
        boolean real = value instanceof Double || parts.group(9).matches("[feEgFG%]");
        if (Values.isString(value)) {
            return spec(parts, '<', 's').text(Values.string(value, ""), budget);
        }
        if (!Operators.isNumber(value) || value instanceof Double && parts.group(9).isEmpty()) {
            throw Fault.unsupported(
                    "format(): ':%s' of a '%s'".formatted(spec, Values.type(value)));
        }
        return real
                ? spec(parts, '>', 'f').real(Operators.real(value), budget)
                : spec(parts, '>', 'd').whole(Values.integer(value, "what is formatted"), budget);
    }

    private static NumberFormat spec(Matcher parts, char align, char type) {
        String letter = parts.group(9);
        if (!letter.isEmpty()
                && (type == 's' ? "s" : type == 'd' ? "dxXobn" : "feEgFG%").indexOf(letter) < 0) {
            throw Fault.unsupported("format(): ':" + parts.group() + "'");
        }
        boolean zeros = parts.group(5) != null && type != 's';
        String fill = parts.group(1);
        return new NumberFormat(
                fill != null ? fill : zeros ? "0" : " ",
                parts.group(2) != null ? parts.group(2).charAt(0) : zeros ? '=' : align,
                parts.group(3) == null ? '-' : parts.group(3).charAt(0),
                parts.group(4) != null,
                PercentFormat.number(parts.group(6), 0),
                parts.group(7) == null ? "" : parts.group(7),
                parts.group(8) == null ? -1 : PercentFormat.number(parts.group(8), 0),
                letter.isEmpty() ? type : letter.charAt(0));
    }
}
