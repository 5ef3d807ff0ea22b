package entropylens.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import entropylens.ReplyRequest;
import entropylens.model.Sampling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Parameters of LangChain4j in our terms.
final class Parameters {
    private Parameters() {}

    /// What is ignored without a word gives an answer that nobody asked for.
    ///
    /// @param model its name
    /// @throws UnsupportedFeatureException that names what is not done here
    static void requireSupported(ChatRequestParameters parameters, String model) {
        if (parameters.topK() != null) {
            throw unsupported("topK", parameters.topK());
        }
        requireNone("frequencyPenalty", parameters.frequencyPenalty());
        requireNone("presencePenalty", parameters.presencePenalty());
        if (!orNone(parameters.toolSpecifications()).isEmpty()) {
            throw unsupported("toolSpecifications", parameters.toolSpecifications());
        }
        if (parameters.toolChoice() == ToolChoice.REQUIRED) {
            throw unsupported("toolChoice", ToolChoice.REQUIRED);
        }
        if (parameters.responseFormat() != null
                && parameters.responseFormat().type() != ResponseFormatType.TEXT) {
            throw unsupported("responseFormat", parameters.responseFormat().type());
        }
        if (parameters.modelName() != null && !parameters.modelName().equals(model)) {
            throw new UnsupportedFeatureException(
                    "modelName is '%s', but the model that is open is '%s'; leave it out, or open the other"
                            .formatted(parameters.modelName(), model));
        }
    }

    private static void requireNone(String name, @Nullable Double penalty) {
        if (penalty != null && penalty != 0) {
            throw unsupported(name, penalty);
        }
    }

    private static UnsupportedFeatureException unsupported(String name, Object value) {
        return new UnsupportedFeatureException(
                "%s is not supported, but is %s; leave it out".formatted(name, value));
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    /// @param room tokens that the context still has
    /// @throws IllegalArgumentException when a value makes no sense
    static ReplyRequest reply(
            ChatRequestParameters parameters, EntropyLensChatSettings settings, int room) {
        Double temperature = parameters.temperature();
        Double topP = parameters.topP();
        Integer tokens = parameters.maxOutputTokens();
        return new ReplyRequest(
                tokens == null ? room : tokens,
                new Sampling(
                        temperature == null ? 0 : temperature,
                        topP == null ? 1 : topP,
                        settings.seed()),
                orNone(parameters.stopSequences()),
                settings.alternatives());
    }
}
