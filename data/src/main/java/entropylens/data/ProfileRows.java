package entropylens.data;

import entropylens.lens.TextProfile;

/// Everything measured on one text: a row for each of its tokens, points of the stream and layers.
///
/// @param textId names the text, as in its [TextRow]
/// @param embedding whether the first layer of resid_post is the embedding (layer 0)
/// @param lens through what the layers were looked at, as the column `lens` says it
public record ProfileRows(
        String study,
        String model,
        String textId,
        boolean embedding,
        String lens,
        TextProfile measured) {
    /// What the column `lens` says of the logit lens.
    public static final String LOGIT = "logit";

    /// Through the logit lens.
    public ProfileRows(
            String study, String model, String textId, boolean embedding, TextProfile measured) {
        this(study, model, textId, embedding, LOGIT, measured);
    }
}
