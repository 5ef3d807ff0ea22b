package entropylens.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A `config.json` that remembers which of its keys were looked at, so that a key nobody knows
/// stops the load ([#refuseUnread]) instead of changing the model unnoticed.
///
/// `null` counts as absent, everywhere. Types are strict: `"768"` is no number, and `768.0` is no
/// integer (Python would not take it as a size either); an integer is a fine double. `NaN` and
/// `Infinity`, which Python writes, are refused where a number is asked for. A missing number is
/// never 0. In messages a key of a nested object has a path: `rope_scaling.factor`.
///
/// Not safe for use by several threads.
public final class ConfigJson {

    private static final int MAX_BYTES = 16_000_000;

    private final Path file;
    private final String sha256;
    private final ObjectNode json;
    private final KeyLedger ledger;
    private final Map<String, ConfigJson> nested = new HashMap<>();
    private final ConfigValues values;

    private ConfigJson(Path file, String sha256, ObjectNode json, KeyLedger ledger) {
        this.file = file;
        this.sha256 = sha256;
        this.json = json;
        this.ledger = ledger;
        this.values = new ConfigValues(file, ledger);
    }

    /// Reads `file`, which is usually the `config.json` of a checkpoint.
    ///
    /// @throws CheckpointException when it is not there, or not one JSON object
    public static ConfigJson read(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            WeightFiles.requireDirectory(directory);
        }
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(
                    "%s: there is no %s in %s; %s"
                            .formatted(
                                    file,
                                    file.getFileName(),
                                    directory,
                                    WeightFiles.otherFormat(file.resolveSibling(""))
                                            .orElse(
                                                    "is this a Hugging Face checkpoint directory, and is its download complete?")));
        }
        return of(file, StrictJson.bytes(file, MAX_BYTES));
    }

    /// A configuration that was made of something else.
    ///
    /// @param file what it was made of, for messages
    /// @param bytes one JSON object
    public static ConfigJson of(Path file, byte[] bytes) {
        String sha256 = HexFormat.of().formatHex(StrictJson.sha256().digest(bytes));
        ObjectNode json = StrictJson.object(file, bytes);
        return new ConfigJson(file, sha256, json, new KeyLedger("", json));
    }

    /// Holds sizes against the tensors of a checkpoint from now on, so that nothing is allocated by
    /// a number that cannot be right.
    public void boundSizes(Checkpoint checkpoint) {
        values.bound(checkpoint.sizeBounds());
    }

    /// The size at `key`, which must be there: an integer of at least 1 that the weights bound.
    public int requireInt(String key) {
        return optionalInt(key).orElseThrow(() -> values.missing(key, "an integer"));
    }

    /// The size at `key`, or `otherwise` if absent; see [#requireInt].
    public int intOr(String key, int otherwise) {
        return optionalInt(key).orElse(otherwise);
    }

    /// The integer at `key`, which is no size and may be any, or `otherwise` if absent.
    public int anyIntOr(String key, int otherwise) {
        JsonNode value = ledger.look(key);
        return value == null ? otherwise : values.toInt(key, value);
    }

    /// The size at `key`, if there is one; see [#requireInt].
    public OptionalInt optionalInt(String key) {
        JsonNode value = ledger.look(key);
        return value == null ? OptionalInt.empty() : OptionalInt.of(values.size(key, value));
    }

    /// The length at `key`, which must be there, where a table of the weights has a row for each
    /// position.
    public int requireRows(String key) {
        JsonNode value = ledger.look(key);
        if (value == null) {
            throw values.missing(key, "an integer");
        }
        return values.rows(key, value);
    }

    /// The number at `key`, which must be there.
    public double requireDouble(String key) {
        return optionalDouble(key).orElseThrow(() -> values.missing(key, "a number"));
    }

    /// The number at `key`, or `otherwise` if absent.
    public double doubleOr(String key, double otherwise) {
        return optionalDouble(key).orElse(otherwise);
    }

    /// The number at `key`, if there is one.
    public OptionalDouble optionalDouble(String key) {
        JsonNode value = ledger.look(key);
        return value == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(values.toDouble(key, value));
    }

    /// The boolean at `key`, or `otherwise` if absent.
    public boolean boolOr(String key, boolean otherwise) {
        JsonNode value = ledger.look(key);
        return value == null
                ? otherwise
                : values.typed(key, value, JsonNode::isBoolean, "a boolean").asBoolean();
    }

    /// The boolean at `key`, or `otherwise` if absent; a number is true unless it is 0, as in
    /// Python.
    public boolean truthOr(String key, boolean otherwise) {
        JsonNode value = ledger.look(key);
        return value != null && value.isNumber()
                ? values.toDouble(key, value) != 0
                : boolOr(key, otherwise);
    }

    /// The string at `key`, which must be there.
    public String requireString(String key) {
        return string(key).orElseThrow(() -> values.missing(key, "a string"));
    }

    /// The string at `key`, or `otherwise` if absent.
    public String stringOr(String key, String otherwise) {
        return string(key).orElse(otherwise);
    }

    /// The string at `key`, if there is one.
    public Optional<String> string(String key) {
        return Optional.ofNullable(ledger.look(key))
                .map(value -> values.typed(key, value, JsonNode::isString, "a string").asString());
    }

    /// The object at `key`, if there is one. Its keys are watched as well: reading the object is
    /// not reading what is in it. The same key gives the same object every time.
    public Optional<ConfigJson> object(String key) {
        JsonNode value = ledger.look(key);
        if (value == null) {
            return Optional.empty();
        }
        var object = (ObjectNode) values.typed(key, value, JsonNode::isObject, "an object");
        ConfigJson inside =
                nested.computeIfAbsent(
                        key, k -> new ConfigJson(file, sha256, object, ledger.of(k, object)));
        inside.values.bound(values.bounds());
        return Optional.of(inside);
    }

    /// The keys of this object, in their order. They do not count as read.
    public List<String> keys() {
        return List.copyOf(json.propertyNames());
    }

    /// Whether the value at `key` is a string; see [#has].
    public boolean isString(String key) {
        JsonNode value = json.get(key);
        return value != null && value.isString();
    }

    /// Whether the value at `key` is a list or an object without anything in it; see [#has].
    public boolean isEmpty(String key) {
        JsonNode value = json.get(key);
        return value != null && value.isContainer() && value.isEmpty();
    }

    /// The strings listed at `key`; none if absent.
    public List<String> strings(String key) {
        var strings = new ArrayList<String>();
        for (JsonNode value : list(key)) {
            strings.add(
                    values.typed(key, value, JsonNode::isString, "a list of strings").asString());
        }
        return strings;
    }

    /// The strings of a list of groups `[[strings], times]`, each group repeated that often; none
    /// if absent. GPT-Neo writes `attention_types` so.
    public List<String> repeatedStrings(String key) {
        var strings = new ArrayList<String>();
        String expected = "a list of [[strings], times]";
        for (JsonNode group : list(key)) {
            values.typed(
                    key, group, g -> g.isArray() && g.size() == 2 && g.get(0).isArray(), expected);
            List<String> repeated = new ArrayList<>();
            for (JsonNode value : group.get(0).values()) {
                repeated.add(values.typed(key, value, JsonNode::isString, expected).asString());
            }
            int times = values.times(key, group.get(1), strings.size(), repeated.size());
            for (int i = 0; i < times; i++) {
                strings.addAll(repeated);
            }
        }
        return strings;
    }

    /// The integers listed at `key`; none if absent. An integer that stands alone is a list of one,
    /// as in `eos_token_id`.
    public int[] ints(String key) {
        JsonNode value = ledger.look(key);
        return value != null && value.isNumber()
                ? new int[] {values.toInt(key, value)}
                : list(key).stream().mapToInt(element -> values.toInt(key, element)).toArray();
    }

    /// The numbers listed at `key`; none if absent.
    public double[] doubles(String key) {
        return list(key).stream().mapToDouble(element -> values.toDouble(key, element)).toArray();
    }

    /// The numbers listed at `key`, which may be infinite; none if absent. Python writes a bare
    /// `Infinity`, and transformers `{"__float__": "Infinity"}`.
    public double[] doublesOrInfinite(String key) {
        return list(key).stream()
                .mapToDouble(element -> values.toDoubleOrInfinite(key, element))
                .toArray();
    }

    /// Whether `key` is there and not null. It does not count as read.
    public boolean has(String key) {
        return json.hasNonNull(key);
    }

    /// Whether `key` is there, be it as `null`. It does not count as read.
    public boolean mentions(String key) {
        return json.has(key);
    }

    /// Accepts `expected` at `key`, or nothing; anything else stops the load because of `whyNot`.
    public void mustBe(String key, boolean expected, String whyNot) {
        mustEqual(key, boolOr(key, expected) == expected, String.valueOf(expected), whyNot);
    }

    /// Accepts `expected` at `key`, or nothing; anything else stops the load because of `whyNot`.
    public void mustBe(String key, String expected, String whyNot) {
        mustEqual(key, stringOr(key, expected).equals(expected), "\"" + expected + "\"", whyNot);
    }

    /// Accepts exactly `expected` at `key`, or nothing; anything else stops the load because of
    /// `whyNot`.
    public void mustBe(String key, double expected, String whyNot) {
        boolean equal = Double.compare(doubleOr(key, expected) + 0.0, expected + 0.0) == 0;
        mustEqual(key, equal, String.valueOf(expected), whyNot);
    }

    /// Accepts `null` at `key`, or nothing; anything else stops the load because of `whyNot`.
    public void mustBeAbsent(String key, String whyNot) {
        mustEqual(key, ledger.look(key) == null, "null", whyNot);
    }

    /// What was asked of keys so far: the only value that is accepted, and why.
    public SortedMap<String, String> conditions() {
        return ledger.conditions();
    }

    /// Counts `keys` as read, with all that is in them: what they say has no effect on inference.
    public void withoutEffect(String... keys) {
        ledger.markRead(keys);
    }

    /// The keys that nobody read so far, as messages name them, with their values as JSON. To be
    /// asked of the whole configuration, not of an object in it.
    public SortedMap<String, String> unread() {
        return ledger.unread();
    }

    /// Counts `key` as read where it says what the model does anyway; another value stays unread.
    public void asUsual(String key, boolean usual) {
        if (json.path(key).isBoolean() && json.path(key).asBoolean() == usual) {
            ledger.markRead(key);
        }
    }

    /// Counts `key` as read where it says what the model does anyway; another value stays unread.
    public void asUsual(String key, String usual) {
        if (json.path(key).isString() && json.path(key).asString().equals(usual)) {
            ledger.markRead(key);
        }
    }

    /// What became of keys that nobody read, with their values as JSON, for the record of the run.
    ///
    /// @param ignored by the user's choice, whatever they mean
    /// @param inert which mean nothing
    public record Unread(SortedMap<String, String> ignored, SortedMap<String, String> inert) {}

    /// Stops the load when there is a key that nobody read, except those that the user chose to
    /// ignore; see [#refuseUnread(Set, Predicate)].
    public Unread refuseUnread(Set<String> ignoredByUser) {
        return refuseUnread(ignoredByUser, key -> true);
    }

    /// Stops the load when there is a key that nobody read and that may change the model, except
    /// those that the user chose to ignore. To be called on the whole configuration, not on an
    /// object in it.
    ///
    /// @param ignoredByUser paths as messages name them; one that is not an unread key is an error
    /// @param matters of a path: whether the key may change the model
    /// @throws CheckpointException when such keys are left, or an ignored one does not exist
    public Unread refuseUnread(Set<String> ignoredByUser, Predicate<String> matters) {
        SortedMap<String, String> unread = unread();
        var ignored = new TreeMap<String, String>();
        for (String key : ignoredByUser) {
            String value = unread.remove(key);
            if (value == null) {
                throw new CheckpointException(
                        "%s: has no unread key %s, which is to be ignored; do not name it%s"
                                .formatted(
                                        file,
                                        key,
                                        unread.isEmpty() ? "" : ", unread are " + unread.keySet()));
            }
            ignored.put(key, value);
        }
        var inert = new TreeMap<String, String>(unread);
        inert.keySet().removeIf(matters);
        unread.keySet().removeAll(inert.keySet());
        if (!unread.isEmpty()) {
            throw new CheckpointException(
                    "%s: holds keys that this program does not know and that may change the model: %s%s"
                            .formatted(
                                    file,
                                    shown(unread),
                                    has("auto_map")
                                            ? "; the checkpoint brings code of its own (auto_map), which may read them"
                                            : ""),
                    new Remedy.IgnoreUnreadKeys());
        }
        return new Unread(ignored, inert);
    }

    /// All of it, whatever was read.
    ObjectNode json() {
        return json;
    }

    /// SHA-256 of the whole file.
    public String sha256() {
        return sha256;
    }

    /// The file it was read from.
    public Path file() {
        return file;
    }

    /// `key = value, …` for messages; long values are cut.
    public static String shown(SortedMap<String, String> keys) {
        return KeyLedger.shown(keys);
    }

    private void mustEqual(String key, boolean equal, String expected, String whyNot) {
        ledger.condition(key, expected + ": " + whyNot);
        if (!equal) {
            throw new CheckpointException(
                    "%s: %s is %s, but must be %s or absent: %s"
                            .formatted(
                                    file, ledger.path(key), ledger.shownAt(key), expected, whyNot));
        }
    }

    private List<JsonNode> list(String key) {
        JsonNode value = ledger.look(key);
        return value == null
                ? List.of()
                : List.copyOf(values.typed(key, value, JsonNode::isArray, "a list").values());
    }
}
