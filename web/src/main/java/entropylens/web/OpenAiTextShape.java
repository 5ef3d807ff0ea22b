package entropylens.web;

import entropylens.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `completions`: one prompt or several, each a text or its ids.
final class OpenAiTextShape implements OpenAiShape {
    private static final String PROMPT = "prompt";
    private static final int DEFAULT_TOKENS = 16;

    @Override
    public Set<String> names() {
        return OpenAiFields.names(Set.of(PROMPT, "echo"));
    }

    @Override
    public String idPrefix() {
        return "cmpl-";
    }

    @Override
    public String object(boolean ofStream) {
        return "text_completion";
    }

    @Override
    public List<int[]> prompts(Fields fields, ServedModel model) {
        if (!fields.has(PROMPT)) {
            throw ApiException.wrongField(
                    PROMPT, "'prompt' must be given: a text, a list of ids, or a list of these");
        }
        JsonNode given = fields.value(PROMPT);
        List<JsonNode> each =
                given.isArray() && !given.path(0).isNumber()
                        ? List.copyOf(given.values())
                        : List.of(given);
        if (each.isEmpty() || each.size() > Limits.SAMPLES) {
            throw fields.wrong(PROMPT, "1 to %d prompts".formatted(Limits.SAMPLES));
        }
        List<int[]> prompts = new ArrayList<>();
        for (JsonNode one : each) {
            int[] ids = ids(one, fields, model);
            PromptFields.requireUsable(ids, model);
            prompts.add(ids);
        }
        return prompts;
    }

    private static int[] ids(JsonNode one, Fields fields, ServedModel model) {
        Tokenizer tokenizer = model.requireTokenizer();
        if (one.isString()) {
            Fields.requireShort(PROMPT, one.asString());
            return one.asString().isEmpty() ? new int[0] : tokenizer.encode(one.asString());
        }
        if (!one.isArray()) {
            throw fields.wrong(PROMPT, "a text, a list of ids, or a list of these");
        }
        return Fields.wholes(PROMPT, one, 0, model.dVocab() - 1);
    }

    @Override
    public int tokens(Fields fields, ServedModel model, int longest) {
        int least = fields.flag("echo") ? 0 : 1;
        return fields.whole("max_tokens", DEFAULT_TOKENS, least, Limits.TOKENS);
    }

    @Override
    public boolean tokensShown(Fields fields) {
        return fields.has("logprobs");
    }

    @Override
    public int alternatives(Fields fields) {
        return fields.whole("logprobs", 0, 0, OpenAiFields.MOST_ALTERNATIVES);
    }

    @Override
    public Map<String, @Nullable Object> choice(Part part, String finished) {
        Map<String, @Nullable Object> json = piece(part);
        json.put("finish_reason", finished);
        return json;
    }

    @Override
    public Optional<Map<String, @Nullable Object>> first(int index) {
        return Optional.empty();
    }

    @Override
    public Map<String, @Nullable Object> piece(Part part) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("index", part.index());
        json.put("text", part.text());
        json.put("logprobs", part.shown() ? part.names().ofText(part) : null);
        json.put("finish_reason", null);
        return json;
    }

    @Override
    public Map<String, @Nullable Object> last(int index, String finished) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("index", index);
        json.put("text", "");
        json.put("logprobs", null);
        json.put("finish_reason", finished);
        return json;
    }
}
