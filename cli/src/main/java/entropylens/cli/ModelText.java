package entropylens.cli;

import entropylens.checkpoint.CheckpointException;
import entropylens.result.TokenText;
import entropylens.tokenizer.Tokenizer;
import entropylens.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Text into a model's tokens, and out of them.
final class ModelText {
    private final Path directory;
    private final @Nullable Tokenizer tokenizer;
    private final @Nullable CheckpointException unreadable;

    private ModelText(
            Path directory,
            @Nullable Tokenizer tokenizer,
            @Nullable CheckpointException unreadable) {
        this.directory = directory;
        this.tokenizer = tokenizer;
        this.unreadable = unreadable;
    }

    /// @throws CheckpointException when there is a tokenizer that cannot be used
    ModelText(Path directory) {
        this(directory, Tokenizers.find(directory).orElse(null), null);
    }

    /// The same for who can do without text: a tokenizer that cannot be used is noted.
    static ModelText orIds(Path directory) {
        try {
            return new ModelText(directory);
        } catch (CheckpointException | IllegalStateException e) {
            return new ModelText(directory, null, new CheckpointException(e.getMessage() + "", e));
        }
    }

    /// Why there are only ids, where there is a tokenizer.
    Optional<String> note() {
        return Optional.ofNullable(unreadable)
                .map(e -> e.getMessage() + "; tokens are shown by their ids");
    }

    /// One more than the highest id, where there is a tokenizer.
    OptionalInt size() {
        return tokenizer == null ? OptionalInt.empty() : OptionalInt.of(tokenizer.size());
    }

    int[] encode(String text) {
        return required().encode(text);
    }

    /// Of a text that has its special tokens.
    int[] encodeWithoutSpecialTokens(String text) {
        return required().encodeWithoutSpecialTokens(text);
    }

    private Tokenizer required() {
        if (unreadable != null) {
            throw unreadable;
        }
        if (tokenizer == null) {
            throw new CliException(
                    "%s; text cannot be turned into tokens without it, but ids can be given: --token-ids 1,2,3"
                            .formatted(whyNot()));
        }
        return tokenizer;
    }

    private String whyNot() {
        try {
            Tokenizers.open(directory);
        } catch (CheckpointException e) {
            return String.valueOf(e.getMessage());
        }
        return directory + ": the tokenizer has just appeared; try again";
    }

    /// How the tokens read.
    TokenText tokens() {
        return new TokenText(Optional.ofNullable(tokenizer));
    }
}
