package entropylens.data;

import entropylens.lens.TextProfile;

/// Everything measured on one text: a row for each of its tokens, points of the stream and layers.
///
/// @param textId names the text, as in its [TextRow]
/// @param embedding whether the first layer of resid_post is the embedding (layer 0)
public record ProfileRows(
        String study, String model, String textId, boolean embedding, TextProfile measured) {}
