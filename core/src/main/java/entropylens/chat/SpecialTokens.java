package entropylens.chat;

import entropylens.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The special tokens that a template is given by name (transformers' `special_tokens_map`).
final class SpecialTokens {
    private static final String MAP = "special_tokens_map.json";
    private static final List<String> NAMES =
            List.of(
                    "bos_token",
                    "eos_token",
                    "unk_token",
                    "sep_token",
                    "pad_token",
                    "cls_token",
                    "mask_token");

    /// Names that a model adds, such as `image_token`.
    private static final List<String> MORE =
            List.of("extra_special_tokens", "model_specific_special_tokens");

    /// Tokenizers that have no tokens but those they are given; others have some by themselves.
    private static final Set<String> PLAIN =
            Set.of("", "PreTrainedTokenizerFast", "PreTrainedTokenizer", "TokenizersBackend");

    private SpecialTokens() {}

    /// @param names that the template reads
    /// @throws CheckpointException when one of them is not known
    static Map<String, String> read(Path directory, ObjectNode config, Set<String> names) {
        Path file = directory.resolve(TemplateFiles.CONFIG);
        ObjectNode all = config.deepCopy();
        if (!config.has("added_tokens_decoder")) { // as older versions saved them
            all.setAll(TemplateFiles.json(directory.resolve(MAP)));
        }
        Map<String, String> tokens = new LinkedHashMap<>();
        for (String name : NAMES) {
            put(tokens, name, all.path(name), file);
            if (!all.has(name) && names.contains(name) && !isPlain(config)) {
                throw new CheckpointException(
                        "%s: does not say what %s is, which the chat template reads; add it as the tokenizer has it"
                                .formatted(file, name));
            }
        }
        for (String more : MORE) {
            if (all.path(more) instanceof ObjectNode object) {
                object.forEachEntry((name, token) -> put(tokens, name, token, file));
            }
        }
        return tokens;
    }

    private static boolean isPlain(ObjectNode config) {
        return PLAIN.contains(config.path("tokenizer_class").asString(""));
    }

    private static void put(Map<String, String> tokens, String name, JsonNode token, Path file) {
        JsonNode text = token.isObject() ? token.path("content") : token;
        if (text.isString()) {
            tokens.put(name, text.asString());
        } else if (!text.isMissingNode() && !text.isNull()) {
            throw new CheckpointException(
                    "%s: %s must be a text, but is %s; download the file again"
                            .formatted(file, name, token));
        }
    }
}
