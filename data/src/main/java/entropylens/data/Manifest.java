package entropylens.data;

import entropylens.checkpoint.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Everything that is needed to repeat a run, in two parts: its *identity*, what changes its
/// numbers, and the rest.
public final class Manifest {
    private static final String SCHEMA = "schema_version";
    private static final String RUN = "run";
    private static final String IDENTITY = "identity";
    private static final String DETAILS = "details";
    private static final String RESUMED = "resumed";

    /// Hexadecimal digits of the hash that name a run.
    private static final int DIGITS = 12;

    private final ObjectNode document;

    private Manifest(ObjectNode document) {
        this.document = document;
    }

    /// @param identity what changes numbers: studies, options, seed, hashes of the models, version
    ///   of the definitions, kernels, lanes, batch. A run goes on only under the same identity.
    ///   Maps, lists, strings, numbers, booleans and nulls
    /// @param details the rest: command line, machine, start time
    public static Manifest of(
            Map<String, ? extends @Nullable Object> identity,
            Map<String, ? extends @Nullable Object> details) {
        return of(JsonText.tree(identity), JsonText.tree(details));
    }

    /// The manifest of a run that differs from this one in what one key of the identity says.
    Manifest with(String key, String value, Map<String, ? extends @Nullable Object> details) {
        ObjectNode identity = ((ObjectNode) document.path(IDENTITY)).deepCopy();
        identity.put(key, value);
        return of(identity, JsonText.tree(details));
    }

    private static Manifest of(ObjectNode identity, ObjectNode details) {
        ObjectNode document = JsonText.MAPPER.createObjectNode();
        document.put(SCHEMA, Schema.VERSION);
        document.put(RUN, sha256(JsonText.canonical(identity)).substring(0, DIGITS));
        document.set(IDENTITY, identity);
        document.set(DETAILS, details);
        return new Manifest(document);
    }

    /// @throws DataException when it is no manifest of this version
    static Manifest parse(String name, String text) {
        JsonNode node;
        try {
            node = JsonText.parse(text);
        } catch (JacksonException e) {
            throw new DataException(
                    "%s: is damaged (%s); start the run anew in another directory"
                            .formatted(name, StrictJson.reason(e)),
                    e);
        }
        if (!(node instanceof ObjectNode document)
                || !document.path(IDENTITY).isObject()
                || !document.path(DETAILS).isObject()
                || !document.path(RUN).isString()
                || !document.path(SCHEMA).isInt()) {
            throw new DataException(
                    "%s: is not the manifest of a run; choose another directory".formatted(name));
        }
        int version = document.path(SCHEMA).intValue();
        if (version != Schema.VERSION) {
            throw new DataException(
                    "%s: the tables of this run have version %d, this program writes version %d; start the run anew in another directory"
                            .formatted(name, version, Schema.VERSION));
        }
        return new Manifest(document);
    }

    /// Names the run: begins the hash of its identity, so the same run has the same name
    /// everywhere.
    public String run() {
        return document.path(RUN).stringValue();
    }

    /// What the identity says under a key, where that is text.
    Optional<String> identity(String key) {
        JsonNode value = document.path(IDENTITY).path(key);
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    /// The names of the run's models.
    List<String> models() {
        return List.copyOf(document.path(IDENTITY).path("models").propertyNames());
    }

    /// The whole of it, as JSON.
    public String json() {
        return JsonText.indented(document) + "\n";
    }

    /// This manifest with a note that `later` went on with its run.
    Manifest resumedBy(Manifest later) {
        ObjectNode noted = document.deepCopy();
        ArrayNode resumed =
                noted.path(RESUMED) instanceof ArrayNode list ? list : noted.putArray(RESUMED);
        resumed.add(later.document.path(DETAILS));
        return new Manifest(noted);
    }

    /// Where the identity of `other` first differs from this one's, in words.
    Optional<String> differenceTo(Manifest other) {
        return Optional.ofNullable(
                difference("", document.path(IDENTITY), other.document.path(IDENTITY)));
    }

    private static @Nullable String difference(String key, JsonNode stored, JsonNode given) {
        if (stored.equals(given)) {
            return null;
        }
        if (stored.isObject() && given.isObject()) {
            Set<String> names = new LinkedHashSet<>(stored.propertyNames());
            names.addAll(given.propertyNames());
            for (String name : names) {
                String path = key.isEmpty() ? name : key + "." + name;
                String found = difference(path, stored.path(name), given.path(name));
                if (found != null) {
                    return found;
                }
            }
        }
        if (stored.isArray() && given.isArray() && stored.size() == given.size()) {
            for (int i = 0; i < stored.size(); i++) {
                String found = difference(key + "[" + i + "]", stored.get(i), given.get(i));
                if (found != null) {
                    return found;
                }
            }
        }
        return "%s is %s there, but %s here".formatted(key, shown(stored), shown(given));
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "absent" : value.toString();
    }

    private static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
