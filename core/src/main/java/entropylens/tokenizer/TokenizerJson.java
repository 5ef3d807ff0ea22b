package entropylens.tokenizer;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.JsonTree;
import entropylens.checkpoint.StrictJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Takes the vocabulary and the decoder out of a tokenizer.json, streaming over the rest (merges
/// are most of it), and makes sure that all of it is JSON: the native library ends the JVM on some
/// texts that are not.
final class TokenizerJson {

    /// The native parser's limit.
    private static final int MAX_DEPTH = 120;

    /// Far above any vocabulary, far below what an array of that length would cost.
    private static final int MAX_ID = 10_000_000;

    private static final JsonFactory FACTORY = StrictJson.factory(MAX_DEPTH);

    private final Path file;
    private final TreeMap<Integer, String> entries = new TreeMap<>();
    private final Map<Integer, String> added = new TreeMap<>();
    private final Set<String> special = new HashSet<>();
    private JsonNode decoder = NullNode.getInstance();
    private ArrayNode addedJson = JsonNodeFactory.instance.arrayNode();

    private TokenizerJson(Path file) {
        this.file = file;
    }

    static TokenizerJson read(Path file, byte[] bytes) {
        try (JsonParser parser =
                FACTORY.createParser(
                        ObjectReadContext.empty(), StrictJson.utf8(bytes, bytes.length))) {
            var json = new TokenizerJson(file);
            json.readAll(parser);
            if (json.entries.isEmpty()) {
                throw json.damaged("it has no model with a vocabulary");
            }
            return json;
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "%s: is not valid JSON: %s; download it again"
                            .formatted(file, StrictJson.reason(e)),
                    e);
        }
    }

    /// The same file with other added tokens.
    static byte[] withAdded(Path file, byte[] bytes, ArrayNode tokens) {
        JsonMapper mapper = JsonMapper.builder(FACTORY).build();
        try (JsonParser parser = mapper.createParser(StrictJson.utf8(bytes, bytes.length))) {
            ObjectNode json = parser.readValueAs(ObjectNode.class);
            json.set("added_tokens", tokens);
            return mapper.writeValueAsBytes(json);
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "%s: is not valid JSON: %s; download it again"
                            .formatted(file, StrictJson.reason(e)),
                    e);
        }
    }

    private void readAll(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw damaged("it is not a JSON object");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "added_tokens" -> readAdded(JsonTree.value(parser));
                case "decoder" -> readDecoder(JsonTree.value(parser));
                case "model" -> readModel(parser);
                case "post_processor" -> readPostProcessor(JsonTree.value(parser));
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw damaged("it goes on after its closing '}'");
        }
    }

    private void readAdded(JsonNode list) {
        if (list instanceof ArrayNode tokens) {
            addedJson = tokens;
        }
        add(list);
    }

    private void add(JsonNode list) {
        for (JsonNode token : list.values()) {
            if (!token.path("id").isInt() || !token.path("content").isString()) {
                throw damaged("an added token needs an id and a content, but is " + token);
            }
            String content = token.path("content").asString();
            put(added, checkedId(content, token.path("id").asInt()), content);
            if (token.path("special").asBoolean(false)) {
                special.add(content);
            }
        }
    }

    private void readDecoder(JsonNode json) {
        NativeGuard.objectionToDecoder(json)
                .ifPresent(objection -> {
                    throw damaged(objection);
                });
        decoder = json;
    }

    private void readPostProcessor(JsonNode processor) {
        NativeGuard.objection(processor)
                .ifPresent(objection -> {
                    throw damaged(objection);
                });
    }

    private void readModel(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw damaged("its model is not an object");
        }
        boolean merges = false;
        boolean prefixed = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            merges |= key.equals("merges");
            prefixed |=
                    key.equals("continuing_subword_prefix")
                            && value != JsonToken.VALUE_NULL
                            && !parser.getString().isEmpty();
            if (key.equals("vocab") && value == JsonToken.START_OBJECT) {
                readMap(parser);
            } else if (key.equals("vocab") && value == JsonToken.START_ARRAY) {
                readList(parser);
            } else {
                parser.skipChildren();
            }
        }
        if (merges && prefixed) {
            throw damaged("its BPE model has a continuing_subword_prefix, which is not supported");
        }
    }

    /// `{"the": 12, ...}`, as BPE and word models have it.
    private void readMap(JsonParser parser) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String entry = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                throw damaged("the id of '%s' is no integer".formatted(entry));
            }
            put(entries, checkedId(entry, parser.getLongValue()), entry);
        }
    }

    /// `[["the", -3.2], ...]`, as Unigram models have it; the id is the place.
    private void readList(JsonParser parser) {
        int id = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_ARRAY
                    || parser.nextToken() != JsonToken.VALUE_STRING) {
                throw damaged("entry %d of its vocabulary is no [string, number]".formatted(id));
            }
            put(entries, checkedId(parser.getString(), id), parser.getString());
            if (!parser.nextToken().isNumeric() || parser.nextToken() != JsonToken.END_ARRAY) {
                throw damaged("entry %d of its vocabulary is no [string, number]".formatted(id));
            }
            id++;
        }
    }

    private int checkedId(String entry, long id) {
        if (id < 0 || id > MAX_ID) {
            throw damaged(
                    "the id of '%s' is %d, but ids run from 0 to %,d".formatted(entry, id, MAX_ID));
        }
        return (int) id;
    }

    private void put(Map<Integer, String> into, int id, String entry) {
        String other = into.put(id, entry);
        if (other != null && !other.equals(entry)) {
            throw damaged("'%s' and '%s' share the id %d".formatted(other, entry, id));
        }
    }

    /// What files beside this one may add to.
    AddedTokens.Base base() {
        var ids = new HashMap<String, Integer>();
        entries.forEach((id, entry) -> ids.put(entry, id));
        return new AddedTokens.Base(ids, addedJson);
    }

    /// The vocabulary with these added tokens; what was special before stays so.
    Vocabulary vocabulary(ArrayNode addedTokens) {
        added.clear();
        add(addedTokens);
        return vocabulary();
    }

    Vocabulary vocabulary() {
        entries.putAll(added);
        int size = entries.lastKey() + 1;
        var list = new ArrayList<@Nullable String>(size);
        var specialIds = new BitSet(size);
        for (int id = 0; id < size; id++) {
            String entry = entries.get(id);
            list.add(entry);
            specialIds.set(id, entry != null && special.contains(entry));
        }
        return new Vocabulary(list, specialIds, DecoderJson.read(decoder));
    }

    private CheckpointException damaged(String what) {
        return new CheckpointException(
                "%s: %s; the file is damaged, or no tokenizer: download it again"
                        .formatted(file, what));
    }
}
