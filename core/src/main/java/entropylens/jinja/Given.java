package entropylens.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Arguments of a call, evaluated.
record Given(List<Object> positional, Map<String, Object> named) {
    static final Given NOTHING = new Given(List.of(), Map.of());

    /// The arguments in the order of the parameters; null where one is not given.
    ///
    /// @param callee for messages
    @Nullable Object[] bind(String callee, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new Fault(
                    "%s takes at most %d arguments, but is given %d"
                            .formatted(callee, parameters.length, positional.size()));
        }
        @Nullable Object[] bound = new Object[parameters.length];
        for (int i = 0; i < positional.size(); i++) {
            bound[i] = positional.get(i);
        }
        named.forEach((name, value) -> {
            int at = List.of(parameters).indexOf(name);
            if (at < 0 || bound[at] != null) {
                throw new Fault(
                        at < 0
                                ? "%s has no argument '%s'".formatted(callee, name)
                                : "%s is given '%s' twice".formatted(callee, name));
            }
            bound[at] = value;
        });
        return bound;
    }

    /// As [#bind], where all are needed.
    Object[] require(String callee, String... parameters) {
        @Nullable Object[] bound = bind(callee, parameters);
        Object[] all = new Object[bound.length];
        for (int i = 0; i < bound.length; i++) {
            Object value = bound[i];
            if (value == null) {
                throw new Fault("%s needs '%s'".formatted(callee, parameters[i]));
            }
            all[i] = value;
        }
        return all;
    }

    /// No arguments, where there are none to give.
    void requireNone(String callee) {
        bind(callee);
    }
}
