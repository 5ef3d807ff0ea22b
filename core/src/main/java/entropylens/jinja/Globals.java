package entropylens.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What every template may call, and what comes in from outside.
final class Globals {
    private Globals() {}

    static Map<String, Object> of(Run run) {
        Map<String, Callable> globals =
                Map.of(
                        "range", Globals::range,
                        "dict", given -> dict(given, run.budget),
                        "namespace", given -> Namespace.of(given, run.budget),
                        "raise_exception", given -> raise(given, run),
                        "strftime_now", given -> now(given, run),
                        "cycler", given -> unsupported("cycler()"),
                        "joiner", given -> unsupported("joiner()"),
                        "lipsum", given -> unsupported("lipsum()"));
        return new LinkedHashMap<>(globals);
    }

    private static Object unsupported(String name) {
        throw Fault.unsupported(name);
    }

    private static Object range(Given given) {
        List<Object> bounds = given.positional();
        if (!given.named().isEmpty() || bounds.isEmpty() || bounds.size() > 3) {
            throw new Fault("range() takes one to three integers");
        }
        long[] numbers =
                bounds.stream().mapToLong(b -> Values.integer(b, "range()'s argument")).toArray();
        return numbers.length == 1
                ? new Range(0, numbers[0], 1)
                : new Range(numbers[0], numbers[1], numbers.length == 3 ? numbers[2] : 1);
    }

    static Map<Object, Object> dict(Given given, Budget budget) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        if (given.positional().size() > 1) {
            throw new Fault("dict() takes one value and names");
        }
        for (Object value : given.positional()) {
            if (value instanceof Map<?, ?> map) {
                budget.take(map.size());
                dict.putAll(map);
            } else {
                for (Object pair : Values.list(value, budget)) {
                    List<Object> two = Values.list(pair, budget);
                    if (two.size() != 2) {
                        throw new Fault("dict() takes pairs");
                    }
                    dict.put(Values.key(two.get(0)), two.get(1));
                }
            }
        }
        dict.putAll(given.named());
        return dict;
    }

    private static Object raise(Given given, Run run) {
        throw Fault.ofTemplate(run.str(given.require("raise_exception()", "message")[0]));
    }

    private static Object now(Given given, Run run) {
        String format = Values.string(given.require("strftime_now()", "format")[0], "a format");
        return run.budget.take(Strftime.format(run.clock.get(), format));
    }

    /// A value of JSON as one of a template.
    static Object value(@Nullable Object value) {
        return switch (value) {
            case null -> None.NONE;
            case Boolean flag -> flag;
            case String text -> text;
            case Integer number -> number.longValue();
            case Long number -> number;
            case BigInteger number -> Operators.exact(number::longValueExact);
            case Double number -> number;
            case List<?> list -> {
                List<Object> values = new ArrayList<>();
                list.forEach(item -> values.add(value(item)));
                yield values;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> values = new LinkedHashMap<>();
                map.forEach((key, item) -> values.put(String.valueOf(key), value(item)));
                yield values;
            }
            default ->
                    throw new IllegalArgumentException(value.getClass() + " is no value of JSON");
        };
    }
}
