package entropylens.tokenizer;

import entropylens.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Which tokens tokenizer_config.json, special_tokens_map.json and added_tokens.json add to a
/// vocabulary, in which order and with which flags, as transformers 5.18 has it: first those of
/// `added_tokens_decoder`, or else of added_tokens.json and the tokenizer itself; then `bos_token`
/// and its like; then the additional ones. The flags of the first group are final, those of the
/// others as said last, where a repetition does not count.
///
/// Where it stands there: `tokenization_utils_base.py`, `_from_pretrained`;
/// `tokenization_utils_tokenizers.py`, `__init__`.
final class AddedTokens {

    /// A token and its id.
    record Placed(String content, int id) {}

    /// What a tokenizer.json has already.
    ///
    /// @param vocabulary of its model: id by entry
    /// @param added its `added_tokens`
    record Base(Map<String, Integer> vocabulary, ArrayNode added) {
        private Map<String, Integer> ids() {
            var ids = new LinkedHashMap<String, Integer>();
            added.forEach(t -> ids.put(t.path("content").asString(), t.path("id").asInt()));
            return ids;
        }
    }

    /// `added_tokens` of a tokenizer.json, and the two that begin and end a text, if there are.
    record Numbered(ArrayNode json, Optional<Placed> bos, Optional<Placed> eos) {}

    private static final List<String> NAMES =
            List.of(
                    "bos_token",
                    "eos_token",
                    "unk_token",
                    "sep_token",
                    "pad_token",
                    "cls_token",
                    "mask_token");

    /// What GPT2Tokenizer takes for these where nothing is said.
    private static final Set<String> DEFAULTED = Set.of("bos_token", "eos_token", "unk_token");

    private static final AddedToken DEFAULT = AddedToken.special("<|endoftext|>");
    private static final String DECODER = "added_tokens_decoder";
    private static final String EXTRA = "extra_special_tokens";
    private static final String ADDITIONAL = "additional_special_tokens";

    private final Path file;
    private final Base base;
    private final boolean isGpt2;
    private final TreeMap<Integer, AddedToken> decoder = new TreeMap<>();
    private final Map<String, AddedToken> named = new LinkedHashMap<>();
    private final Map<String, AddedToken> byName = new LinkedHashMap<>();
    private final List<AddedToken> extra = new ArrayList<>();

    /// Those of GPT2Tokenizer, which knows some tokens of its own.
    static AddedTokens ofGpt2(Path file, ObjectNode config, ObjectNode map, ObjectNode legacy) {
        var none = new Base(Map.of(), JsonNodeFactory.instance.arrayNode());
        return new AddedTokens(file, config, map, legacy, none, true);
    }

    /// Those of a tokenizer.json with other files beside it.
    static AddedTokens beside(
            Path file, ObjectNode config, ObjectNode map, ObjectNode legacy, Base base) {
        return new AddedTokens(file, config, map, legacy, base, false);
    }

    /// @param file tokenizer_config.json, for messages
    /// @param map special_tokens_map.json; it and `legacy`, added_tokens.json, only count where the
    ///   configuration has no `added_tokens_decoder`
    private AddedTokens(
            Path file,
            ObjectNode config,
            ObjectNode map,
            ObjectNode legacy,
            Base base,
            boolean isGpt2) {
        this.file = file;
        this.base = base;
        this.isGpt2 = isGpt2;
        boolean current = config.has(DECODER);
        ObjectNode overriding = current ? JsonNodeFactory.instance.objectNode() : map;
        readExtra(config, overriding);
        if (current) {
            config.path(DECODER)
                    .properties()
                    .forEach(e -> decoder.put(id(e.getKey()), token(e.getKey(), e.getValue())));
        } else {
            readLegacy(legacy, specialContents(config, overriding));
            base.added().forEach(t -> decoder.put(t.path("id").asInt(), token("added_tokens", t)));
        }
        readNamed(config, overriding);
    }

    private void readExtra(ObjectNode config, ObjectNode map) {
        boolean isGiven = config.has(EXTRA) || config.has(ADDITIONAL);
        JsonNode own = config.path(EXTRA);
        JsonNode list = own.isEmpty() ? config.path(ADDITIONAL) : own;
        if (list.isObject() && isGpt2) {
            throw unreadable(EXTRA, list);
        }
        list.properties().forEach(e -> byName.put(e.getKey(), tokenOrString(EXTRA, e.getValue())));
        list = list.isObject() ? JsonNodeFactory.instance.arrayNode() : list;
        list.values().forEach(value -> extra.add(tokenOrString(EXTRA, value)));
        for (JsonNode value : map.path(EXTRA).values()) {
            extra.add(tokenOrString(EXTRA, value).asSpecial());
        }
        if (!isGiven && !map.has(EXTRA)) {
            map.path(ADDITIONAL)
                    .values()
                    .forEach(value -> extra.add(tokenOrString(ADDITIONAL, value)));
        }
    }

    /// Which contents make an entry of added_tokens.json special.
    private Set<String> specialContents(ObjectNode config, ObjectNode map) {
        var contents = new HashSet<String>();
        for (String name : NAMES) {
            JsonNode value = map.has(name) ? map.path(name) : config.path(name);
            if (value.isString()) {
                contents.add(value.asString());
            } else if (map.has(name)) {
                contents.add(value.path("content").asString(""));
            }
        }
        boolean fromMapAlone = !config.has(EXTRA) && !config.has(ADDITIONAL) && !map.has(EXTRA);
        if (!fromMapAlone) {
            extra.forEach(token -> contents.add(token.content()));
        }
        return contents;
    }

