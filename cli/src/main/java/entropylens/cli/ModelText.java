package entropylens.cli;

import entropylens.tokenizer.Tokenizer;
import entropylens.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Text in and out of a model's tokens. A model without a tokenizer still shows its ids.
final class ModelText {
    private final Path file;
    private final @Nullable Tokenizer tokenizer;

    ModelText(Path directory) {
        this.file = directory.resolve("tokenizer.json");
        this.tokenizer = Tokenizers.find(directory).orElse(null);
    }

    /// One more than the highest id, where there is a tokenizer.
    OptionalInt size() {
        return tokenizer == null ? OptionalInt.empty() : OptionalInt.of(tokenizer.size());
    }

    int[] encode(String text) {
        if (tokenizer == null) {
            throw new CliException(
                    "%s does not exist, so text cannot be turned into tokens; add the model's tokenizer.json, or give ids with --token-ids 1,2,3"
                            .formatted(file));
        }
        return tokenizer.encode(text);
    }

    /// The text of some ids, or null without a tokenizer. Ids that the tokenizer does not know
    /// (padding of the embedding table) are left out.
    @Nullable String decode(int[] ids) {
        Tokenizer known = tokenizer;
        return known == null
                ? null
                : known.decode(Arrays.stream(ids).filter(known::contains).toArray());
    }

    /// How one token looks in a table.
    String token(int id) {
        return tokenizer == null ? "#" + id : tokenizer.token(id);
    }
}
