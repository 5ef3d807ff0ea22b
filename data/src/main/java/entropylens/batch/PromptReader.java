package entropylens.batch;

import entropylens.chat.ChatForm;
import entropylens.checkpoint.CheckpointException;
import entropylens.data.PromptRow;
import entropylens.data.WrittenPrompt;
import entropylens.tokenizer.Tokenizer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Prompts as a model's tokens: as they are, with the special tokens that the tokenizer adds; or
/// written by the model's chat template, which has them.
public final class PromptReader {
    private final Tokenizer tokenizer;
    private final Optional<ChatForm> chat;

    PromptReader(Tokenizer tokenizer, Optional<ChatForm> chat) {
        this.tokenizer = tokenizer;
        this.chat = chat;
    }

    /// A prompt as it is given to a model.
    ///
    /// @param written by a chat template, where one is used
    record Read(int[] ids, int[] answer, @Nullable WrittenPrompt written) {}

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /// What the chat template makes of a row; empty where none is used.
    ///
    /// @throws BatchException when it cannot be rendered; names file and place
    public Optional<String> written(PromptRow row) {
        if (chat.isEmpty()) {
            return Optional.empty();
        }
        try {
            ChatForm form = chat.get();
            return Optional.of(
                    row.chat() == null
                            ? form.write(String.valueOf(row.prompt()))
                            : form.write(row.chat()));
        } catch (CheckpointException e) {
            throw new BatchException(
                    "%s: %s: %s".formatted(row.file(), row.where(), e.getMessage()));
        }
    }

    /// @throws BatchException when the row cannot be rendered; names file and place
    Read read(PromptRow row) {
        if (row.problem() != null) {
            throw new BatchException(row.problem());
        }
        Optional<String> written = written(row);
        String given = written.orElse(String.valueOf(row.prompt()));
        int[] ids = encode(given);
        return new Read(
                ids,
                row.answer() == null
                        ? new int[0]
                        : PromptTokens.answer(this::encode, tokenizer, given, ids, row.answer()),
                written.map(this::writtenPrompt).orElse(null));
    }

    private WrittenPrompt writtenPrompt(String text) {
        ChatForm form = chat.orElseThrow();
        return new WrittenPrompt(form.template().sha256(), form.system(), text);
    }

    private int[] encode(String text) {
        return chat.isPresent()
                ? tokenizer.encodeWithoutSpecialTokens(text)
                : tokenizer.encode(text);
    }
}
