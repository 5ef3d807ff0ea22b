package entropylens.result;

import entropylens.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a model's tokens read. A model without a tokenizer still shows its ids.
public final class TokenText {
    private final @Nullable Tokenizer tokenizer;

    /// @param tokenizer the model's, if it has one
    public TokenText(Optional<Tokenizer> tokenizer) {
        this.tokenizer = tokenizer.orElse(null);
    }

    /// The text of some ids, or null without a tokenizer. Ids that the tokenizer does not know
    /// (padding of the embedding table) are left out.
    public @Nullable String decode(int[] ids) {
        Tokenizer known = tokenizer;
        return known == null
                ? null
                : known.decode(Arrays.stream(ids).filter(known::contains).toArray());
    }

    /// How one token looks by itself.
    public String token(int id) {
        return tokenizer == null ? "#" + id : tokenizer.token(id);
    }
}
