package entropylens.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/// `namespace(...)`: the only value that a template can change.
record Namespace(Map<String, Object> attributes) {
    /// @param given pairs or dicts, and names with values, as `dict()` takes them
    static Namespace of(Given given, Budget budget) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        Globals.dict(given, budget)
                .forEach((key, value) -> attributes.put(Values.string(key, "a name"), value));
        return new Namespace(attributes);
    }
}
