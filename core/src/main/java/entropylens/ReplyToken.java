package entropylens;

import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;

/// A token of a text, and what was measured at the position that predicts it.
///
/// @param id in the vocabulary
/// @param offset where its text begins in the whole, in `char`s
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
        double[] entropy) {
    /// What has to be measured.
    ///
    /// @param alternatives most probable tokens that are kept
    public static ReadoutRequest readout(int alternatives) {
        return ReadoutRequest.ENTROPY.withTopK(alternatives).with(Statistic.NEXT_PROBABILITY);
    }

    /// A first token, which nothing predicts: its probability is NaN, and it has no profile.
    public static ReplyToken unpredicted(int id) {
        return new ReplyToken(id, 0, Double.NaN, new int[0], new double[0], new double[0]);
    }

    /// The same, so much later in the text.
    ///
    /// @param chars before what was the beginning
    public ReplyToken movedBy(int chars) {
        return new ReplyToken(
                id, offset + chars, logProbability, topIds, topLogProbabilities, entropy);
    }

    /// The token that follows a row of a profile of [#readout].
    ///
    /// @param offset where its text begins in the whole
    /// @throws java.util.NoSuchElementException when none follows
    public static ReplyToken after(TextProfile profile, int row, int offset) {
        int id = profile.next(row).orElseThrow();
        int last = profile.layers() - 1;
        double own = Math.log(profile.table(Statistic.NEXT_PROBABILITY)[row][last]);
        int[] topIds = profile.topIds().length == 0 ? new int[0] : profile.topIds()[row][last];
        double[] top = new double[topIds.length];
        for (int i = 0; i < top.length; i++) {
            // the same number in both places; probabilities of the others are kept as floats
            top[i] = topIds[i] == id ? own : Math.log(profile.topProbabilities()[row][last][i]);
        }
        return new ReplyToken(id, offset, own, topIds, top, profile.profile().entropy()[row]);
    }
}
