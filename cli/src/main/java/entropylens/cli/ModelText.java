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

    ModelText(Path directory) {
        this.directory = directory;
        this.tokenizer = Tokenizers.find(directory).orElse(null);
    }

    /// One more than the highest id, where there is a tokenizer.
    OptionalInt size() {
        return tokenizer == null ? OptionalInt.empty() : OptionalInt.of(tokenizer.size());
    }

    int[] encode(String text) {
        if (tokenizer == null) {
            throw new CliException(
                    "%s; text cannot be turned into tokens without it, but ids can be given: --token-ids 1,2,3"
                            .formatted(whyNot()));
        }
        return tokenizer.encode(text);
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
