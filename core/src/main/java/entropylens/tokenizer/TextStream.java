package entropylens.tokenizer;

/// Decodes one sequence of ids as it grows. All pieces together are what [Tokenizer#decode] makes
/// of all ids. The work for a token depends on that token alone. Not safe for use by several
/// threads.
public interface TextStream {

    /// Takes the next id and returns the text that became final with it: often all of the token's,
    /// nothing for a special token or an incomplete character.
    ///
    /// @throws IllegalArgumentException when `id` is not in the vocabulary; the stream is as before
    /// @throws IllegalStateException after [#end]
    String add(int id);

    /// Ends the stream and returns what was held back: U+FFFD if a character stayed incomplete.
    String end();
}
