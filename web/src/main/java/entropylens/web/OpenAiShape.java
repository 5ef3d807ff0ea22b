package entropylens.web;

import entropylens.ReplyToken;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the two endpoints of OpenAI's API do each in its own way: `completions` goes on from a
/// text, `chat/completions` answers a conversation.
interface OpenAiShape {
    OpenAiShape TEXT = new OpenAiTextShape();
    OpenAiShape CHAT = new OpenAiChatShape();

    /// A place in a text.
    ///
    /// @param chars before it
    /// @param codePoints before it
    record Place(int chars, int codePoints) {
        static final Place BEGIN = new Place(0, 0);

        /// Behind so much text.
        Place after(String text) {
            return new Place(
                    chars + text.length(), codePoints + text.codePointCount(0, text.length()));
        }
    }

    /// A part of a choice, or all of it.
    ///
    /// @param index of the choice
    /// @param text of this part
    /// @param tokens whose text begins in it
    /// @param begin of this part in the choice's text
    /// @param shown whether tokens are shown
    /// @param names how tokens read
    record Part(
            int index,
            String text,
            List<ReplyToken> tokens,
            Place begin,
            boolean shown,
            OpenAiTokens names) {
        /// All parts of a choice; there is at least one.
        static Part joined(List<Part> parts) {
            Part first = parts.getFirst();
            String text = parts.stream().map(Part::text).collect(Collectors.joining());
            List<ReplyToken> tokens = parts.stream().flatMap(part -> part.tokens.stream()).toList();
            return new Part(first.index, text, tokens, first.begin, first.shown, first.names);
        }
    }

    /// Names of fields that a request may have.
    Set<String> names();

    /// What ids of answers begin with.
    String idPrefix();

    /// The kind of an answer, or of a part of a stream.
    String object(boolean ofStream);

    /// At least one prompt.
    ///
    /// @throws ApiException when there is none, or one is not for this model
    List<int[]> prompts(Fields fields, ServedModel model);

    /// Tokens to generate at most.
    ///
    /// @param longest prompt
    int tokens(Fields fields, ServedModel model, int longest);

    /// Whether tokens are shown with their probabilities.
    boolean tokensShown(Fields fields);

    /// How many others are shown beside each.
    int alternatives(Fields fields);

    /// A whole choice.
    Map<String, @Nullable Object> choice(Part part, String finished);

    /// What a choice of a stream begins with.
    Optional<Map<String, @Nullable Object>> first(int index);

    /// A part of a choice, in a stream.
    Map<String, @Nullable Object> piece(Part part);

    /// What a choice of a stream ends with.
    Map<String, @Nullable Object> last(int index, String finished);
}
