package entropylens.web;

import entropylens.chat.Chat;
import entropylens.result.ChatPrompt;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The prompt of a request: a text, ids, or a conversation.
///
/// @param ids at least one
/// @param chat what a chat template made of it, if one did
record PromptFields(int[] ids, Optional<ChatPrompt> chat) {
    static final Set<String> NAMES =
            Set.of("model", "prompt", "chat", "system", "messages", "token_ids");

    /// Of a text alone: the tokenizer adds no special token.
    static final String BARE = "bare";

    /// @throws ApiException when it is not given exactly once, or is not for this model
    static PromptFields read(Fields fields, ServedModel model) {
        int given = 0;
        for (String name : Set.of("prompt", "messages", "token_ids")) {
            given += fields.has(name) ? 1 : 0;
        }
        if (given != 1) {
            throw ApiException.wrong(
                    "exactly one of 'prompt', 'messages' and 'token_ids' must be given, but %d are",
                    given);
        }
        if (fields.has("system") && !fields.flag("chat")) {
            throw ApiException.wrong("'system' is for a prompt with 'chat': true");
        }
        if (fields.flag("chat") && !fields.has("prompt")) {
            throw ApiException.wrong(
                    "'chat': true is for a 'prompt'; 'messages' are a chat already");
        }
        PromptFields prompt = ofGiven(fields, model);
        if (fields.text("prompt").filter(String::isEmpty).isPresent()) {
            throw empty();
        }
        requireUsable(prompt.ids, model);
        return prompt;
    }

    /// @throws ApiException when there are no ids, too many, or others than the model knows
    static void requireUsable(int[] ids, ServedModel model) {
        if (ids.length == 0) {
            throw empty();
        }
        if (ids.length > Limits.PROMPT) {
            throw new ApiException(
                    ApiException.TOO_LARGE,
                    "the prompt may have %,d tokens here, but has %,d"
                            .formatted(Limits.PROMPT, ids.length));
        }
        requireInVocabulary(ids, model);
    }

    private static ApiException empty() {
        return ApiException.wrong(
                "the prompt is empty; give it some text, or a begin token as 'token_ids'");
    }

    private static PromptFields ofGiven(Fields fields, ServedModel model) {
        if (fields.has("token_ids")) {
            return new PromptFields(
                    fields.wholes("token_ids", 0, model.dVocab() - 1), Optional.empty());
        }
        Optional<String> text = fields.text("prompt");
        if (text.isPresent() && !fields.flag("chat")) {
            return new PromptFields(
                    fields.flag(BARE)
                            ? model.requireTokenizer().encodeWithoutSpecialTokens(text.get())
                            : model.requireTokenizer().encode(text.get()),
                    Optional.empty());
        }
        Chat chat = text.isPresent() ? message(text.get(), fields) : conversation(fields);
        ChatPrompt written = model.write(chat);
        return new PromptFields(
                model.requireTokenizer().encodeWithoutSpecialTokens(written.text()),
                Optional.of(written));
    }

    /// What a user says, after the system.
    private static Chat message(String text, Fields fields) {
        return Chat.of(fields.text("system").orElse(null), text);
    }

    /// The ids of a text beside the prompt, read as it is: with `chat` it is a message, too.
    static int[] encode(String text, Fields fields, ServedModel model) {
        return fields.flag("chat")
                ? model.requireTokenizer()
                        .encodeWithoutSpecialTokens(model.write(message(text, fields)).text())
                : model.requireTokenizer().encode(text);
    }

    @SuppressWarnings("NullAway") // values may be null, which it does not see in Chat's class file
    private static Chat conversation(Fields fields) {
        return new Chat(fields.messages("messages"), Map.of());
    }

    /// @throws ApiException when the tokenizer makes an id that the model has not
    static void requireInVocabulary(int[] ids, ServedModel model) {
        for (int id : ids) {
            if (id >= model.dVocab()) {
                throw new ApiException(
                        ApiException.IMPOSSIBLE,
                        "the tokenizer makes token %d of the prompt, but the model's vocabulary is 0..%d"
                                .formatted(id, model.dVocab() - 1));
            }
        }
    }
}
