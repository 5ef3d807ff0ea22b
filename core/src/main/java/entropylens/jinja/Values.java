package entropylens.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What Python does with values of any type: truth, length, iteration, their types' names.
final class Values {
    private Values() {}

    /// The name of the type, as Python has it.
    static String type(Object value) {
        return switch (value) {
            case None none -> "NoneType";
            case Boolean flag -> "bool";
            case Long number -> "int";
            case Double number -> "float";
            case String text -> "str";
            case Markup text -> "Markup";
            case Range range -> "range";
            case List<?> list -> "list";
            case Tuple tuple -> "tuple";
            case Map<?, ?> map -> "dict";
            case View view -> view.kind();
            case Generator generator -> "generator";
            case Undefined undefined -> "Undefined";
            case Namespace namespace -> "Namespace";
            case LoopState loop -> "LoopContext";
            case Macro macro -> "Macro";
            default -> "function";
        };
    }

    static boolean isTrue(Object value) {
        return switch (value) {
            case None none -> false;
            case Undefined undefined -> false;
            case Boolean flag -> flag;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case Markup(String text) -> !text.isEmpty();
            default -> !hasLength(value) || length(value) != 0;
        };
    }

    static boolean hasLength(Object value) {
        return switch (value) {
            case String text -> true;
            case Markup text -> true;
            case List<?> list -> true;
            case Tuple tuple -> true;
            case Map<?, ?> map -> true;
            case View view -> true;
            case Undefined undefined -> true;
            case LoopState loop -> true;
            default -> false;
        };
    }

    /// Characters, elements or keys.
    static long length(Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case Markup(String text) -> text.codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Tuple(List<Object> items) -> items.size();
            case Map<?, ?> map -> map.size();
            case View view -> view.items().size();
            case LoopState loop -> loop.length();
            case Undefined undefined -> 0;
            default -> throw new Fault("object of type '%s' has no len()".formatted(type(value)));
        };
    }

    static boolean isIterable(Object value) {
        return hasLength(value) || value instanceof Generator;
    }

    /// Characters, elements, or keys of a dict.
    static Iterator<Object> iterate(Object value) {
        return switch (value) {
            case Generator(Iterator<Object> elements) -> elements;
            case String text -> Characters.each(text);
            case Markup(String text) -> Characters.each(text);
            case Map<?, ?> map -> new ArrayList<Object>(map.keySet()).iterator();
            case View view -> view.items().iterator();
            case Undefined undefined -> List.of().iterator();
            default ->
                    sequence(value)
                            .orElseThrow(() ->
                                    new Fault("'%s' object is not iterable".formatted(type(value))))
                            .iterator();
        };
    }

    /// The elements of a list, a tuple or a range.
    @SuppressWarnings("unchecked") // lists of values hold nothing but values
    static Optional<List<Object>> sequence(Object value) {
        return switch (value) {
            case List<?> list -> Optional.of((List<Object>) list);
            case Tuple(List<Object> items) -> Optional.of(items);
            default -> Optional.empty();
        };
    }

    /// All elements, as a new list.
    static List<Object> list(Object value, Budget budget) {
        List<Object> list = new ArrayList<>();
        for (Iterator<Object> elements = iterate(value); elements.hasNext(); ) {
            budget.take(1);
            budget.step();
            list.add(elements.next());
        }
        return list;
    }

    /// The text of a string.
    static String string(Object value, String what) {
        return switch (value) {
            case String text -> text;
            case Markup(String text) -> text;
            case Undefined undefined -> throw undefined.fault();
            default ->
                    throw new Fault(
                            "%s must be a string, but is '%s'".formatted(what, type(value)));
        };
    }

    static boolean isString(Object value) {
        return value instanceof String || value instanceof Markup;
    }

    /// A whole number; true and false are 1 and 0.
    static long integer(Object value, String what) {
        return switch (value) {
            case Long number -> number;
            case Boolean flag -> flag ? 1 : 0;
            case Undefined undefined -> throw undefined.fault();
            default ->
                    throw new Fault(
                            "%s must be an integer, but is '%s'".formatted(what, type(value)));
        };
    }

    static int index(Object value, String what) {
        return (int) Math.clamp(integer(value, what), Integer.MIN_VALUE + 1, Integer.MAX_VALUE);
    }

    /// What may be the key of a dict.
    static Object key(Object value) {
        return switch (value) {
            case List<?> list when !(list instanceof Range) -> throw unhashable(value);
            case Map<?, ?> map -> throw unhashable(value);
            case Tuple(List<Object> items) -> {
                for (Object item : items) {
                    if (item instanceof Tuple) {
                        throw Fault.unsupported("a tuple of tuples as a key");
                    }
                    key(item);
                }
                yield value;
            }
            case Markup(String text) -> text;
            case Boolean flag -> throw Fault.unsupported("a boolean as a key"); // it equals 0 or 1
            case Double number when number == number.longValue() ->
                    throw Fault.unsupported("a whole number with a point as a key");
            default -> value;
        };
    }

    private static Fault unhashable(Object value) {
        return new Fault("unhashable type: '%s'".formatted(type(value)));
    }
}