    private void readLegacy(ObjectNode legacy, Set<String> specialContents) {
        for (var entry : legacy.properties()) {
            String content = entry.getKey();
            boolean special = specialContents.contains(content);
            var token = new AddedToken(content, false, false, false, !special, special);
            if (decoder.put(id(entry.getValue().toString()), token) != null) {
                throw damaged("two added tokens share the id " + entry.getValue());
            }
        }
    }

    private void readNamed(ObjectNode config, ObjectNode map) {
        for (String name : NAMES) {
            JsonNode value = map.has(name) ? map.path(name) : config.path(name);
            if (value.isMissingNode() && isGpt2 && DEFAULTED.contains(name)) {
                named.put(name, DEFAULT);
            } else if (!value.isMissingNode() && !value.isNull()) {
                AddedToken token = tokenOrString(name, value);
                token = map.has(name) ? token.asSpecial() : token;
                named.put(name, isGpt2 ? token : known(token));
            }
        }
        for (ObjectNode source : List.of(map, config)) {
            source.properties().forEach(e -> readOtherName(e.getKey(), e.getValue()));
        }
        named.putAll(byName);
    }

    /// The flags that the first group gives it.
    private AddedToken known(AddedToken token) {
        return decoder.values().stream()
                .filter(other -> other.content().equals(token.content()))
                .findFirst()
                .orElse(token);
    }

    /// `image_token` and its like.
    private void readOtherName(String name, JsonNode value) {
        boolean isToken = value.isString() || value.has("content");
        if (name.endsWith("_token") && !NAMES.contains(name) && isToken) {
            named.put(name, tokenOrString(name, value));
        }
    }

    /// All of them with the ids that the library gives them: their place in `vocabulary`, or else
    /// the next free one.
    ///
    /// @throws CheckpointException when a file says that one has another id
    Numbered numbered(ObjectNode vocabulary) {
        var ids = new LinkedHashMap<String, Integer>();
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        int next = vocabulary.size();
        for (AddedToken token : inOrder()) {
            JsonNode known = vocabulary.path(token.content());
            int id = known.isInt() ? known.asInt() : next;
            ids.put(token.content(), id);
            json.add(token.json(id));
            next = Math.max(next, id + 1);
        }
        decoder.forEach((id, token) -> requireId(token.content(), id, ids));
        return new Numbered(json, placed("bos_token", ids), placed("eos_token", ids));
    }

    /// `added_tokens` of the tokenizer.json with what the files beside it add and change: ids as
    /// the library gives them, whatever the files say.
    ArrayNode merged() {
        var all = new TreeMap<Integer, JsonNode>();
        Map<String, Integer> ids = base.ids();
        base.added().forEach(token -> all.put(token.path("id").asInt(), token));
        for (AddedToken token : inOrder()) {
            boolean isFirst =
                    decoder.values().stream().anyMatch(t -> t.content().equals(token.content()));
            if (isFirst || !ids.containsKey(token.content())) {
                int next =
                        Math.max(base.vocabulary().size(), all.isEmpty() ? 0 : all.lastKey() + 1);
                int otherwise = base.vocabulary().getOrDefault(token.content(), next);
                int id = ids.getOrDefault(token.content(), otherwise);
                all.put(id, token.json(id));
            }
        }
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        all.values().forEach(json::add);
        return json;
    }

    private List<AddedToken> inOrder() {
        var contents = new HashSet<String>();
        named.values().forEach(token -> contents.add(token.content()));
        var different = new LinkedHashSet<>(named.values());
        different.addAll(extra);
        var later = new LinkedHashMap<String, AddedToken>();
        different.forEach(token -> later.put(token.content(), token));
        var all = new LinkedHashMap<String, AddedToken>();
        decoder.values().forEach(token -> all.put(token.content(), token));
        later.forEach(all::putIfAbsent);
        all.replaceAll((content, t) -> contents.contains(content) ? t.asSpecial() : t);
        all.remove("");
        return List.copyOf(all.values());
    }

    private void requireId(String content, int id, Map<String, Integer> ids) {
        Integer given = ids.get(content);
        if (given == null || given != id) {
            throw damaged(
                    "the added token '%s' is said to have the id %d, but with this vocabulary it gets %s"
                            .formatted(content, id, given));
        }
    }

    private Optional<Placed> placed(String name, Map<String, Integer> ids) {
        return Optional.ofNullable(named.get(name))
                .map(AddedToken::content)
                .filter(ids::containsKey)
                .map(content -> new Placed(content, ids.getOrDefault(content, 0)));
    }

    private AddedToken tokenOrString(String name, JsonNode value) {
        return value.isString() ? AddedToken.special(value.asString()) : token(name, value);
    }

    private AddedToken token(String name, JsonNode value) {
        return AddedToken.of(value).orElseThrow(() -> unreadable(name, value));
    }

    private int id(String number) {
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException _) {
            throw damaged("an added token has the id " + number);
        }
    }

    private CheckpointException unreadable(String name, JsonNode value) {
        return damaged("%s must be a token or a list of tokens, but is %s".formatted(name, value));
    }

    private CheckpointException damaged(String what) {
        return new CheckpointException(
                "%s: with special_tokens_map.json and added_tokens.json beside it: %s; %s"
                        .formatted(
                                file,
                                what,
                                Tokenizers.conversion(file.toAbsolutePath().resolveSibling(""))));
    }
}
