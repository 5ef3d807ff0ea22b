package entropylens.langchain4j;

import java.util.List;

/// A token of an answer, with what was measured at the position that predicts it.
///
/// @param text of it; U+FFFD for bytes that are no whole character
/// @param id in the vocabulary
/// @param logProbability `ln p` in the model's own distribution: at temperature 1, with no token
///   left out
/// @param alternatives the most probable tokens there, most probable first
/// @param entropyProfile entropy of every layer, first to last, nats
public record ProfiledToken(
        String text,
        int id,
        double logProbability,
        List<Alternative> alternatives,
        double[] entropyProfile) {
    /// A token that the model might have written.
    ///
    /// @param logProbability likewise
    public record Alternative(String text, int id, double logProbability) {}

    public ProfiledToken {
        alternatives = List.copyOf(alternatives);
    }
}
