package entropylens;

/// A token that a model wrote, and what was measured at the position that predicts it.
///
/// @param id in the vocabulary
/// @param offset where its text begins in the reply, in `char`s
/// @param logProbability `ln p` of it in the model's own distribution: at temperature 1, with no
///   token left out
/// @param topIds the most probable tokens there, most probable first
/// @param topLogProbabilities theirs
/// @param entropy of the lens distribution of each layer, nats: the token's entropy profile
public record ReplyToken(
        int id,
        int offset,
        double logProbability,
        int[] topIds,
        double[] topLogProbabilities,
        double[] entropy) {}
