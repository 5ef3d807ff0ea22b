package entropylens.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps account of one object of a configuration: which of its keys were read, and what was asked
/// of them.
final class KeyLedger {
    private static final int MAX_SHOWN = 60;

    private final String prefix;
    private final ObjectNode json;
    private final Set<String> read = new HashSet<>();
    private final Map<String, KeyLedger> nested = new HashMap<>();
    private final SortedMap<String, String> conditions = new TreeMap<>();

    /// @param prefix of its keys in messages: empty, or the path of the object and a dot
    KeyLedger(String prefix, ObjectNode json) {
        this.prefix = prefix;
        this.json = json;
    }

    /// The value at `key`, which counts as read from now on; null where it is absent or `null`.
    @Nullable JsonNode look(String key) {
        read.add(key);
        JsonNode value = json.get(key);
        return value == null || value.isNull() ? null : value;
    }

    /// Counts `keys` as read, with all that is in them.
    void markRead(String... keys) {
        read.addAll(List.of(keys));
    }

    /// The account of the object at `key`: the same one every time.
    KeyLedger of(String key, ObjectNode object) {
        return nested.computeIfAbsent(key, k -> new KeyLedger(path(k) + ".", object));
    }

    /// All keys of this object.
    Collection<String> names() {
        return json.propertyNames();
    }

    /// How messages name `key`.
    String path(String key) {
        return prefix + key;
    }

    /// Remembers the only value that is accepted at `key`, and why.
    void condition(String key, String acceptedAndWhy) {
        conditions.put(path(key), acceptedAndWhy);
    }

    SortedMap<String, String> conditions() {
        return Collections.unmodifiableSortedMap(conditions);
    }

    /// The keys that nobody read so far, by path, with their values as JSON.
    SortedMap<String, String> unread() {
        var unread = new TreeMap<String, String>();
        collectUnread(unread);
        return unread;
    }

    private void collectUnread(SortedMap<String, String> unread) {
        for (var property : json.properties()) {
            String key = property.getKey();
            KeyLedger object = nested.get(key);
            if (object != null) {
                object.collectUnread(unread);
            } else if (!property.getValue().isNull() && !read.contains(key)) {
                unread.put(path(key), property.getValue().toString());
            }
        }
    }

    /// The value at `key` as JSON, short enough for a message.
    String shownAt(String key) {
        return abbreviated(String.valueOf(json.get(key)));
    }

    /// `key = value, …` for messages; long values are cut.
    static String shown(SortedMap<String, String> keys) {
        var parts = new ArrayList<String>();
        keys.forEach((key, value) -> parts.add(key + " = " + abbreviated(value)));
        return String.join(", ", parts);
    }

    static String abbreviated(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
