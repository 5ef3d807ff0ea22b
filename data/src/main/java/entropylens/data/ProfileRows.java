package entropylens.data;

import entropylens.lens.ReadoutRequest;
import entropylens.lens.TextProfile;
import java.util.Optional;

/// Everything measured on one text: a row for each of its tokens and layers.
///
/// @param textId names the text, as in its [TextRow]
/// @param asked what the readouts were asked for
/// @param embedding whether the first layer measured is the embedding (layer 0)
/// @param overlap of the top-p sets of neighbouring layers, where compared
public record ProfileRows(
        String study,
        String model,
        String textId,
        ReadoutRequest asked,
        boolean embedding,
        TextProfile measured,
        Optional<Overlap> overlap) {

    /// How much the top-p sets of neighbouring layers share. NaN where there is no layer before.
    ///
    /// @param jaccard `[p][token · layers + layer]`, in the order of the request's top-p sets
    /// @param containment likewise
    public record Overlap(double[][] jaccard, double[][] containment) {}
}
