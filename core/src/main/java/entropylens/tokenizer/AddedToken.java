package entropylens.tokenizer;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A token that is found in text before anything else is, and how: `AddedToken` of the tokenizers
/// library.
record AddedToken(
        String content,
        boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized,
        boolean special) {

    /// What the library makes of a plain string that is to be special.
    static AddedToken special(String content) {
        return new AddedToken(content, false, false, false, false, true);
    }

    /// Of a JSON object with these fields; empty if it has no content.
    static Optional<AddedToken> of(JsonNode json) {
        boolean special = json.path("special").asBoolean(false);
        return json.path("content").isString()
                ? Optional.of(
                        new AddedToken(
                                json.path("content").asString(),
                                json.path("single_word").asBoolean(false),
                                json.path("lstrip").asBoolean(false),
                                json.path("rstrip").asBoolean(false),
                                json.path("normalized").asBoolean(!special),
                                special))
                : Optional.empty();
    }

    /// The same one, left out of decoded text.
    AddedToken asSpecial() {
        return new AddedToken(content, singleWord, lstrip, rstrip, normalized, true);
    }

    /// Its entry in a tokenizer.json.
    ObjectNode json(int id) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("content", content)
                .put("single_word", singleWord)
                .put("lstrip", lstrip)
                .put("rstrip", rstrip)
                .put("normalized", normalized)
                .put("special", special);
    }
}
