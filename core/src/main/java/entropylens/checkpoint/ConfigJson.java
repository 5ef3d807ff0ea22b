package entropylens.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
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
import org.jspecify.annotations.Nullable;
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
    private static final int MAX_REPEATS = 1_000;

    private final Path file;
    private final String sha256;
    private final String prefix;
    private final ObjectNode json;
    private final Set<String> read = new HashSet<>();
    private final Map<String, ConfigJson> nested = new HashMap<>();
    private final SortedMap<String, String> conditions = new TreeMap<>();
    private SizeBounds bounds = SizeBounds.OF_ANY_MODEL;

    private ConfigJson(Path file, String sha256, String prefix, ObjectNode json) {
        this.file = file;
        this.sha256 = sha256;
        this.prefix = prefix;
        this.json = json;
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
        byte[] bytes = StrictJson.bytes(file, MAX_BYTES);
        String sha256 = HexFormat.of().formatHex(StrictJson.sha256().digest(bytes));
        return new ConfigJson(file, sha256, "", StrictJson.object(file, bytes));
    }

    /// Holds sizes against the tensors of a checkpoint from now on, so that nothing is allocated by
    /// a number that cannot be right.
    public void boundSizes(Checkpoint checkpoint) {
        bounds = checkpoint.sizeBounds();
    }

    /// The integer at `key`, which must be there.
    public int requireInt(String key) {
        return optionalInt(key).orElseThrow(() -> missing(key, "an integer"));
    }

    /// The integer at `key`, or `otherwise` if absent.
    public int intOr(String key, int otherwise) {
        return optionalInt(key).orElse(otherwise);
    }

    /// The integer at `key`, if there is one.
    public OptionalInt optionalInt(String key) {
        JsonNode value = look(key);
        if (value == null) {
            return OptionalInt.empty();
        }
        int number = toInt(key, value);
        String wrong = bounds.against(key, number);
        if (!wrong.isEmpty()) {
            throw new CheckpointException(
                    "%s: %s is %,d, but %s; correct the file or download it again"
                            .formatted(file, path(key), number, wrong));
        }
        return OptionalInt.of(number);
    }

    /// The number at `key`, which must be there.
    public double requireDouble(String key) {
        return optionalDouble(key).orElseThrow(() -> missing(key, "a number"));
    }

    /// The number at `key`, or `otherwise` if absent.
    public double doubleOr(String key, double otherwise) {
        return optionalDouble(key).orElse(otherwise);
    }

    /// The number at `key`, if there is one.
    public OptionalDouble optionalDouble(String key) {
        JsonNode value = look(key);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(toDouble(key, value));
    }

    /// The boolean at `key`, or `otherwise` if absent.
    public boolean boolOr(String key, boolean otherwise) {
        JsonNode value = look(key);
        return value == null
                ? otherwise
                : typed(key, value, JsonNode::isBoolean, "a boolean").asBoolean();
    }

    /// The string at `key`, which must be there.
    public String requireString(String key) {
        return string(key).orElseThrow(() -> missing(key, "a string"));
    }

    /// The string at `key`, or `otherwise` if absent.
    public String stringOr(String key, String otherwise) {
        return string(key).orElse(otherwise);
    }

    /// The string at `key`, if there is one.
    public Optional<String> string(String key) {
        return Optional.ofNullable(look(key))
                .map(value -> typed(key, value, JsonNode::isString, "a string").asString());
    }

    /// The object at `key`, if there is one. Its keys are watched as well: reading the object is
    /// not reading what is in it. The same key gives the same object every time.
    public Optional<ConfigJson> object(String key) {
        JsonNode value = look(key);
        if (value == null) {
            return Optional.empty();
        }
        var object = (ObjectNode) typed(key, value, JsonNode::isObject, "an object");
        ConfigJson inside =
                nested.computeIfAbsent(
                        key, k -> new ConfigJson(file, sha256, path(k) + ".", object));
        inside.bounds = bounds;
        return Optional.of(inside);
    }

    /// The strings listed at `key`; none if absent.
    public List<String> strings(String key) {
        var strings = new ArrayList<String>();
        for (JsonNode value : list(key)) {
            strings.add(typed(key, value, JsonNode::isString, "a list of strings").asString());
        }
        return strings;
    }

    /// The strings of a list of groups `[[strings], times]`, each group repeated that often; none
    /// if absent. GPT-Neo writes `attention_types` so.
    public List<String> repeatedStrings(String key) {
        var strings = new ArrayList<String>();
        String expected = "a list of [[strings], times]";
        for (JsonNode group : list(key)) {
            typed(key, group, g -> g.isArray() && g.size() == 2 && g.get(0).isArray(), expected);
            int times = toInt(key, group.get(1));
            if (times < 0 || times > MAX_REPEATS) {
                throw new CheckpointException(
                        "%s: %s repeats a group %,d times, which is no number from 0 to %,d; correct the file or download it again"
                                .formatted(file, path(key), times, MAX_REPEATS));
            }
            for (int i = 0; i < times; i++) {
                for (JsonNode value : group.get(0).values()) {
                    strings.add(typed(key, value, JsonNode::isString, expected).asString());
                }
            }
        }
        return strings;
    }

    /// The integers listed at `key`; none if absent. An integer that stands alone is a list of one,
    /// as in `eos_token_id`.
    public int[] ints(String key) {
        JsonNode value = look(key);
        return value != null && value.isNumber()
                ? new int[] {toInt(key, value)}
                : list(key).stream().mapToInt(element -> toInt(key, element)).toArray();
    }

    /// The numbers listed at `key`; none if absent.
    public double[] doubles(String key) {
        return list(key).stream().mapToDouble(element -> toDouble(key, element)).toArray();
    }

    /// The names of all keys, sorted. None counts as read.
    public List<String> keys() {
        return json.propertyNames().stream().sorted().toList();
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
        mustEqual(key, look(key) == null, "null", whyNot);
    }

    /// What was asked of keys so far: the only value that is accepted, and why.
    public SortedMap<String, String> conditions() {
        return Collections.unmodifiableSortedMap(conditions);
    }

    /// Counts `keys` as read, with all that is in them: what they say has no effect on inference.
    public void withoutEffect(String... keys) {
        read.addAll(List.of(keys));
    }

    /// The keys that nobody read so far, as messages name them, with their values as JSON. To be
    /// asked of the whole configuration, not of an object in it.
    public SortedMap<String, String> unread() {
        var unread = new TreeMap<String, String>();
        collectUnread(unread);
        return unread;
    }

    /// Stops the load when there is a key that nobody read, except those that the user chose to
    /// ignore. To be called on the whole configuration, not on an object in it.
    ///
    /// @param ignoredByUser paths as messages name them; one that is not an unread key is an error
    /// @return the ignored keys with their values as JSON, for the record of the run
    /// @throws CheckpointException when unread keys are left, or an ignored one does not exist
    public SortedMap<String, String> refuseUnread(Set<String> ignoredByUser) {
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
        if (!unread.isEmpty()) {
            throw new CheckpointException(
                    "%s: holds keys that this program does not know and that may change the model: %s"
                            .formatted(file, shown(unread)),
                    new Remedy.IgnoreUnreadKeys());
        }
        return ignored;
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

    private void collectUnread(SortedMap<String, String> unread) {
        for (var property : json.properties()) {
            String key = property.getKey();
            ConfigJson object = nested.get(key);
            if (object != null) {
                object.collectUnread(unread);
            } else if (!property.getValue().isNull() && !read.contains(key)) {
                unread.put(path(key), property.getValue().toString());
            }
        }
    }

    /// `key = value, …` for messages; long values are cut.
    public static String shown(SortedMap<String, String> keys) {
        var parts = new ArrayList<String>();
        keys.forEach((key, value) -> parts.add(key + " = " + abbreviated(value)));
        return String.join(", ", parts);
    }

    private void mustEqual(String key, boolean equal, String expected, String whyNot) {
        conditions.put(path(key), expected + ": " + whyNot);
        if (!equal) {
            throw new CheckpointException(
                    "%s: %s is %s, but must be %s or absent: %s"
                            .formatted(
                                    file,
                                    path(key),
                                    abbreviated(String.valueOf(json.get(key))),
                                    expected,
                                    whyNot));
        }
    }

    private @Nullable JsonNode look(String key) {
        read.add(key);
        JsonNode value = json.get(key);
        return value == null || value.isNull() ? null : value;
    }

    private List<JsonNode> list(String key) {
        JsonNode value = look(key);
        return value == null
                ? List.of()
                : List.copyOf(typed(key, value, JsonNode::isArray, "a list").values());
    }

    private int toInt(String key, JsonNode value) {
        return typed(
                        key,
                        value,
                        node -> node.isIntegralNumber() && node.canConvertToInt(),
                        "an integer of 32 bits")
                .asInt();
    }

    private double toDouble(String key, JsonNode value) {
        return typed(
                        key,
                        value,
                        node -> node.isNumber() && Double.isFinite(node.asDouble(Double.NaN)),
                        "a finite number")
                .asDouble();
    }

    private JsonNode typed(String key, JsonNode value, Predicate<JsonNode> is, String expected) {
        if (!is.test(value)) {
            throw new CheckpointException(
                    "%s: %s must be %s, but is %s (%s); correct the file or download it again"
                            .formatted(
                                    file,
                                    path(key),
                                    expected,
                                    abbreviated(value.toString()),
                                    StrictJson.kind(value)));
        }
        return value;
    }

    private CheckpointException missing(String key, String expected) {
        var near = NearNames.of(key, json.propertyNames());
        return new CheckpointException(
                "%s: the key %s is missing, which must be %s%s; is this the config.json of a supported model?"
                        .formatted(
                                file,
                                path(key),
                                expected,
                                near.isEmpty()
                                        ? ""
                                        : " (there is '" + String.join("', '", near) + "')"));
    }

    private String path(String key) {
        return prefix + key;
    }

    private static String abbreviated(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
