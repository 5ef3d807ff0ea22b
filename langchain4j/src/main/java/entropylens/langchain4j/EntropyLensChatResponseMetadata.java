package entropylens.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.util.List;

/// What LangChain4j says of an answer, and its tokens with their probabilities and profiles.
public final class EntropyLensChatResponseMetadata extends ChatResponseMetadata {
    private final List<ProfiledToken> tokens;

    private EntropyLensChatResponseMetadata(Builder builder) {
        super(builder);
        tokens = builder.tokens;
    }

    /// The tokens of the answer's text. An end token, and those of a stop sequence, are counted in
    /// the usage, but are not here.
    public List<ProfiledToken> tokens() {
        return tokens;
    }

    /// `ln p` of the answer: the sum over its tokens.
    public double logProbability() {
        return tokens.stream().mapToDouble(ProfiledToken::logProbability).sum();
    }

    @Override
    public Builder toBuilder() {
        return ((Builder) toBuilder(new Builder())).tokens(tokens);
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof EntropyLensChatResponseMetadata that
                && tokens.equals(that.tokens);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + tokens.hashCode();
    }

    /// Puts one together, as LangChain4j does where it adds to a response.
    public static final class Builder extends ChatResponseMetadata.Builder<Builder> {
        private List<ProfiledToken> tokens = List.of();

        /// Those of the answer's text.
        public Builder tokens(List<ProfiledToken> all) {
            tokens = List.copyOf(all);
            return this;
        }

        @Override
        public EntropyLensChatResponseMetadata build() {
            return new EntropyLensChatResponseMetadata(this);
        }
    }
}
