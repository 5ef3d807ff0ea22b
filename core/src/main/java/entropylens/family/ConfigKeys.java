package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Which keys of a configuration transformers reads in an architecture. A key that it does not read
/// changes nothing there, and is inert here too; one that it reads and we do not stops the load.
/// The facts are derived from transformers' source by tools/config_keys.py.
///
/// @param transformers the version
/// @param keys at the top, or in `text_config`
/// @param rope keys in `rope_scaling` and `rope_parameters`, by rope type; empty where the
///   architecture turns nothing
record ConfigKeys(String transformers, Set<String> keys, Map<String, Set<String>> rope) {
    private static final Set<String> ROPE_OBJECTS = Set.of("rope_scaling", "rope_parameters");

    /// Names of types in older files.
    private static final Map<String, String> OLDER_TYPES = Map.of("su", "longrope");

    static ConfigKeys of(Family family) {
        String resource = "config-keys/" + family.name() + ".json";
        try (InputStream in = ConfigKeys.class.getResourceAsStream(resource)) {
            JsonNode json =
                    StrictJson.object(
                            Path.of(resource), Objects.requireNonNull(in, resource).readAllBytes());
            Map<String, Set<String>> rope = new HashMap<>();
            json.path("rope").properties().forEach(e -> rope.put(e.getKey(), names(e.getValue())));
            return new ConfigKeys(
                    json.path("transformers").asString(), names(json.path("keys")), rope);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new HashSet<>();
        list.values().forEach(name -> names.add(name.asString()));
        return names;
    }

    /// Whether an unread key may change the model.
    ///
    /// @param family that reads the configuration; one of another architecture does not know what
    ///   its keys mean, nor do we where the checkpoint brings code of its own
    /// @param path as messages name it
    static boolean matters(Family family, ConfigJson json, String path) {
        boolean known =
                json.strings("architectures").stream().anyMatch(family.architectures()::contains);
        return !known || json.has("auto_map") || of(family).reads(json, path);
    }

    private boolean reads(ConfigJson json, String path) {
        List<String> parts = List.of(path.split("\\."));
        String first = parts.getFirst();
        if (first.equals("text_config") && parts.size() > 1) {
            return json.object(first)
                    .map(text -> reads(text, path.substring(first.length() + 1)))
                    .orElse(true);
        }
        if (!ROPE_OBJECTS.contains(first) || parts.size() == 1) {
            return keys.contains(first);
        }
        ConfigJson inside = json;
        for (String part : parts.subList(0, parts.size() - 1)) {
            inside = inside.object(part).orElseThrow();
        }
        String type = inside.stringOr("rope_type", inside.stringOr("type", "default"));
        Set<String> ofType = rope.get(OLDER_TYPES.getOrDefault(type, type));
        return ofType == null || ofType.contains(parts.getLast());
    }
}
