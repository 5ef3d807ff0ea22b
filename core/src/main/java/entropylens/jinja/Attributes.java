package entropylens.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `value.name`, `value[key]` and `value[from:to:step]`, in Jinja2's immutable sandbox: a method
/// goes before a key, what changes a value is not there, and a name that is not found is undefined.
final class Attributes {
    private static final Set<String> CHANGE_LISTS =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final Set<String> CHANGE_DICTS =
            Set.of("clear", "pop", "popitem", "setdefault", "update");

    private Attributes() {}

    static Object attribute(Object of, String name, Budget budget) {
        refuseUndefined(of);
        Object member = member(of, name, budget);
        if (member != null) {
            return member;
        }
        Object item = found(of, name, budget);
        return item == null ? Undefined.attribute(of, name) : item;
    }

    static Object item(Object of, Object key, Budget budget) {
        refuseUndefined(of);
        Object item = found(of, key, budget);
        if (item != null) {
            return item;
        }
        Object member = Values.isString(key) ? member(of, Values.string(key, ""), budget) : null;
        return member == null ? Undefined.attribute(of, key) : member;
    }

    private static void refuseUndefined(Object of) {
        if (of instanceof Undefined undefined) {
            throw undefined.fault();
        }
    }

    /// What Python has under this name, or null.
    private static @Nullable Object member(Object of, String name, Budget budget) {
        return switch (of) {
            case String text -> StringMethods.of(text, name, budget);
            case Markup(String text) -> StringMethods.of(text, name, budget);
            case Map<?, ?> map -> dictMethod(map, name, budget);
            case Range range -> null;
            case List<?> list ->
                    CHANGE_LISTS.contains(name) ? unsafe(of, name) : listMethod(list, name, budget);
            case Tuple(List<Object> items) ->
                    name.equals("copy") ? null : listMethod(items, name, budget);
            case Namespace(Map<String, Object> attributes) -> attributes.get(name);
            case LoopState loop -> loop.attribute(name, budget);
            case Macro macro -> name.equals("name") ? macro.name() : null;
            default -> null;
        };
    }

    private static Undefined unsafe(Object of, String name) {
        return new Undefined(
                "access to attribute '%s' of '%s' object is unsafe."
                        .formatted(name, Values.type(of)));
    }

    private static @Nullable Object dictMethod(Map<?, ?> map, String name, Budget budget) {
        if (CHANGE_DICTS.contains(name)) {
            return unsafe(map, name);
        }
        return switch (name) {
            case "get" -> (Callable) given -> get(map, given);
            case "keys" -> (Callable) given -> view(View.keys(map), given, budget);
            case "values" -> (Callable) given -> view(View.values(map), given, budget);
            case "items" -> (Callable) given -> view(View.items(map), given, budget);
            case "copy" -> (Callable) given -> map;
            case "fromkeys" -> throw Fault.unsupported("dict.fromkeys()");
            default -> null;
        };
    }

    private static Object get(Map<?, ?> map, Given given) {
        @Nullable Object[] bound = given.bind("dict.get()", "key", "default");
        if (bound[0] == null || !given.named().isEmpty()) {
            throw new Fault("dict.get() needs a key, and takes no names");
        }
        Object value = map.get(Values.key(bound[0]));
        return value != null ? value : bound[1] == null ? None.NONE : bound[1];
    }

    private static Object view(View view, Given given, Budget budget) {
        given.requireNone("a dict's method");
        budget.take(view.items().size());
        return view;
    }

    private static @Nullable Object listMethod(List<?> list, String name, Budget budget) {
        return switch (name) {
            case "count" ->
                    (Callable)
                            given -> {
                                Object counted = given.require("count()", "value")[0];
                                return list.stream()
                                        .filter(item -> Comparisons.equal(item, counted, budget))
                                        .count();
                            };
            case "index" -> (Callable) given -> index(list, given, budget);
            case "copy" -> (Callable) given -> list;
            default -> null;
        };
    }

    private static Object index(List<?> list, Given given, Budget budget) {
        Object wanted = given.require("index()", "value")[0];
        for (int i = 0; i < list.size(); i++) {
            if (Comparisons.equal(list.get(i), wanted, budget)) {
                return (long) i;
            }
        }
        throw new Fault("index(): the value is not in the list");
    }

    /// What Python's `of[key]` returns, or null where it fails.
    private static @Nullable Object found(Object of, Object key, Budget budget) {
        if (of instanceof Map<?, ?> map) {
            return key instanceof Map<?, ?> || key instanceof List<?>
                    ? null
                    : map.get(Values.key(key));
        }
        if (!(key instanceof Long || key instanceof Boolean)) {
            return null;
        }
        if (of instanceof String text) {
            budget.take(text.length() / 16);
        }
        long length =
                Values.isString(of) || Values.sequence(of).isPresent() ? Values.length(of) : 0;
        long index = Values.integer(key, "an index");
        long at = index < 0 ? index + length : index;
        if (at < 0 || at >= length) {
            return null;
        }
        if (Values.isString(of)) {
            String text = Values.string(of, "");
            return Character.toString(text.codePointAt(Characters.offset(text, at)));
        }
        return Values.sequence(of).orElseThrow().get((int) at);
    }

    static Object slice(Object of, Object from, Object to, Object step, Budget budget) {
        refuseUndefined(of);
        if (!isBound(from) || !isBound(to) || !isBound(step)) {
            throw new Fault("a slice needs integers");
        }
        if (Values.isString(of)) {
            int[] characters = Values.string(of, "").codePoints().toArray();
            budget.take(characters.length);
            StringBuilder text = new StringBuilder();
            for (int at : Slice.places(characters.length, from, to, step)) {
                text.appendCodePoint(characters[at]);
            }
            return text.toString();
        }
        List<Object> items = Values.sequence(of).orElse(null);
        if (items == null) {
            throw new Fault("a '%s' has no slices".formatted(Values.type(of)));
        }
        budget.take(items.size());
        List<Object> some = new ArrayList<>();
        for (int at : Slice.places(items.size(), from, to, step)) {
            some.add(items.get(at));
        }
        return of instanceof Tuple ? new Tuple(some) : some;
    }

    private static boolean isBound(Object bound) {
        return bound instanceof Long || bound instanceof Boolean || bound == None.NONE;
    }
}
