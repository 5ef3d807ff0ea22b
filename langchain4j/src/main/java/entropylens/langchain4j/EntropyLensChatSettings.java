package entropylens.langchain4j;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import entropylens.lens.ReadoutRequest;
import java.util.List;

/// How a chat model answers where a request does not say.
///
/// @param parameters temperature (0 if null, which is greedy), top-p (1), output tokens (what the
///   context has room for), stop sequences; others are refused
/// @param seed of the random numbers
/// @param alternatives most probable tokens that are kept of each position, 0 to
///   [ReadoutRequest#MAX_TOP_K]
/// @param listeners told by LangChain4j of requests and answers
public record EntropyLensChatSettings(
        ChatRequestParameters parameters,
        long seed,
        int alternatives,
        List<ChatModelListener> listeners) {
    /// Greedy, with no alternatives.
    public static final EntropyLensChatSettings DEFAULT =
            new EntropyLensChatSettings(ChatRequestParameters.builder().build(), 0, 0, List.of());

    /// @throws IllegalArgumentException when so many alternatives cannot be kept
    public EntropyLensChatSettings {
        listeners = List.copyOf(listeners);
        if (alternatives < 0 || alternatives > ReadoutRequest.MAX_TOP_K) {
            throw new IllegalArgumentException(
                    "0 to %d alternatives of a token can be kept, not %d"
                            .formatted(ReadoutRequest.MAX_TOP_K, alternatives));
        }
    }

    /// With other parameters where a request has none.
    public EntropyLensChatSettings parameters(ChatRequestParameters other) {
        return new EntropyLensChatSettings(other, seed, alternatives, listeners);
    }

    /// With other random numbers.
    public EntropyLensChatSettings seed(long other) {
        return new EntropyLensChatSettings(parameters, other, alternatives, listeners);
    }

    /// With so many alternatives of each token.
    public EntropyLensChatSettings alternatives(int count) {
        return new EntropyLensChatSettings(parameters, seed, count, listeners);
    }

    /// With those who are told.
    public EntropyLensChatSettings listeners(List<ChatModelListener> others) {
        return new EntropyLensChatSettings(parameters, seed, alternatives, others);
    }
}
