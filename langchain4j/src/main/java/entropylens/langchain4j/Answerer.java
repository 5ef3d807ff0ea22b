package entropylens.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import entropylens.EntropyLens;
import entropylens.Reply;
import entropylens.ReplyListener;
import entropylens.ReplyRequest;
import entropylens.ReplyToken;
import entropylens.checkpoint.CheckpointException;
import entropylens.model.HeldSessions;
import entropylens.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Answers requests of LangChain4j with an open model.
final class Answerer {
    /// Conversations that go on from where they were, and the share of the heap that they may take.
    private static final int HELD = 4;

    private static final int HELD_SHARE = 8;

    private final EntropyLens lens;
    private final EntropyLensChatSettings settings;
    private final HeldSessions held =
            new HeldSessions(HELD, Runtime.getRuntime().maxMemory() / HELD_SHARE);

    Answerer(EntropyLens lens, EntropyLensChatSettings settings) {
        this.lens = lens;
        this.settings = settings;
        Parameters.requireSupported(settings.parameters(), name());
    }

    EntropyLensChatSettings settings() {
        return settings;
    }

    private String name() {
        return lens.loaded().directory().getFileName().toString();
    }

    /// @throws InvalidRequestException when the conversation does not fit the model
    /// @throws dev.langchain4j.exception.UnsupportedFeatureException when something is asked for
    ///   that is not done here
    ChatResponse answer(ChatRequest request, ReplyListener listener) {
        Parameters.requireSupported(request.parameters(), name());
        try {
            int[] prompt = lens.encode(Messages.chat(request.messages()));
            int room = lens.model().config().nCtx() - prompt.length;
            ReplyRequest asked =
                    Parameters.reply(request.parameters(), settings, Math.max(1, room));
            return response(prompt.length, lens.reply(prompt, asked, held, listener));
        } catch (CheckpointException | IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        }
    }

    private ChatResponse response(int promptTokens, Reply reply) {
        EntropyLensChatResponseMetadata metadata =
                new EntropyLensChatResponseMetadata.Builder()
                        .id(UUID.randomUUID().toString())
                        .modelName(name())
                        .tokenUsage(new TokenUsage(promptTokens, reply.generated()))
                        .finishReason(
                                reply.ended() == Reply.Ended.TOKENS
                                        ? FinishReason.LENGTH
                                        : FinishReason.STOP)
                        .tokens(tokens(reply.tokens()))
                        .build();
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(reply.text()))
                .metadata(metadata)
                .build();
    }

    private List<ProfiledToken> tokens(List<ReplyToken> tokens) {
        Tokenizer names = lens.tokenizer().orElseThrow();
        List<ProfiledToken> profiled = new ArrayList<>();
        for (ReplyToken token : tokens) {
            List<ProfiledToken.Alternative> others = new ArrayList<>();
            for (int i = 0; i < token.topIds().length; i++) {
                int id = token.topIds()[i];
                others.add(
                        new ProfiledToken.Alternative(
                                text(names, id), id, token.topLogProbabilities()[i]));
            }
            profiled.add(
                    new ProfiledToken(
                            text(names, token.id()),
                            token.id(),
                            token.logProbability(),
                            others,
                            token.entropy()));
        }
        return profiled;
    }

    private static String text(Tokenizer names, int id) {
        return new String(names.bytes(id), StandardCharsets.UTF_8);
    }
}
