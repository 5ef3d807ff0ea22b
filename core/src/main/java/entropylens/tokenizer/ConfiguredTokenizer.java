package entropylens.tokenizer;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.StrictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A tokenizer.json as transformers 5.18 (`TokenizersBackend`) has it with the files beside it:
/// tokenizer_config.json, special_tokens_map.json and added_tokens.json add tokens, change their
/// flags, and say whether special tokens that are spelled out in a text are taken to pieces.
///
/// @param json what the native library is given
/// @param vocabulary of it, as it is decoded
record ConfiguredTokenizer(byte[] json, Vocabulary vocabulary) {
    private static final int MAX_BYTES = 64_000_000;
    private static final String CONFIG = "tokenizer_config.json";
    private static final String SPLIT = "split_special_tokens";

    static ConfiguredTokenizer read(Path file, byte[] bytes) {
        TokenizerJson json = TokenizerJson.read(file, bytes);
        ObjectNode config = object(file, CONFIG);
        AddedTokens.Base base = json.base();
        ArrayNode added =
                AddedTokens.beside(
                                file.resolveSibling(CONFIG),
                                config,
                                object(file, "special_tokens_map.json"),
                                object(file, "added_tokens.json"),
                                base)
                        .merged();
        Vocabulary vocabulary = json.vocabulary(added);
        ArrayNode found = splits(file, config) ? spelledOut(added, base.vocabulary()) : added;
        return new ConfiguredTokenizer(
                found.equals(base.added()) ? bytes : TokenizerJson.withAdded(file, bytes, found),
                vocabulary);
    }

    private static ObjectNode object(Path file, String name) {
        Path beside = file.resolveSibling(name);
        return Files.exists(beside)
                ? StrictJson.object(beside, StrictJson.bytes(beside, MAX_BYTES))
                : JsonNodeFactory.instance.objectNode();
    }

    private static boolean splits(Path file, ObjectNode config) {
        JsonNode value = config.path(SPLIT);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw new CheckpointException(
                    "%s: %s must be true or false, but is %s; correct the file or download it again"
                            .formatted(file.resolveSibling(CONFIG), SPLIT, value));
        }
        return value.asBoolean(false);
    }

    /// Added tokens of which the special ones are found in no text. Those that have a place in the
    /// vocabulary of the model need no other; the rest keep theirs, for the ids of the others
    /// follow from it, under a name of noncharacters.
    private static ArrayNode spelledOut(ArrayNode added, Map<String, Integer> vocabulary) {
        ArrayNode found = JsonNodeFactory.instance.arrayNode();
        for (JsonNode token : added) {
            if (!token.path("special").asBoolean(false)) {
                found.add(token);
            } else if (!vocabulary.containsKey(token.path("content").asString())) {
                ObjectNode hidden = (ObjectNode) token.deepCopy();
                found.add(hidden.put("content", "\uFFFF" + token.path("id") + "\uFFFF"));
            }
        }
        return found;
    }
}
