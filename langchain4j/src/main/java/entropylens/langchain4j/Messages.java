package entropylens.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import entropylens.chat.Chat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Messages of LangChain4j as a model's chat template reads them.
final class Messages {
    private Messages() {}

    /// @throws UnsupportedFeatureException when one is not a text
    @SuppressWarnings("NullAway") // values may be null, which it does not see in Chat's class file
    static Chat chat(List<ChatMessage> messages) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        messages.forEach(message -> all.add(json(message)));
        return new Chat(all, Map.of());
    }

    private static Map<String, @Nullable Object> json(ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> json("system", system.text());
            case UserMessage user -> ofUser(user);
            case AiMessage model -> ofModel(model);
            default ->
                    throw new UnsupportedFeatureException(
                            "messages may be of the system, the user and the model, but one is a "
                                    + message.getClass().getSimpleName());
        };
    }

    private static Map<String, @Nullable Object> ofUser(UserMessage user) {
        if (!user.hasSingleText()) {
            throw new UnsupportedFeatureException(
                    "a user's message must be one text, but has %d contents of which one may be no text"
                            .formatted(user.contents().size()));
        }
        Map<String, @Nullable Object> json = json("user", user.singleText());
        if (user.name() != null) {
            json.put("name", user.name());
        }
        return json;
    }

    private static Map<String, @Nullable Object> ofModel(AiMessage model) {
        if (model.hasToolExecutionRequests() || model.text() == null) {
            throw new UnsupportedFeatureException(
                    "a message of the model must be a text; tools are not supported");
        }
        return json("assistant", model.text());
    }

    private static Map<String, @Nullable Object> json(String role, String content) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("role", role);
        json.put("content", content);
        return json;
    }
}
