package entropylens.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What `keys()`, `values()` and `items()` of a dict return: read any number of times, but no list.
///
/// @param kind `dict_keys`, `dict_values` or `dict_items`
record View(String kind, List<Object> items) {
    static View keys(Map<?, ?> map) {
        return new View("dict_keys", new ArrayList<>(map.keySet()));
    }

    static View values(Map<?, ?> map) {
        return new View("dict_values", new ArrayList<>(map.values()));
    }

    static View items(Map<?, ?> map) {
        return new View("dict_items", pairs(map));
    }

    /// Keys with their values.
    static List<Object> pairs(Map<?, ?> map) {
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
        return pairs;
    }
}
