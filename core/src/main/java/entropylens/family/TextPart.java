package entropylens.family;

import entropylens.checkpoint.ConfigJson;

/// The part of a model that reads text. Models that also see pictures have its configuration in
/// `text_config`, and around it their own.
///
/// @param json what it says of the text part
/// @param tied whether W_U is W_E: what is around the text part decides, as in transformers
record TextPart(ConfigJson json, boolean tied) {
    /// @param tiedWhereAbsent whether W_U is W_E where the configuration around the text part does
    ///   not say it
    /// @param ofPictures keys around it that say nothing about text
    static TextPart of(ConfigJson json, boolean tiedWhereAbsent, String... ofPictures) {
        ConfigJson text = json.object("text_config").orElse(json);
        if (text == json) {
            return new TextPart(json, json.boolOr("tie_word_embeddings", false));
        }
        CommonKeys.withoutEffect(json);
        json.withoutEffect(ofPictures);
        json.withoutEffect("vision_config");
        text.withoutEffect("tie_word_embeddings");
        return new TextPart(text, json.boolOr("tie_word_embeddings", tiedWhereAbsent));
    }
}
