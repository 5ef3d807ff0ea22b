package entropylens.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import entropylens.EntropyLens;
import entropylens.ReplyListener;
import java.util.List;

/// An open model as LangChain4j's `ChatModel`. The metadata of its answers is an
/// [EntropyLensChatResponseMetadata]: every token with its log probability and entropy profile.
///
/// ```
/// try (var lens = EntropyLens.open("Qwen/Qwen3-0.6B")) {
///     ChatModel model = new EntropyLensChatModel(lens);
///     ChatResponse answer = model.chat(UserMessage.from("Name a river."));
///     var measured = (EntropyLensChatResponseMetadata) answer.metadata();
///     measured.tokens().forEach(token -> System.out.println(token.text() + token.logProbability()));
/// }
/// ```
///
/// Conversations are written by the model's chat template. What it cannot do, tools and other
/// formats among it, is refused by name. Any number of threads may ask; a conversation that goes on
/// is not computed again. It does not close the [EntropyLens].
public final class EntropyLensChatModel implements ChatModel {
    private final Answerer answerer;

    public EntropyLensChatModel(EntropyLens lens) {
        this(lens, EntropyLensChatSettings.DEFAULT);
    }

    /// @throws dev.langchain4j.exception.UnsupportedFeatureException when its settings ask for
    ///   something that is not done here
    public EntropyLensChatModel(EntropyLens lens, EntropyLensChatSettings settings) {
        answerer = new Answerer(lens, settings);
    }

    /// To be called by LangChain4j, which adds the settings' parameters.
    @Override
    public ChatResponse doChat(ChatRequest request) {
        return answerer.answer(request, ReplyListener.NONE);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return answerer.settings().parameters();
    }

    @Override
    public List<ChatModelListener> listeners() {
        return answerer.settings().listeners();
    }
}
