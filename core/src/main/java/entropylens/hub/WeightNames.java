package entropylens.hub;

import entropylens.checkpoint.JsonTree;
import entropylens.checkpoint.StrictJson;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How a format of weights is laid out: one file, or shards that an index names.
///
/// @param single the file of an undivided model
/// @param index the file that says in which shard each tensor is
/// @param extension of the shards
public record WeightNames(String single, String index, String extension) {

    /// The formats that are read, the better one first.
    public static final List<WeightNames> ALL =
            List.of(
                    new WeightNames(
                            "model.safetensors", "model.safetensors.index.json", ".safetensors"),
                    new WeightNames("pytorch_model.bin", "pytorch_model.bin.index.json", ".bin"));

    private static final int MAX_INDEX = 64 << 20;
    private static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY = StrictJson.factory(MAX_DEPTH);

    /// The object that is the whole of a text.
    ///
    /// @param source where it comes from, for messages
    /// @throws HubException when it is something else
    public static ObjectNode object(byte[] text, String source) {
        JsonNode node;
        try {
            node = JsonTree.of(FACTORY, StrictJson.utf8(text, text.length));
        } catch (JacksonException e) {
            // without the cause: it quotes the text
            throw new HubException(
                    "%s: is not valid JSON: %s".formatted(source, StrictJson.reason(e)));
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new HubException(
                "%s: must hold a JSON object { ... }, but does not".formatted(source));
    }

    /// The shards that an index names, all plain names in the same folder.
    ///
    /// @param file the index
    /// @throws HubException when it is damaged, or names something else
    public SortedSet<String> shards(Path file) {
        ObjectNode root = object(StrictJson.bytes(file, MAX_INDEX), file.toString());
        SortedSet<String> shards = new TreeSet<>();
        if (root.get("weight_map") instanceof ObjectNode map) {
            for (JsonNode shard : map.values()) {
                shards.add(plain(file, shard));
            }
        }
        if (shards.isEmpty()) {
            throw new HubException(
                    "%s: must hold a 'weight_map' object with the file of every tensor, but does not"
                            .formatted(file));
        }
        return shards;
    }

    private String plain(Path file, JsonNode shard) {
        String name = shard.isString() ? shard.asString() : "";
        if (!name.endsWith(extension) || name.contains("/") || FileNames.isHostile(name)) {
            throw new HubException(
                    "%s: says that a tensor is in %s, which is not the plain name of a %s file; the model is damaged or not to be trusted"
                            .formatted(file, shard, extension));
        }
        return name;
    }
}
