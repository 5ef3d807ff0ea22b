package entropylens.web;

import entropylens.EntropyLens;
import entropylens.chat.Chat;
import entropylens.chat.ChatTemplate;
import entropylens.checkpoint.CheckpointException;
import entropylens.family.LoadOptions;
import entropylens.kernels.Device;
import entropylens.model.HeldSessions;
import entropylens.result.ChatPrompt;
import entropylens.result.TokenText;
import entropylens.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;

/// A model that is open: its weights, its tokenizer and chat template, and the sessions of the last
/// few texts.
final class ServedModel implements AutoCloseable {
    private final String name;
    private final EntropyLens lens;
    private final Optional<Tokenizer> tokenizer;
    private final Optional<ChatTemplate> template;
    private final HeldSessions held =
            new HeldSessions(Limits.HELD, Runtime.getRuntime().maxMemory() / Limits.HELD_SHARE);

    private final ServedLenses lenses = new ServedLenses();

    private ServedModel(
            String name,
            EntropyLens lens,
            Optional<Tokenizer> tokenizer,
            Optional<ChatTemplate> template) {
        this.name = name;
        this.lens = lens;
        this.tokenizer = tokenizer;
        this.template = template;
    }

    /// @param name that requests use
    /// @throws CheckpointException when the model cannot be used; one without a readable tokenizer
    ///   or template can, by ids
    @SuppressWarnings("MustBeClosed") // close() closes the lens
    static ServedModel open(
            String name, Path directory, LoadOptions options, int threads, Device device) {
        EntropyLens lens = EntropyLens.open(directory, options, threads, device);
        return new ServedModel(name, lens, tokenizer(lens), template(directory));
    }

    private static Optional<Tokenizer> tokenizer(EntropyLens lens) {
        try {
            return lens.tokenizer();
        } catch (CheckpointException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static Optional<ChatTemplate> template(Path directory) {
        try {
            return ChatTemplate.find(directory);
        } catch (CheckpointException e) {
            return Optional.empty();
        }
    }

    String name() {
        return name;
    }

    EntropyLens lens() {
        return lens;
    }

    /// Beside the logit lens.
    ServedLenses lenses() {
        return lenses;
    }

    HeldSessions held() {
        return held;
    }

    int dVocab() {
        return lens.model().config().dVocab();
    }

    /// Whether it takes text, not only ids.
    boolean hasTokenizer() {
        return tokenizer.isPresent();
    }

    boolean hasChatTemplate() {
        return template.isPresent();
    }

    /// How its tokens read.
    TokenText tokens() {
        return new TokenText(tokenizer);
    }

    /// The tokenizer, where text is given.
    ///
    /// @throws ApiException when there is none
    Tokenizer requireTokenizer() {
        return tokenizer.orElseThrow(() ->
                new ApiException(
                        ApiException.IMPOSSIBLE,
                        "%s has no tokenizer that can be read; give 'token_ids' instead of text"
                                .formatted(name)));
    }

    /// The text that the chat template makes of a conversation.
    ///
    /// @throws ApiException when there is no template, or it makes nothing of this
    ChatPrompt write(Chat chat) {
        ChatTemplate found =
                template.orElseThrow(() ->
                        new ApiException(
                                ApiException.IMPOSSIBLE,
                                "%s has no chat template; give 'prompt' without 'chat'"
                                        .formatted(name)));
        String text = found.render(chat);
        if (text.isEmpty()) {
            throw new ApiException(
                    ApiException.IMPOSSIBLE, "the chat template makes an empty prompt of this");
        }
        return new ChatPrompt(found.place(), found.sha256(), text);
    }

    @Override
    public void close() {
        held.clear();
        lens.close();
    }
}
