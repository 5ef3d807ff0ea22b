package entropylens.result;

/// A prompt that a chat template made.
///
/// @param template where the template is: a file beside the weights, or a key of a GGUF file
/// @param sha256 of the template's text
/// @param text that was encoded, without adding special tokens: the template writes them
public record ChatPrompt(String template, String sha256, String text) {}
