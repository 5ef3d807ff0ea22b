package entropylens.web;

import entropylens.chat.Chat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `chat/completions`: the messages of a conversation, written by the model's chat template.
final class OpenAiChatShape implements OpenAiShape {
    private static final String MESSAGES = "messages";
    private static final String CONTENT = "content";
    private static final String NEWER = "max_completion_tokens";
    private static final String OLDER = "max_tokens";
    private static final String ALTERNATIVES = "top_logprobs";

    @Override
    public Set<String> names() {
        return OpenAiFields.names(Set.of(MESSAGES, NEWER, ALTERNATIVES));
    }

    @Override
    public String idPrefix() {
        return "chatcmpl-";
    }

    @Override
    public String object(boolean ofStream) {
        return ofStream ? "chat.completion.chunk" : "chat.completion";
    }

    @Override
    @SuppressWarnings("NullAway") // values may be null, which it does not see in Chat's class file
    public List<int[]> prompts(Fields fields, ServedModel model) {
        List<Map<String, @Nullable Object>> messages = fields.messages(MESSAGES);
        if (messages.isEmpty()) {
            throw ApiException.wrongField(MESSAGES, "'messages' must be given, at least one");
        }
        messages.replaceAll(OpenAiChatShape::plain);
        String text = model.write(new Chat(messages, Map.of())).text();
        Fields.requireShort(MESSAGES, text);
        int[] ids = model.requireTokenizer().encodeWithoutSpecialTokens(text);
        PromptFields.requireUsable(ids, model);
        return List.of(ids);
    }

    /// A message whose content is a text: clients also send it as a list of one part.
    private static Map<String, @Nullable Object> plain(Map<String, @Nullable Object> message) {
        Object content = message.get(CONTENT);
        if (!(content instanceof List<?> parts)) {
            return message;
        }
        if (parts.size() == 1
                && parts.getFirst() instanceof Map<?, ?> part
                && "text".equals(part.get("type"))
                && part.get("text") instanceof String text) {
            Map<String, @Nullable Object> plain = new LinkedHashMap<>(message);
            plain.put(CONTENT, text);
            return plain;
        }
        throw ApiException.wrongField(
                MESSAGES,
                "the 'content' of a message must be a text, or a list of one part of type \"text\"; pictures, sounds and several parts are not served here");
    }

    @Override
    public int tokens(Fields fields, ServedModel model, int longest) {
        if (fields.has(NEWER) && fields.has(OLDER)) {
            throw ApiException.wrongField(
                    OLDER, "'max_tokens' is the old name of 'max_completion_tokens'; give one");
        }
        int room = model.lens().model().config().nCtx() - longest;
        int otherwise = Math.clamp(room, 1, Limits.TOKENS);
        return fields.whole(fields.has(OLDER) ? OLDER : NEWER, otherwise, 1, Limits.TOKENS);
    }

    @Override
    public boolean tokensShown(Fields fields) {
        return fields.flag("logprobs");
    }

    @Override
    public int alternatives(Fields fields) {
        int count = fields.whole(ALTERNATIVES, 0, 0, OpenAiFields.MOST_ALTERNATIVES);
        if (count > 0 && !tokensShown(fields)) {
            throw ApiException.wrongField(
                    ALTERNATIVES, "'top_logprobs' has no effect without 'logprobs': true");
        }
        return count;
    }

    @Override
    public Map<String, @Nullable Object> choice(Part part, String finished) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("role", "assistant");
        message.put(CONTENT, part.text());
        message.put("refusal", null);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("index", part.index());
        json.put("message", message);
        json.put("logprobs", logprobs(part));
        json.put("finish_reason", finished);
        return json;
    }

    private static @Nullable Object logprobs(Part part) {
        return part.shown() ? part.names().ofChat(part.tokens()) : null;
    }

    @Override
    public Optional<Map<String, @Nullable Object>> first(int index) {
        Map<String, @Nullable Object> delta = new LinkedHashMap<>();
        delta.put("role", "assistant");
        delta.put(CONTENT, "");
        return Optional.of(chunk(index, delta, null, null));
    }

    @Override
    public Map<String, @Nullable Object> piece(Part part) {
        Map<String, @Nullable Object> delta = new LinkedHashMap<>();
        delta.put(CONTENT, part.text());
        return chunk(part.index(), delta, logprobs(part), null);
    }

    @Override
    public Map<String, @Nullable Object> last(int index, String finished) {
        return chunk(index, Map.of(), null, finished);
    }

    private static Map<String, @Nullable Object> chunk(
            int index,
            Map<String, ? extends @Nullable Object> delta,
            @Nullable Object logprobs,
            @Nullable String finished) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("index", index);
        json.put("delta", delta);
        json.put("logprobs", logprobs);
        json.put("finish_reason", finished);
        return json;
    }
}
