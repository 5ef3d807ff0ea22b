package entropylens;

import entropylens.lens.ReadoutRequest;
import entropylens.model.Sampling;
import java.util.List;

/// What is to be written after a prompt.
///
/// @param tokens to generate, fewer where the text ends
/// @param sampling how they are chosen
/// @param stops words before which the text ends; it ends at the model's end tokens, too
/// @param alternatives most probable tokens of each position that are kept, 0 to
///   [ReadoutRequest#MAX_TOP_K]
public record ReplyRequest(int tokens, Sampling sampling, List<String> stops, int alternatives) {
    /// @throws IllegalArgumentException when no token is asked for, or a stop is empty
    public ReplyRequest {
        stops = List.copyOf(stops);
        if (tokens < 1) {
            throw new IllegalArgumentException(
                    "at least one token must be generated, not " + tokens);
        }
        if (stops.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException(
                    "a stop must be some text; an empty one would end every text before it begins");
        }
        if (alternatives < 0 || alternatives > ReadoutRequest.MAX_TOP_K) {
            throw new IllegalArgumentException(
                    "0 to %d alternatives of a token can be kept, not %d"
                            .formatted(ReadoutRequest.MAX_TOP_K, alternatives));
        }
    }

    /// So many tokens, until the model ends the text.
    public static ReplyRequest of(int tokens, Sampling sampling) {
        return new ReplyRequest(tokens, sampling, List.of(), 0);
    }
}
