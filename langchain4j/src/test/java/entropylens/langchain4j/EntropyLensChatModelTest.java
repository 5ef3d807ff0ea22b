package entropylens.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import entropylens.EntropyLens;
import entropylens.chat.Chat;
import entropylens.family.LoadOptions;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.model.Sampling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With LangChain4j itself.
class EntropyLensChatModelTest {
    private static final String QUESTION = "Write a poem about the baker.";

    private static EntropyLens lens;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        lens = EntropyLens.open(TownChat.in(folder), LoadOptions.NONE, 1);
    }

    @AfterAll
    static void close() {
        lens.close();
    }

    private static ChatRequest.Builder question() {
        return ChatRequest.builder().messages(UserMessage.from(QUESTION));
    }

    private static EntropyLensChatResponseMetadata measured(ChatResponse response) {
        return (EntropyLensChatResponseMetadata) response.metadata();
    }

    @Test
    void anAnswerHasTheTextProbabilitiesAndProfilesOfAProfile() {
        ChatModel model =
                new EntropyLensChatModel(
                        lens, EntropyLensChatSettings.DEFAULT.seed(5).alternatives(2));
        ChatResponse response =
                model.chat(question().temperature(0.8).topP(0.9).maxOutputTokens(9).build());
        TextProfile expected =
                lens.profile(
                        Chat.of(null, QUESTION),
                        ask ->
                                ask.tokens(9)
                                        .sampling(new Sampling(0.8, 0.9, 5))
                                        .topK(2)
                                        .with(Statistic.NEXT_PROBABILITY));
        assertThat(response.aiMessage().text())
                .isEqualTo(lens.tokenizer().orElseThrow().decode(expected.generatedIds()));
        EntropyLensChatResponseMetadata metadata = measured(response);
        double sum = 0;
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < 9; row++) {
            ProfiledToken token = metadata.tokens().get(row);
            double logProbability = Math.log(expected.table(Statistic.NEXT_PROBABILITY)[row][3]);
            sum += logProbability;
            text.append(token.text());
            assertThat(token.id()).isEqualTo(expected.generatedIds()[row]);
            assertThat(token.logProbability()).isEqualTo(logProbability);
            assertThat(token.entropyProfile()).isEqualTo(expected.profile().entropy()[row]);
            assertThat(token.alternatives().stream().mapToInt(ProfiledToken.Alternative::id))
                    .containsExactly(expected.topIds()[row][3][0], expected.topIds()[row][3][1]);
        }
        assertThat(text.toString()).isEqualTo(response.aiMessage().text());
        assertThat(metadata.logProbability()).isEqualTo(sum);
        assertThat(metadata.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(metadata.modelName()).isEqualTo("town-chat");
        assertThat(metadata.tokenUsage().inputTokenCount())
                .isEqualTo(lens.encode(Chat.of(null, QUESTION)).length);
        assertThat(metadata.tokenUsage().outputTokenCount()).isEqualTo(9);
    }

    @Test
    void withoutParametersTheModelEndsItsTextGreedily() {
        ChatModel model = new EntropyLensChatModel(lens);
        ChatResponse response = model.chat(UserMessage.from(QUESTION));
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(model.chat(QUESTION)).isEqualTo(response.aiMessage().text());
        assertThat(response.tokenUsage().outputTokenCount())
                .isEqualTo(measured(response).tokens().size() + 1);
    }

    @Test
    void aConversationIsWrittenByTheTemplate() {
        ChatModel model = new EntropyLensChatModel(lens);
        ChatResponse response =
                model.chat(
                        ChatRequest.builder()
                                .messages(
                                        SystemMessage.from("Be brief."),
                                        UserMessage.from("The baker"),
                                        AiMessage.from("sings."),
                                        UserMessage.from("And the dog?"))
                                .maxOutputTokens(5)
                                .build());
        Chat chat =
                Chat.of("Be brief.", "The baker")
                        .and("assistant", "sings.")
                        .and("user", "And the dog?");
        assertThat(measured(response).tokens().stream().mapToInt(ProfiledToken::id))
                .containsExactlyElementsOf(
                        java.util.Arrays.stream(
                                        lens.profile(chat, ask -> ask.tokens(5)).generatedIds())
                                .boxed()
                                .toList());
    }

    @Test
    void aStopSequenceEndsItAndDefaultsAreTaken() {
        String whole = new EntropyLensChatModel(lens).chat(QUESTION);
        String stop = whole.substring(20, 24);
        ChatModel model =
                new EntropyLensChatModel(
                        lens,
                        EntropyLensChatSettings.DEFAULT.parameters(
                                ChatRequestParameters.builder().stopSequences(stop).build()));
        ChatResponse response = model.chat(UserMessage.from(QUESTION));
        assertThat(response.aiMessage().text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void listenersAreToldOfTheMeasurement() {
        List<ChatResponse> told = new ArrayList<>();
        ChatModelListener listener =
                new ChatModelListener() {
                    @Override
                    public void onResponse(ChatModelResponseContext context) {
                        told.add(context.chatResponse());
                    }
                };
        ChatModel model =
                new EntropyLensChatModel(
                        lens, EntropyLensChatSettings.DEFAULT.listeners(List.of(listener)));
        ChatResponse response = model.chat(question().maxOutputTokens(3).build());
        assertThat(told).hasSize(1);
        assertThat(measured(told.getFirst()).tokens()).isEqualTo(measured(response).tokens());
    }

    @Test
    void metadataIsCopiedWithItsTokens() {
        ChatResponse response =
                new EntropyLensChatModel(lens).chat(question().maxOutputTokens(3).build());
        assertThat(measured(response).toBuilder().build()).isEqualTo(response.metadata());
        assertThat(measured(response).toBuilder().tokens(List.of()).build())
                .isNotEqualTo(response.metadata());
    }

    private static void assertUnsupported(String words, Consumer<ChatRequest.Builder> asks) {
        ChatRequest.Builder request = question();
        asks.accept(request);
        assertThatThrownBy(() -> new EntropyLensChatModel(lens).chat(request.build()))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining(words);
    }

    @Test
    void whatIsNotDoneIsRefusedByName() {
        assertUnsupported("topK is not supported, but is 5", request -> request.topK(5));
        assertUnsupported(
                "frequencyPenalty is not supported", request -> request.frequencyPenalty(0.5));
        assertUnsupported(
                "presencePenalty is not supported", request -> request.presencePenalty(1.0));
        assertUnsupported(
                "toolSpecifications",
                request ->
                        request.toolSpecifications(ToolSpecification.builder().name("f").build()));
        assertUnsupported(
                "responseFormat is not supported, but is JSON",
                request -> request.responseFormat(ResponseFormat.JSON));
        assertUnsupported("modelName is 'gpt-5'", request -> request.modelName("gpt-5"));
        assertUnsupported(
                "a user's message must be one text",
                request ->
                        request.messages(
                                UserMessage.from(ImageContent.from("https://a.test/b.png"))));
        assertUnsupported(
                "one is a ToolExecutionResultMessage",
                request -> request.messages(ToolExecutionResultMessage.from("1", "f", "2")));
        assertThatThrownBy(() ->
                        new EntropyLensChatModel(lens)
                                .chat(question().maxOutputTokens(5000).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("exceed the model's context of 256");
    }

    @Test
    void aBaseModelHasNoChat() {
        try (EntropyLens base = EntropyLens.open(TownChat.TOWN, LoadOptions.NONE, 1)) {
            assertThatThrownBy(() -> new EntropyLensChatModel(base).chat(QUESTION))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("has no chat template");
        }
    }

    /// What a streaming model tells.
    private static final class Told implements StreamingChatResponseHandler {
        private final List<String> pieces = new ArrayList<>();
        private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();
        private final int cancelAfter;

        Told(int cancelAfter) {
            this.cancelAfter = cancelAfter;
        }

        @Override
        public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            pieces.add(piece.text());
            if (pieces.size() == cancelAfter) {
                context.streamingHandle().cancel();
                end.complete(null);
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            end.completeExceptionally(error);
        }
    }

    @Test
    void aStreamTellsTheSamePieceByPiece() throws Exception {
        ChatRequest request = question().maxOutputTokens(12).build();
        Told told = new Told(-1);
        new EntropyLensStreamingChatModel(lens).chat(request, told);
        ChatResponse streamed = told.end.get(60, TimeUnit.SECONDS);
        ChatResponse whole = new EntropyLensChatModel(lens).chat(request);
        assertThat(told.pieces).hasSizeGreaterThan(8);
        assertThat(String.join("", told.pieces)).isEqualTo(whole.aiMessage().text());
        assertThat(streamed.aiMessage()).isEqualTo(whole.aiMessage());
        assertThat(measured(streamed).logProbability()).isEqualTo(measured(whole).logProbability());
    }

    @Test
    void cancellingAStreamStopsTheWork() throws Exception {
        Told told = new Told(3);
        new EntropyLensStreamingChatModel(lens).chat(question().build(), told);
        told.end.get(60, TimeUnit.SECONDS);
        Thread.sleep(300); // in which the rest of the text would be told
        assertThat(told.pieces).hasSize(3);
    }

    @Test
    void aStreamIsToldOfFailures() throws Exception {
        Told told = new Told(-1);
        new EntropyLensStreamingChatModel(lens)
                .chat(question().maxOutputTokens(5000).build(), told);
        assertThatThrownBy(() -> told.end.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InvalidRequestException.class);
    }
}
