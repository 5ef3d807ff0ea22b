package entropylens.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import entropylens.EntropyLens;
import java.util.List;
import java.util.concurrent.CancellationException;

/// The same as [EntropyLensChatModel], told piece by piece while it is written, by a thread of its
/// own. Cancelling the handle of a partial response stops the work; nothing is told any more then.
public final class EntropyLensStreamingChatModel implements StreamingChatModel {
    private final Answerer answerer;

    public EntropyLensStreamingChatModel(EntropyLens lens) {
        this(lens, EntropyLensChatSettings.DEFAULT);
    }

    /// @throws dev.langchain4j.exception.UnsupportedFeatureException when its settings ask for
    ///   something that is not done here
    public EntropyLensStreamingChatModel(EntropyLens lens, EntropyLensChatSettings settings) {
        answerer = new Answerer(lens, settings);
    }

    /// Whether somebody wants no more of it.
    private static final class Handle implements StreamingHandle {
        private volatile boolean cancelled;

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    /// To be called by LangChain4j, which adds the settings' parameters.
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        Thread.ofVirtual().name("entropy-lens-chat").start(() -> answer(request, handler));
    }

    private void answer(ChatRequest request, StreamingChatResponseHandler handler) {
        Handle handle = new Handle();
        ChatResponse response;
        try {
            response = answerer.answer(request, (text, _) -> tell(text, handler, handle));
        } catch (CancellationException cancelled) {
            return;
        } catch (RuntimeException | Error e) {
            handler.onError(e);
            return;
        }
        handler.onCompleteResponse(response);
    }

    private static void tell(String text, StreamingChatResponseHandler handler, Handle handle) {
        if (!text.isEmpty()) {
            handler.onPartialResponse(
                    new PartialResponse(text), new PartialResponseContext(handle));
        }
        if (handle.isCancelled()) {
            throw new CancellationException();
        }
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
