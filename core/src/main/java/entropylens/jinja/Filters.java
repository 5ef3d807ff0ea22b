package entropylens.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What stands behind `|`.
final class Filters {
    /// What a filter does.
    @FunctionalInterface
    interface Filter {
        Object apply(Object value, Given given, Run run);
    }

    /// Of Jinja2, but of no chat template.
    private static final Set<String> UNSUPPORTED =
            Set.of(
                    "filesizeformat",
                    "groupby",
                    "pprint",
                    "random",
                    "striptags",
                    "urlencode",
                    "urlize",
                    "wordwrap",
                    "xmlattr");

    private static final Map<String, Filter> FILTERS = new HashMap<>();

    static {
        FILTERS.putAll(TextFilters.ALL);
        FILTERS.putAll(ListFilters.ALL);
        FILTERS.putAll(EachFilters.ALL);
        FILTERS.put("default", (value, given, run) -> otherwise(value, given));
        FILTERS.put("d", (value, given, run) -> otherwise(value, given));
        FILTERS.put("length", Filters::length);
        FILTERS.put("count", Filters::length);
        FILTERS.put("tojson", (value, given, run) -> JsonText.of(value, given, run.budget));
        FILTERS.put("int", (value, given, run) -> whole(value, given));
        FILTERS.put("float", (value, given, run) -> real(value, given));
        FILTERS.put("abs", (value, given, run) -> absolute(value));
        FILTERS.put("round", (value, given, run) -> round(value, given));
        FILTERS.put("items", (value, given, run) -> items(value, run));
        FILTERS.put("attr", Filters::attribute);
    }

    private Filters() {}

    static boolean has(String name) {
        return FILTERS.containsKey(name) || UNSUPPORTED.contains(name);
    }

    static Object apply(String name, Object value, Given given, Run run) {
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw UNSUPPORTED.contains(name)
                    ? Fault.unsupported("filter '" + name + "'")
                    : new Fault("there is no filter '%s'".formatted(name));
        }
        return filter.apply(value, given, run);
    }

    private static Object otherwise(Object value, Given given) {
        @Nullable Object[] bound = given.bind("default", "default_value", "boolean");
        boolean ofFalse = bound[1] != null && Values.isTrue(bound[1]);
        boolean missing = value instanceof Undefined || ofFalse && !Values.isTrue(value);
        return !missing ? value : bound[0] == null ? "" : bound[0];
    }

    private static Object length(Object value, Given given, Run run) {
        given.requireNone("filter 'length'");
        run.budget.take(value instanceof String text ? text.length() / 16 : 0);
        return Values.length(value);
    }

    private static Object whole(Object value, Given given) {
        @Nullable Object[] bound = given.bind("int", "default", "base");
        Object otherwise = bound[0] == null ? (Object) 0L : bound[0];
        int base = bound[1] == null ? 10 : Values.index(bound[1], "the base of int");
        if (base != 0 && (base < 2 || base > 36)) {
            throw new Fault("int: base %d".formatted(base));
        }
        return switch (value) {
            case Undefined undefined -> throw undefined.fault();
            case Long number -> number;
            case Boolean flag -> flag ? 1L : 0L;
            case Double number ->
                    Double.isFinite(number) ? (Object) Numbers.truncated(number) : otherwise;
            case String text -> {
                Long number = Numbers.whole(text, base);
                Double real = number == null ? Numbers.real(text) : null;
                yield number != null
                        ? number
                        : real != null && Double.isFinite(real)
                                ? (Object) Numbers.truncated(real)
                                : otherwise;
            }
            default -> otherwise;
        };
    }

    private static Object real(Object value, Given given) {
        Object otherwise = given.bind("float", "default")[0];
        Double number =
                switch (value) {
                    case Undefined undefined -> throw undefined.fault();
                    case String text -> Numbers.real(text);
                    default -> Operators.isNumber(value) ? (Double) Operators.real(value) : null;
                };
        return number != null ? number : otherwise == null ? 0.0 : otherwise;
    }

    private static Object absolute(Object value) {
        return value instanceof Double number
                ? (Object) Math.abs(number)
                : (Object)
                        Operators.exact(
                                () -> Math.absExact(Values.integer(value, "what abs is taken of")));
    }

    private static Object round(Object value, Given given) {
        @Nullable Object[] bound = given.bind("round", "precision", "method");
        int digits = bound[0] == null ? 0 : Values.index(bound[0], "the precision of round");
        String method = bound[1] == null ? "common" : Values.string(bound[1], "a method");
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (!Operators.isNumber(value) || Math.abs(digits) > 300) {
            throw new Fault("round takes a number and at most 300 digits");
        }
        double number = Operators.real(value);
        double power = Math.pow(10, digits);
        return switch (method) {
            case "common" -> value instanceof Double ? (Object) rounded(number, digits) : value;
            case "ceil" -> Math.ceil(number * power) / power;
            case "floor" -> Math.floor(number * power) / power;
            default -> throw new Fault("round has no method '%s'".formatted(method));
        };
    }

    private static double rounded(double number, int digits) {
        return Double.isFinite(number)
                ? new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).doubleValue()
                : number;
    }

    private static Object items(Object value, Run run) {
        return switch (value) {
            case Undefined undefined -> new Generator(List.of().iterator());
            case Map<?, ?> map -> {
                run.budget.take(map.size());
                yield new Generator(View.pairs(map).iterator());
            }
            default ->
                    throw new Fault(
                            "filter 'items' takes a dict, not '%s'".formatted(Values.type(value)));
        };
    }

    private static Object attribute(Object value, Given given, Run run) {
        String name = Values.string(given.require("attr", "name")[0], "the name of attr");
        return value instanceof Map<?, ?> map && map.containsKey(name)
                ? Undefined.attribute(value, name)
                : Attributes.attribute(value, name, run.budget);
    }
}
